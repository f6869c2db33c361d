"""Recall a denunciation from the body it was sent to: it is back in the inspectorate's inbox at once."""

from __future__ import annotations

from datetime import datetime

from ..actor import Actor
from ..models import Case
from ..transition import leaves_sight, moving


def recall(case: Case, *, by: Actor, at: datetime) -> Case:
    """End the assignment; the body knows of the case no more. Its deadline runs on.

    Raises:
        ActionRefused: it is with nobody, or `by` is no inspector who knows of it.
    """
    with moving(case, "recall", by=by, at=at) as move:
        recalled = move.case.assignments.get(ended_at=None)
        recalled.ended_at = at
        recalled.save(update_fields=["ended_at"])
        move.set(lead=None)
        move.record(assignment=recalled)
        leaves_sight()
    return move.case
