"""Reassign a case: another agency takes the lead, for the one that has it isn't the competent one."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongdai.directory.models import Agency
from tongdai.people.purposes import Purpose

from ..access import secrecy
from ..actor import Actor
from ..models import Assignment, Case
from ..states import WITH_AGENCY, Rule, State, Way, Who
from ..transition import leaves_sight, transition

RULE = Rule(
    "reassign",
    Way(from_=WITH_AGENCY, to=State.ASSIGNED, who={Who.COORDINATOR}),
    notifies=Purpose.RECEIPT,
    undoable=True,
)


def reassign(case: Case, *, by: Actor, agency: Agency, at: datetime, reason: str = "") -> Case:
    """Take the case from the agency that has it and give it to `agency`. The answer clock runs on.

    `reason`: why; the new agency reads it. Once the case has been accepted there must be one.

    Raises:
        ActionRefused: the case is with no agency or isn't this actor's to assign, `agency` has it already or may not get
            it, or a reason is wanted.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if agency.pk == change.case.lead_id:
            change.refuse(_("Phiếu đang ở cơ quan này. Chọn cơ quan khác."), argument="agency")
        if why := secrecy.why_not(change.case, agency):
            change.refuse(why, argument="agency")
        accepted = change.case.state == State.IN_PROGRESS
        if accepted and not reason:
            change.refuse(_("Cơ quan đã nhận xử lý, nên phải có lý do mới chuyển đi được."), argument="reason")
        Assignment.objects.filter(case=change.case, ended_at=None).update(ended_at=at)
        given = Assignment.objects.create(case=change.case, agency=agency, by=by.user, note=reason, started_at=at)
        change.set(lead=agency)
        if accepted:  # an urgent one is anybody's again
            change.set(taken_at=None)
            change.ring_on_duty()
        change.record(assignment=given)
        leaves_sight()
    return change.case
