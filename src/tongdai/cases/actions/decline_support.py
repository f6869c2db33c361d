"""Decline to support the agency in charge: why another one is to be asked."""

from __future__ import annotations

from datetime import datetime

from .. import supports
from ..actor import Actor
from ..models import Case, Support
from ..states import WITH_AGENCY, Rule, Way, Who
from ..transition import leaves_sight, transition
from .provide_support import own_task

RULE = Rule("decline_support", Way(from_=WITH_AGENCY, to=None, who={Who.OFFICER_OF_SUPPORT}))


def decline_support(case: Case, *, by: Actor, reason: str, at: datetime) -> Case:
    """The agency doesn't help, and sees the case no more.

    Raises:
        ActionRefused: `by`'s agency isn't asked for anything, or no longer.
    """
    with transition(case, RULE, by=by, at=at) as change:
        support = own_task(change, by)
        change.set(**supports.end(support, Support.Outcome.DECLINED, words=reason, at=at))
        change.record(support=support.pk)
        leaves_sight()
    return change.case
