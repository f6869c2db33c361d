"""Recall a denunciation from the body it was sent to: it is back in the inspectorate's inbox at once."""

from __future__ import annotations

from datetime import datetime

from ..actor import Actor
from ..models import Case
from ..states import WITH_AGENCY, Rule, State, Way, Who
from ..transition import leaves_sight, transition

RULE = Rule("recall", Way(from_=WITH_AGENCY, to=State.HANDED_BACK, who={Who.INSPECTOR}))


def recall(case: Case, *, by: Actor, at: datetime) -> Case:
    """End the assignment; the body knows of the case no more. Its deadline runs on.

    Raises:
        ActionRefused: it is with nobody, or `by` is no inspector who knows of it.
    """
    with transition(case, RULE, by=by, at=at) as change:
        recalled = change.case.assignments.get(ended_at=None)
        recalled.ended_at = at
        recalled.save(update_fields=["ended_at"])
        change.set(lead=None)
        change.record(assignment=recalled)
        leaves_sight()
    return change.case
