"""Is the first answer told as the answer, offered with others to choose from, or not shown at all?

Told only where it is likely and well ahead of the next, for sisters (new, renewed, issued anew) lie close together and are
offered to choose from, and where the model that was learnt from judged questions agrees (docs/adr/0016).
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from ...starter.files import lines_of
from ..question import WeighedQuestion
from ..text import syllables
from .model import MODEL
from .result import Certainty, Hit
from .signs import signs_of

_QUALIFIERS = tuple(map(syllables, lines_of("qualifiers.txt")))


@dataclass(frozen=True)
class Thresholds:
    """Tuned on the tuning half of the judged set (`bench/knowledge.py`); the `ahead` are shares of the second's score."""

    found: float = 0.63  # how likely the first answer must be to be given as the answer
    ahead: float = 1.1  # … and how far before the second: sisters (new, renewed, issued anew) are offered together
    ahead_by_sound: float = 1.2  # … where the words were taken for others that sound alike
    ahead_unsaid: float = 1.5  # … where its name has a word, which makes it another than its sisters, that nobody said
    nearly: float = 0.75  # of the score of what isn't here: it may be meant all the same
    perhaps: float = 0.34  # … and to be offered at all


THRESHOLDS = Thresholds()


def certainty_of(hits: Sequence[Hit], looked: Sequence[Hit], asked: WeighedQuestion) -> Certainty:
    """`hits`: what this city answers, best first; `looked`: with what it doesn't."""
    if not hits or hits[0].likelihood < THRESHOLDS.perhaps:
        return Certainty.NOT_FOUND
    if looked[0].entry.is_elsewhere and not hits[0].whole:  # what was meant is a procedure this city hasn't taken in
        nearly = hits[0].score > THRESHOLDS.nearly * looked[0].score
        return Certainty.PERHAPS if nearly else Certainty.NOT_FOUND
    if not stands_out(hits, looked, asked):
        return Certainty.PERHAPS
    sure = MODEL.probability(signs_of(hits[0], looked, asked)) >= MODEL.told
    return Certainty.FOUND if sure else Certainty.PERHAPS


def stands_out(hits: Sequence[Hit], looked: Sequence[Hit], asked: WeighedQuestion) -> bool:
    """Whether the first is likely, and far enough before all others."""
    if not hits or (looked[0].entry.is_elsewhere and not hits[0].whole):
        return False
    first = hits[0]
    rivals = (
        hit
        for hit in looked
        if hit is not first
        and (not hit.entry.is_elsewhere or hit.entry.settled_by)
        and not (first.whole and hit.likelihood < THRESHOLDS.perhaps)  # no rival of whose name was said whole
    )
    second = next((hit.score for hit in rivals), 0.0)
    return first.likelihood >= THRESHOLDS.found and first.score >= _enough_ahead(first, asked.words.keys()) * second


def is_ahead(hits: Sequence[Hit], times: float = THRESHOLDS.ahead) -> bool:
    """Whether the first has so many times the second's score."""
    return len(hits) == 1 or hits[0].score >= times * hits[1].score


def qualifiers_of(name: str) -> list[frozenset[str]]:
    """Those words of a name that make it another procedure than its sisters (`starter/qualifiers.txt`), by syllables."""
    plain = f" {' '.join(syllables(name))} "
    return [frozenset(each) for each in _QUALIFIERS if f" {' '.join(each)} " in plain]


def _enough_ahead(first: Hit, said: Set[str]) -> float:
    """How far it must be before the second."""
    unsaid = any(not said >= qualifier for qualifier in qualifiers_of(first.entry.name))
    return THRESHOLDS.ahead_unsaid if unsaid and not first.whole else THRESHOLDS.ahead
