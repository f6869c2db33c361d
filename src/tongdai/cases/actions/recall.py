"""Recall a case from the agency it was sent to: it is back in the inbox of whoever sent it at once."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from ..actor import Actor
from ..models import Case
from ..states import WITH_AGENCY, Rule, State, Way, Who
from ..transition import leaves_sight, transition

RULE = Rule("recall", Way(from_=WITH_AGENCY, to=State.HANDED_BACK, who={Who.COORDINATOR, Who.INSPECTOR}), undoable=True)


def recall(case: Case, *, by: Actor, at: datetime, reason: str = "") -> Case:
    """End the assignment; the agency knows of the case no more. Its deadline runs on.

    `reason`: why; once the case has been accepted there must be one, but of a denunciation, whose reason concerns nobody.

    Raises:
        ActionRefused: it is with nobody, or isn't this actor's to recall, or a reason is wanted.
    """
    with transition(case, RULE, by=by, at=at) as change:
        accepted = change.case.state == State.IN_PROGRESS
        if accepted and not reason and not change.case.confidential:
            change.refuse(_("Cơ quan đã nhận xử lý, nên phải có lý do mới thu hồi được."), argument="reason")
        recalled = change.case.assignments.get(ended_at=None)
        recalled.ended_at, recalled.end_reason = at, reason
        recalled.save(update_fields=["ended_at", "end_reason"])
        change.set(lead=None)
        if accepted:  # an urgent one is anybody's again
            change.set(taken_at=None)
            change.ring_on_duty()
        change.record(assignment=recalled)
        leaves_sight()
    return change.case
