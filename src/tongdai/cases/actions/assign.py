"""Assign a case to the competent agency: it takes the lead and answers by the deadline."""

from __future__ import annotations

from datetime import datetime

from tongdai.directory.models import Agency

from .. import secrecy
from ..actor import Actor
from ..models import Assignment, Case
from ..transition import moving, refuse


def assign(case: Case, *, by: Actor, agency: Agency, at: datetime, note: str = "") -> Case:
    """Give the case to `agency`. The answer clock runs on: the citizen's deadline doesn't change hands.

    Raises:
        ActionRefused: the case isn't in the inbox any more, isn't this actor's to assign, or is a denunciation (or perhaps
            one) that this agency may not get.
    """
    with moving(case, "assign", by=by, at=at) as move:
        if why := secrecy.why_not(move.case, agency):
            refuse(move.case, "assign", why)
        assignment = Assignment.objects.create(case=move.case, agency=agency, by=by.user, note=note, started_at=at)
        move.set(lead=agency)
        move.record(assignment=assignment)
    return move.case
