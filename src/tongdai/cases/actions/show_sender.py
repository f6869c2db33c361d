"""Show the agency who sent a case, where its topic hides it: it says why, and that stays on record."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from ..access import senders
from ..actor import Actor
from ..models import Case
from ..states import WITH_AGENCY, Rule, Way, Who
from ..transition import transition

RULE = Rule("show_sender", Way(from_=WITH_AGENCY, to=None, who={Who.OFFICER_OF_LEAD}))


def show_sender(case: Case, *, by: Actor, reason: str, at: datetime) -> Case:
    """From now on all of the agency see name and number, for as long as it has the case. Reading the number is noted each time.

    Raises:
        ActionRefused: the case isn't with `by`'s agency, or nobody's name is hidden from it.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if by.user is None or not senders.is_hidden_from(by.user, change.case):
            change.refuse(_("Cơ quan bạn đã thấy người gửi phiếu này."))
        assignment = change.case.assignments.get(ended_at=None)
        assignment.sender_shown_at = at
        assignment.save(update_fields=["sender_shown_at"])
        change.record(assignment=assignment)
        change.add_remark(reason)
    return change.case
