"""Provide the support one's agency was asked for: what it found or did, for the agency in charge to answer with."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from .. import supports
from ..actor import Actor
from ..models import Case, Support
from ..states import WITH_AGENCY, Rule, Way, Who
from ..transition import Change, transition

RULE = Rule("provide_support", Way(from_=WITH_AGENCY, to=None, who={Who.OFFICER_OF_SUPPORT}))


def provide_support(case: Case, *, by: Actor, words: str, at: datetime) -> Case:
    """The agency has helped; its words stand in the staff's history, and its people may read on.

    Raises:
        ActionRefused: `by`'s agency isn't asked for anything, or no longer.
    """
    with transition(case, RULE, by=by, at=at) as change:
        support = own_task(change, by)
        change.set(**supports.end(support, Support.Outcome.PROVIDED, words=words, at=at))
        change.record(support=support.pk)
    return change.case


def own_task(change: Change, by: Actor) -> Support:
    """Return what this actor's agency is asked for, or refuse the action."""
    support = supports.own(change.case, by.user) if by.user else None
    if support is None:
        change.refuse(_("Cơ quan bạn không còn được nhờ phối hợp phiếu này."))
    return support
