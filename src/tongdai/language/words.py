"""The words of a Vietnamese text, so that they can be compared whether accents were typed or not, and however placed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .text import fold

_WORD = re.compile(r"[^\W_]+")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")  # grave, acute, tilde, hook above, dot below


@dataclass(frozen=True)
class Word:
    """A word as written (its tone told apart from its letters, so that `hoà` is `hòa`) and without accents."""

    marked: str
    plain: str

    def may_be(self, other: Word) -> bool:
        """The same word, or the same letters where one of the two was written without any accent."""
        return self.marked == other.marked or (
            self.plain == other.plain and (self.marked == self.plain or other.marked == other.plain)
        )


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text, in order, without punctuation."""
    return tuple(_word(token.lower()) for token in tokens_of(text))


def tokens_of(text: str) -> list[str]:
    """The same words as they were written."""
    return _WORD.findall(unicodedata.normalize("NFC", text))


@lru_cache(maxsize=20_000)
def _word(token: str) -> Word:
    marks = unicodedata.normalize("NFD", token)
    tone = "".join(mark for mark in marks if mark in _TONES)
    letters = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    return Word(letters + tone, fold(token))
