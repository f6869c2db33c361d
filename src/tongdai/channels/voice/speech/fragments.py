"""Sentences with figures, cut into fixed pieces that a person can record: numbers, months, states, and what stands between.

Where every piece of a sentence is recorded the pieces are played, names between them by the machine; else the machine
says the whole: nobody hears two voices take turns within a figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils import translation

from tongdai.cases.states import State

from ..asterisk.exchange import Exchange
from ..models import Prompt
from .recorded_sounds import sound_of_recording
from .synthesis import sound_of

MOST = 99  # the greatest number that is one piece
_MARK = re.compile(r"(?:number|month)-\d+|state-\w+")

ONES = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
AFTER_TEN = ONES[:5] + ("lăm",) + ONES[6:]  # 15: mười lăm
AFTER_TENS = ("", "mốt", "hai", "ba", "tư", "lăm") + ONES[6:]  # 21: hai mươi mốt, 24: hai mươi tư
ENGLISH = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip

BETWEEN = (  # code, Vietnamese, English
    ("case-code", "Phiếu", "Case"),
    ("agency", "Cơ quan xử lý", "The agency in charge is"),
    ("due", "Hạn trả lời", "To be answered by"),
    ("answered", "Đã trả lời", "Answered on"),
    ("day", "ngày", "the day"),
    ("century", "năm hai nghìn không trăm", "in the year two thousand and"),
    ("duty-took", "Người trực của thành phố đã nhận việc lúc", "Who is on duty for the city has taken it at"),
    ("duty-being-rung", "Người trực của thành phố đang được gọi", "Who is on duty for the city is being rung"),
    ("hour", "giờ", "hours"),
    ("minute", "phút", "minutes"),
    ("place", "Ông bà đang ở vị trí số", "You are number"),
    ("in-the-line", "trong hàng chờ", "in the line"),
    ("about", "Thời gian chờ khoảng", "The wait is about"),
    ("longer", "Thời gian chờ trên mười lăm phút", "The wait is more than fifteen minutes"),
    ("kept-place", "Đã giữ cho ông bà vị trí số", "Your place is kept. You are number"),
    ("ring-back-on", "Chúng tôi sẽ gọi lại số", "We will call you back on"),
    ("your-code", "Mã phiếu", "Your case's code is"),
    ("again", "Xin nhắc lại", "Once more"),
)


@dataclass(frozen=True)
class Part:
    """A piece of the sentence by its code, or a name (`code` empty) that no list holds; `ends`: a pause comes after it."""

    code: str
    text: str
    ends: str = ""

    def __str__(self) -> str:
        return self.text + self.ends


def in_words(number: int, language: str) -> str:
    """0–99 as one says it: hai mươi mốt, hai mươi tư, hai mươi lăm; twenty-one."""
    tens, ones = divmod(number, 10)
    if language == "en":
        return ENGLISH[number] if number < 20 else TENS[tens] + (f"-{ENGLISH[ones]}" if ones else "")
    if number < 10:
        return ONES[number]
    if number < 20:
        return f"mười {AFTER_TEN[ones]}" if ones else "mười"
    return f"{ONES[tens]} mươi {AFTER_TENS[ones]}".strip()


def usual() -> Iterator[tuple[str, str, str]]:
    """(code, language, text) of every piece."""
    for language in ("vi", "en"):
        for code, *texts in BETWEEN:
            yield code, language, texts[language == "en"]
        with translation.override(language):
            yield from ((f"state-{state}", language, str(state.label)) for state in State)
        for number in range(1, 13):
            yield f"month-{number}", language, _month(number, language)
        for number in range(MOST + 1):
            yield f"number-{number}", language, in_words(number, language)


def is_piece(code: str) -> bool:
    return bool(_MARK.fullmatch(code)) or code in _CODES


_CODES = frozenset(code for code, *_texts in BETWEEN)


def _month(number: int, language: str) -> str:
    return MONTHS[number - 1] if language == "en" else f"tháng {'tư' if number == 4 else in_words(number, language)}"


# ── parts of a sentence ──────────────────────────────────────────────────────────────────────────────────────────────


def words(code: str, *, language: str, ends: str = "") -> Part:
    """What stands between the figures."""
    return Part(code, next(texts[language == "en"] for each, *texts in BETWEEN if each == code), ends)


def state(value: str, *, language: str, ends: str = "") -> Part:
    """Where a case stands."""
    with translation.override(language):
        return Part(f"state-{value}", str(State(value).label), ends)


def name(text: str, *, ends: str = "") -> Part:
    return Part("", text, ends)


def number(value: int, *, language: str, ends: str = "") -> Part:
    """0–99; a greater one is said by the machine."""
    if value > MOST:
        return name(str(value), ends=ends)
    return Part(f"number-{value}", in_words(value, language), ends)


def digits(text: str, *, language: str, ends: str = ".") -> list[Part]:
    """One by one."""
    last = len(text) - 1
    return [number(int(each), language=language, ends=ends if at == last else ",") for at, each in enumerate(text)]


def day(year: int, month: int, day_: int, *, language: str) -> list[Part]:
    """`ngày năm tháng tư năm hai nghìn không trăm hai mươi sáu`, `April five twenty twenty-six`."""
    named = Part(f"month-{month}", _month(month, language))
    if language == "en":
        return [named, number(day_, language=language, ends=","), number(year // 100, language=language),
                number(year % 100, language=language, ends=".")]  # fmt: skip
    return [words("day", language=language), number(day_, language=language), named, words("century", language=language),
            number(year % 100, language=language, ends=".")]  # fmt: skip


# ── the sentence as sounds ───────────────────────────────────────────────────────────────────────────────────────────


def sounds(parts: Sequence[Part], *, language: str, it: Exchange) -> list[Path]:
    """The recorded pieces with names between them by the machine, or the machine's own sentence where a piece is missing."""
    codes = {part.code for part in parts if part.code}
    recorded = Prompt.objects.filter(code__in=codes, language=language).exclude(recording="")
    found = {prompt.code: sound_of_recording(prompt, it=it) for prompt in recorded}
    if codes and all(found.get(code) for code in codes):
        played = (found[part.code] if part.code else sound_of(part.text, language=language, it=it) for part in parts)
        return [sound for sound in played if sound]
    return [sound_of(" ".join(map(str, parts)), language=language, it=it)]
