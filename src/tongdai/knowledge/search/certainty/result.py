"""What a search found: the answers meant, best first, and how certain it is of the first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ...answer_key import AnswerKey, Part
from ..entry import Entry


class Certainty(StrEnum):
    """How certain the first answer is: shown as found, as perhaps, or not at all (a wrong answer is worse than none)."""

    FOUND = "found"
    PERHAPS = "perhaps"
    NOT_FOUND = "not_found"


SURENESS = (Certainty.NOT_FOUND, Certainty.PERHAPS, Certainty.FOUND)


@dataclass(frozen=True)
class Hit:
    entry: Entry
    score: float
    likelihood: float  # that it is what was meant, 0–1
    whole: bool = False  # its name, or what people call it, was said whole and nothing else
    covers: float = 0.0  # share of the question that its name, or one alias, holds
    by_words: float = 0.0  # its score before sentence vectors were counted

    @property
    def key(self) -> AnswerKey:
        """Of the answer; what this city can't answer is no hit."""
        assert self.entry.key is not None
        return self.entry.key


@dataclass(frozen=True)
class SearchResult:
    """`part`: which part of the answer to open, `also`: what else was asked; `hits`: best first;

    `understood`: the words searched for; `elsewhere`: what comes nearest is nothing that this city answers; `stands_out`: the
    first is likely and well ahead of the others, which alone is not enough to tell it.
    """

    hits: tuple[Hit, ...]
    part: Part | None
    certainty: Certainty
    understood: str = ""
    also: Part | None = None
    elsewhere: bool = False
    stands_out: bool = False


def likelier(one: SearchResult, other: SearchResult) -> SearchResult:
    """The surer of two ways to read a question; the first, where they are equally sure."""

    def sureness(each: SearchResult) -> tuple[int, float]:
        return SURENESS.index(each.certainty), each.hits[0].likelihood if each.hits else 0.0

    return max(one, other, key=sureness)
