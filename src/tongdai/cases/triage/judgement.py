"""What a text tells of, judged once, for every door: danger and whom to ring, a denunciation, the subject.

Two thresholds each, since their errors cost differently. *shown*: the numbers stand beside what is being written (an
alarm too many costs a line). *rung*: a person is rung and no date is promised. *denunciation*: hidden at once; *asked*:
perhaps one, the form asks and a coordinator decides before any agency sees it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

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
        return number_of(self.kind)

    @property
    def whom_to_ring(self) -> str:
        """One sentence with the number, in the reader's language; empty where nothing is to be shown."""
        return whom_to_ring(self.kind) if self.shown else ""

    def raised_to(self, level: str, kind: str) -> Judgement:
        """The same with what is on record of the case, which a person or the second look may have raised."""
        if level == Level.NONE:
            return self
        return replace(self, level=Level(level), kind=Kind(kind) if kind else self.kind, shown=True)


NOTHING = Judgement()


def judge(text: str) -> Judgement:
    """The quick judgement: rules and n-grams, under a millisecond, no query."""
    kind = rules.kind_of(text)
    if kind is None:
        return NOTHING
    return Judgement(level=Level.LIFE, kind=kind, shown=True, rung=True, sure=1.0)
