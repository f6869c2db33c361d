"""Ring who is on duty for an urgent case: what the alarm does is on the case's record, step by step."""

from __future__ import annotations

from datetime import datetime

from ..actor import Actor
from ..models import Case
from ..transition import moving


def ring_duty(case: Case, *, ring: int, rank: int, at: datetime) -> Case:
    """Record that somebody is being rung: `ring` is the alarm's row, which knows whom and what came of it.

    Raises:
        ActionRefused: somebody has accepted or settled it meanwhile.
    """
    with moving(case, "ring_duty", by=Actor.system(), at=at) as move:
        move.record(ring=ring, rank=rank)
    return move.case
