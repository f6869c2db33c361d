"""Ring who is on duty for an urgent case: what the alarm does is on the case's record, step by step."""

from __future__ import annotations

from datetime import datetime

from ..actor import Actor
from ..models import Case
from ..states import NOBODY_YET, Rule, Way, Who
from ..transition import transition

RULE = Rule("ring_duty", Way(from_=NOBODY_YET, to=None, who={Who.SYSTEM}))


def ring_duty(case: Case, *, ring: int, rank: int, at: datetime) -> Case:
    """Record that somebody is being rung: `ring` is the alarm's row, which knows whom and what came of it.

    Raises:
        ActionRefused: somebody has accepted or settled it meanwhile.
    """
    with transition(case, RULE, by=Actor.system(), at=at) as change:
        change.record(ring=ring, rank=rank)
    return change.case
