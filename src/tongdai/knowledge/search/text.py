"""Text as the search compares it: syllables without accents, and pairs of neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tongdai.language.text import clean, fold

_SYLLABLE = re.compile(r"[a-z0-9]+")
_WORD = re.compile(r"[^\W_]+")

Syllables = tuple[str, ...]


def syllables(text: str) -> Syllables:
    """`Đăng ký kết hôn, ở đâu?` → `("dang", "ky", "ket", "hon", "o", "dau")`; digits stay as they are."""
    return tuple(_SYLLABLE.findall(fold(clean(text))))


def pairs(words: Sequence[str]) -> Iterable[str]:
    """Neighbours as one term: `ket_hon`. Two syllables make most Vietnamese words."""
    return (f"{one}_{two}" for one, two in zip(words, words[1:], strict=False))


def raw_syllables(text: str) -> list[tuple[str, str]]:
    """(without accents, as written in lower case) for each syllable: `Cần` → `("can", "cần")`."""
    found = []
    for token in _WORD.findall(clean(text).lower()):
        plain = "".join(_SYLLABLE.findall(fold(token)))
        if plain:
            found.append((plain, token))
    return found
