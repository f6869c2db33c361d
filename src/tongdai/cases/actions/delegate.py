"""Delegate a case: one person of the agency in charge works on it from now on. It stays with all of them."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongdai.accounts.models import User

from ..actor import Actor
from ..models import Case
from ..states import WITH_AGENCY, Rule, Way, Who
from ..transition import transition

RULE = Rule("delegate", Way(from_=WITH_AGENCY, to=None, who={Who.OFFICER_OF_LEAD}))


def delegate(case: Case, *, by: Actor, handler: User, at: datetime) -> Case:
    """Give the case to this colleague, or take it over oneself. Whoever accepts a case handles it until then.

    Raises:
        ActionRefused: the case isn't with `by`'s agency; `handler` can't answer for it, or handles it already.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if Who.OFFICER_OF_LEAD not in Actor.staff(handler).capacities(change.case):
            change.refuse(_("Người này không xử lý được phiếu này. Hãy chọn người khác."), argument="handler")
        assignment = change.case.assignments.get(ended_at=None)
        if assignment.handler_id == handler.pk:
            change.refuse(_("Người này đang thụ lý phiếu. Hãy chọn người khác."), argument="handler")
        assignment.handler = handler
        assignment.save(update_fields=["handler"])
        change.record(assignment=assignment, handler=handler.pk)
    return change.case
