"""Find phrases in what people write: with accents or none, tone marks placed the old way or the new, abbreviations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from . import abbreviations
from .words import Word, words_of

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class Found(Generic[T]):
    """A phrase that stands in the text: what it stands for, how many words it has, whether the accents agree."""

    value: T
    words: int
    exact: bool

    @property
    def weight(self) -> float:
        """The longer the phrase, the more it says; one whose accents differ (a slip of the hand) says half."""
        return self.words**2 * (1.0 if self.exact else 0.5)


class Phrases(Generic[T]):
    """Phrases, each with what it stands for. One that is a single word is found only where its accents agree."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[Word, ...], T]]] = defaultdict(list)
        for phrase, value in phrases:
            if words := words_of(phrase):
                self._by_first[words[0].plain].append((words, value))

    def find(self, text: str) -> list[Found[T]]:
        """Every phrase in the text, each once, by whole words; abbreviations are tried as written and in full."""
        best: dict[tuple[T, tuple[Word, ...]], bool] = {}
        written = words_of(text)
        for line in {written, _in_full(written)}:
            for at, word in enumerate(line):
                for phrase, value in self._by_first.get(word.plain, ()):
                    words = line[at : at + len(phrase)]
                    if tuple(w.plain for w in words) != tuple(w.plain for w in phrase):
                        continue
                    exact = all(a.may_be(b) for a, b in zip(words, phrase, strict=True))
                    if exact or len(phrase) > 1:
                        best[value, phrase] = best.get((value, phrase), False) or exact
        return [Found(value, len(phrase), exact) for (value, phrase), exact in best.items()]


def _in_full(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The same words, abbreviations written out: `ubnd` → ủy ban nhân dân."""
    known = _abbreviations()
    return tuple(full for word in words for full in known.get(word.marked, (word,)))


@cache
def _abbreviations() -> dict[str, tuple[Word, ...]]:
    """Those of one word."""
    known: dict[str, tuple[Word, ...]] = {}
    for short, full in abbreviations.unambiguous():
        written = words_of(short)
        if len(written) == 1:
            known.setdefault(written[0].marked, words_of(full))
    return known
