"""Which passwords are refused: those that leaked lists hold, and those that look like one or like their owner.

Nothing is asked outside. Django's list of 20,000 and `data/common_passwords_vi.txt` ship with the product; a password is
read without accents and in its usual disguises (`M@tKh4u!2024`), and what is left of it once known words, names, the city,
1022, years and runs of keys are taken away must be long enough by itself.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tongdai.directory.city import the_city
from tongdai.language.text import fold

from ..models import User

SHORTEST = 10
OURS = Path(__file__).parent.parent / "data" / "common_passwords_vi.txt"
DISGUISES = str.maketrans("0134578@$!|+", "oieastbasilt")
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
# How much of a password is its owner's own: one word off a list, one letter, one digit; and how much is asked for.
A_WORD, A_LETTER, A_DIGIT, ENOUGH = 1.0, 0.5, 0.25, 3.0


class NotGuessable:
    """Django's validator (settings.AUTH_PASSWORD_VALIDATORS)."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError with what to do instead."""
        if is_guessable(password, about=words_about(user if isinstance(user, User) else None)):
            raise ValidationError(
                _(
                    "Mật khẩu này dễ đoán: nó giống tên bạn, tên thành phố, số 1022 hay một mật khẩu đã bị lộ. "
                    "Hãy ghép vài từ không liên quan nhau."
                ),
                code="guessable",
            )

    def get_help_text(self) -> str:
        return _("Ít nhất mười ký tự. Một câu ngắn dễ nhớ hơn một chuỗi lạ.")


def is_guessable(password: str, *, about: frozenset[str] = frozenset()) -> bool:
    """Whether a stranger with lists would find it. `about`: words that cost them nothing (`words_about`)."""
    plain = fold(password).lower()
    if plain in _leaked() or re.sub(r"\W", "", plain) in _leaked():
        return True
    return min(_own_part(variant, about) for variant in {plain, plain.translate(DISGUISES)}) < ENOUGH


def words_about(user: User | None) -> frozenset[str]:
    """What anybody knows of this person and this house: names, the city, the number."""
    texts = ["1022", "tong dai", the_city().name, the_city().owner]
    if user is not None:
        texts += [user.full_name, user.username, user.email.split("@")[0], user.phone, str(user.agency or "")]
    found: set[str] = set()
    for text in texts:
        parts = re.findall(r"[a-z]+|\d+", fold(text))
        found |= {part for part in parts if len(part) >= 3} | {"".join(parts)}
    return frozenset(word for word in found if len(word) >= 3)


def _own_part(text: str, about: frozenset[str]) -> float:
    """What is left once known things are taken away, the cheapest way."""
    text = re.sub(r"[^a-z0-9]", "", text)
    text = re.sub(r"^(.+?)\1+$", r"\1", text)  # abcabcabc
    text = re.sub(r"(.)\1+", r"\1", text) if len(set(text)) < len(text) / 2 else re.sub(r"(.)\1{2,}", r"\1", text)
    text = re.sub(r"(?:19|20)\d\d", "", text)
    cost = [0.0] * (len(text) + 1)
    for end in range(1, len(text) + 1):
        cost[end] = cost[end - 1] + (A_DIGIT if text[end - 1].isdigit() else A_LETTER)
        for start in range(max(0, end - 24), end - 2):
            word = text[start:end]
            if word in about:
                cost[end] = min(cost[end], cost[start])
            elif word in _words() or _is_run(word):
                cost[end] = min(cost[end], cost[start] + A_WORD)
    return cost[-1]


def _is_run(word: str) -> bool:
    """Keys beside each other, letters or digits in order, either way."""
    if word.isdigit():
        steps = {(int(b) - int(a)) % 10 for a, b in zip(word, word[1:], strict=False)}
        return steps in ({1}, {9}, {0})
    return any(word in row or word[::-1] in row for row in ROWS)


@lru_cache(maxsize=1)
def _leaked() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords) | _ours()


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    """Those long enough to be taken for a word inside another."""
    return frozenset(word for word in CommonPasswordValidator().passwords if len(word) >= 4) | _ours()


@lru_cache(maxsize=1)
def _ours() -> frozenset[str]:
    lines = OURS.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split() if len(word) >= 3)
