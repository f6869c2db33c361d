"""Accept a case: the agency in charge says that it is its own to answer."""

from __future__ import annotations

from datetime import datetime

from ..actor import Actor
from ..models import Case
from ..transition import moving


def accept(case: Case, *, by: Actor, at: datetime) -> Case:
    """Take the case in hand.

    Raises:
        ActionRefused: the case isn't waiting for `by`'s agency.
    """
    with moving(case, "accept", by=by, at=at) as move:
        assignment = move.case.assignments.get(ended_at=None)
        assignment.accepted_at, assignment.accepted_by = at, by.user
        assignment.save(update_fields=["accepted_at", "accepted_by"])
        move.record(assignment=assignment)
    return move.case
