"""Accept a case: the agency in charge says that it is its own to answer."""

from __future__ import annotations

from datetime import datetime

from ..actor import Actor
from ..models import Case
from ..states import Rule, State, Way, Who
from ..transition import transition

RULE = Rule("accept", Way(from_={State.ASSIGNED}, to=State.IN_PROGRESS, who={Who.OFFICER_OF_LEAD}), undoable=True)


def accept(case: Case, *, by: Actor, at: datetime) -> Case:
    """Take the case in hand. Whoever does handles it, unless somebody was given it before (`delegate`).

    Raises:
        ActionRefused: the case isn't waiting for `by`'s agency.
    """
    with transition(case, RULE, by=by, at=at) as change:
        assignment = change.case.assignments.get(ended_at=None)
        assignment.accepted_at, assignment.accepted_by = at, by.user
        takes = by.user.pk if by.user and assignment.handler_id is None else None
        if takes:
            assignment.handler = by.user
        assignment.save(update_fields=["accepted_at", "accepted_by", "handler"])
        change.record(assignment=assignment, handler=takes)
    return change.case
