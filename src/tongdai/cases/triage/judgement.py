"""What a text tells of, judged once, for every door: danger and whom to ring, a denunciation, the subject.

Two thresholds each, since their errors cost differently. *shown*: the numbers stand beside what is being written (an
alarm too many costs a line). *rung*: a person is rung and no date is promised. *denunciation*: hidden at once; *asked*:
perhaps one, the form asks and a coordinator decides before any agency sees it.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import rules
from .danger import Kind, Level, number_of, whom_to_ring


@dataclass(frozen=True)
class Judgement:
    """Of one text. `sure`: probability (0–1) that a life is in danger; `why`: the words that weighed most."""

    level: Level = Level.NONE
    kind: Kind | None = None
    shown: bool = False
    rung: bool = False
    denunciation: bool = False
    asked: bool = False
    topics: tuple[str, ...] = ()
    sure: float = 0.0
    why: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """Whom to ring: 111, 113, 114, 115 or none."""
        return number_of(self.kind) if self.kind else ""

    @property
    def whom_to_ring(self) -> str:
        """One sentence with the number, in the reader's language; empty where nothing is to be shown."""
        return whom_to_ring(self.kind) if self.shown and self.kind else ""


NOTHING = Judgement()


def judge(text: str) -> Judgement:
    """The quick judgement: rules and n-grams, under a millisecond, no query."""
    kind = rules.kind_of(text)
    if kind is None:
        return NOTHING
    return Judgement(level=Level.LIFE, kind=kind, shown=True, rung=True, sure=1.0)
