"""What a text tells of, judged once, for every door: danger and whom to ring, a denunciation, the subject.

Two thresholds each, since their errors cost differently. *shown*: the numbers stand beside what is being written (an
alarm too many costs a line). *rung*: a person is rung and no date is promised. *denunciation*: hidden at once; *asked*:
perhaps one, the form asks and a coordinator decides before any agency sees it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp

from tongdai.language.text import clean

from . import rules
from .danger import (
    AMBULANCE,
    CHILDREN,
    FIRE_BRIGADE,
    OWN_LIFE,
    POLICE,
    RANK,
    Kind,
    Level,
    number_of,
    whom_to_ring,
    write_instead,
)
from .model import Model, Scores
from .trained import model

LONGEST = 10_000  # characters that are looked at


@dataclass(frozen=True)
class Bounds:
    """From which log-odds on a text is what. Fitted across hands, each judged by a model of the others': `bench triage`."""

    shown: float = 0.2
    rung: float = 0.6
    cannot_wait: float = 0.5
    denunciation: float = -0.1
    asked: float = -1.7


AT_ONCE = Bounds()
_DOUBTS = (
    (-3.0, AT_ONCE.rung),
    (-1.6, AT_ONCE.cannot_wait),
    (-3.0, AT_ONCE.denunciation),
)  # a second look may see more
SLOPE = 1.6  # of the log-odds, for them to be a probability
TOPICS, TOPIC = 3, -1.0
# Where a phrase tells of these somebody is rung, however sure the model is.
NEVER_IN_DOUBT = frozenset({Kind.SUICIDE, Kind.CHILD})
A_RULE_ADDS, A_RULE_SHOWS = 1.0, 3.0  # to the log-odds: its phrases must never be missed


@dataclass(frozen=True)
class Judgement:
    """Of one text. `sure`: probability (0–1) that a life is in danger. `cannot_ring`: whoever writes says so."""

    level: Level = Level.NONE
    kind: Kind | None = None
    shown: bool = False
    rung: bool = False
    denunciation: bool = False
    asked: bool = False
    sure: float = 0.0
    doubtful: bool = False  # a second look may see more in it
    cannot_ring: bool = False

    @property
    def number(self) -> str:
        """Whom to ring: 111, 113, 114, 115 or none."""
        return number_of(self.kind) if self.shown or self.level is not Level.NONE else ""

    @property
    def whom_to_ring(self) -> str:
        """One sentence with the number, in the reader's language; empty where nothing is to be shown.

        Who can't ring is told that they may write, and is asked where they are.
        """
        if not self.shown:
            return ""
        return write_instead() if self.by_writing else whom_to_ring(self.kind)

    @property
    def by_writing(self) -> bool:
        """Whether whoever may be in danger themselves says that they can't ring: no number is told then."""
        return self.own_life and self.cannot_ring

    @property
    def own_life(self) -> bool:
        """Whether it may be the writer who is in danger: they are told of no deadline, no fee and no procedure."""
        return self.shown and self.kind in OWN_LIFE

    def joined_by(self, second: Judgement) -> Judgement:
        """What both looks make of it: whoever has been rung or hidden stays so."""
        level = max(self.level, second.level, key=RANK.__getitem__)
        return replace(
            second,
            level=level,
            kind=second.kind or self.kind,
            shown=second.shown or self.rung,
            rung=second.rung or self.rung,
            denunciation=second.denunciation or self.denunciation,
            asked=second.asked or self.asked,
            cannot_ring=second.cannot_ring or self.cannot_ring,
        )

    def raised_to(self, level: str, kind: str) -> Judgement:
        """The same with what is on record of the case, which a person or the second look may have raised."""
        if level == Level.NONE:
            return self
        return replace(self, level=Level(level), kind=Kind(kind) if kind else self.kind, shown=True)


NOTHING = Judgement()
# Who texts one of the numbers and nothing else is told to ring it.
MEANT_BY = {POLICE: Kind.VIOLENCE, FIRE_BRIGADE: Kind.FIRE, AMBULANCE: Kind.MEDICAL, CHILDREN: Kind.CHILD}


@lru_cache(maxsize=2000)  # one text is asked about by the form, the reply, the case and its notification
def judge(text: str) -> Judgement:
    """The judgement of rules and model: some 0.2 ms for a text of usual length, no query."""
    text = readable(text)
    if text in MEANT_BY:
        return Judgement(kind=MEANT_BY[text], shown=True)
    if not any(unicodedata.category(sign)[0] in "LS" for sign in text):  # a code, a telephone number, a row of dots
        return NOTHING
    judged = judgement_by(model(), text)
    if rules.claims_urgency(text):
        return replace(judged, level=Level.LIFE, shown=True, rung=True)
    return judged


def of_a_case(text: str, level: str, kind: str) -> Judgement:
    """The judgement of a case: of its words, and of what is on record of it."""
    return judge(text).raised_to(level, kind)


def readable(text: str) -> str:
    """What is looked at: full-width letters as letters, nothing hidden in between; of a very long one both ends."""
    text = clean(unicodedata.normalize("NFKC", text))
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}"


def why(text: str) -> tuple[str, ...]:
    """The words of it that weighed most for danger."""
    return model().decisive_words(readable(text), "life")


def unless_it_denounces(text: str) -> str:
    """The words, to be kept where many read them; none where they may denounce somebody."""
    return "" if judge(text).denunciation else text


def warm_up() -> None:
    """Read the model and the rules before the first citizen comes."""
    judge("xin chào")


def topics_of(text: str) -> tuple[str, ...]:
    """The likeliest subjects (codes of the texts' labels), the likeliest first, at most three and at least one."""
    ranked = model().likeliest("topic:", readable(text))[:TOPICS]
    return tuple(name for place, (name, score) in enumerate(ranked) if place == 0 or score >= TOPIC)


def judgement_by(by: Model, text: str, *, scores: Scores | None = None, bounds: Bounds = AT_ONCE) -> Judgement:
    """What this model and the rules make of a text; `scores`: those it gave, if they are known."""
    scores, told = by.scores(text) if scores is None else scores, rules.read(text)
    rule = told.kind
    life, cannot_wait, denunciation = (float(score) for score in scores)
    shown = life + (A_RULE_SHOWS if rule else 0.0) >= bounds.shown
    life += A_RULE_ADDS if rule else 0.0
    cannot_wait += A_RULE_SHOWS if rule else 0.0
    shown = shown or told.wishes_to_die  # a cry goes before the question about papers that stands beside it
    rung = life >= bounds.rung or (shown and rule in NEVER_IN_DOUBT)
    level = Level.LIFE if rung else Level.URGENT if cannot_wait >= bounds.cannot_wait else Level.NONE
    return Judgement(
        level=level,
        kind=(rule or Kind(by.likeliest("kind:", text)[0][0])) if shown or level is not Level.NONE else None,
        shown=shown,
        rung=rung,
        denunciation=denunciation >= bounds.denunciation,
        asked=denunciation >= bounds.asked,
        doubtful=not rung
        and any(least <= score < enough for score, (least, enough) in zip(scores, _DOUBTS, strict=True)),
        sure=round(1 / (1 + exp(-SLOPE * life)), 3),
        cannot_ring=told.cannot_ring,
    )
