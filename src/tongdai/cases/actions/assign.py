"""Assign a case to the competent agency: it takes the lead and answers by the deadline."""

from __future__ import annotations

from datetime import datetime

from tongdai.directory.models import Agency
from tongdai.people.purposes import Purpose

from ..access import secrecy
from ..actor import Actor
from ..models import Assignment, Case
from ..states import INBOX, Rule, State, Way, Who
from ..transition import transition

RULE = Rule(
    "assign",
    Way(from_=INBOX, to=State.ASSIGNED, who={Who.COORDINATOR, Who.SYSTEM}),
    notifies=Purpose.RECEIPT,
    undoable=True,
)


def assign(case: Case, *, by: Actor, agency: Agency, at: datetime, note: str = "") -> Case:
    """Give the case to `agency`. The answer clock runs on: the citizen's deadline doesn't change hands.

    Raises:
        ActionRefused: the case isn't in the inbox any more, isn't this actor's to assign, or is a denunciation (or perhaps
            one) that this agency may not get.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if why := secrecy.why_not(change.case, agency):
            change.refuse(why)
        assignment = Assignment.objects.create(case=change.case, agency=agency, by=by.user, note=note, started_at=at)
        change.set(lead=agency)
        change.record(assignment=assignment)
    return change.case
