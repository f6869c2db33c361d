"""Reject a case: the city does not take the matter up, on a ground in law that the citizen is told."""

from __future__ import annotations

from datetime import datetime

from ..actor import Actor
from ..models import Case, Rejection
from ..transition import moving


def reject(case: Case, *, by: Actor, ground: str, reason: str, at: datetime) -> Case:
    """End the case without an answer. `ground` is one of `Rejection.Ground`; `reason` is what the citizen reads.

    Raises:
        ActionRefused: the case isn't in the inbox, or isn't this actor's to reject.
        ValueError: no such ground.
    """
    with moving(case, "reject", by=by, at=at) as move:
        Rejection.objects.create(
            case=move.case, ground=Rejection.Ground(ground), reason=reason, by=by.user, rejected_at=at
        )
        move.record(ground=ground)
    return move.case
