"""Go on with a case that waits for its citizen, without a reply: its days are over, or whoever asked needs none any more."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongdai.people.purposes import Purpose

from .. import waiting
from ..actor import Actor
from ..models import Case
from ..states import WITH_AGENCY, Rule, Way, Who
from ..transition import transition

RULE = Rule(
    "go_on",
    Way(from_=WITH_AGENCY, to=None, who={Who.SYSTEM, Who.OFFICER_OF_LEAD, Who.COORDINATOR}),
    notifies=Purpose.RECEIPT,
)


def go_on(case: Case, *, by: Actor, at: datetime) -> Case:
    """Let its clock run on.

    Raises:
        ActionRefused: it doesn't wait (any more), it isn't this actor's, or by the clock alone before its days are over.
    """
    with transition(case, RULE, by=by, at=at) as change:
        ends = change.case.waits_until
        if ends is None:
            change.refuse(_("Phiếu này không còn chờ người dân trả lời."))
        if by.who is Who.SYSTEM and at < ends:
            change.refuse(_("Vẫn còn chờ người dân trả lời."))
        change.set(**waiting.ended(change.case, at=at))
    return change.case
