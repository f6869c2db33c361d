"""Withdraw what opens a case: a telephone was lost, a text was passed on, somebody else's computer was used."""

from __future__ import annotations

from datetime import datetime

from ..access import links
from ..actor import Actor
from ..models import Case
from ..states import ANYWHERE, Rule, Way, Who
from ..transition import transition

RULE = Rule(
    "withdraw_links", Way(from_=ANYWHERE, to=None, who={Who.CITIZEN, Who.CALL_TAKER, Who.COORDINATOR}), merged="too"
)


def withdraw_links(case: Case, *, by: Actor, at: datetime) -> Case:
    """End every link sent so far, and every browser they opened; the browser that filed the case keeps it.

    Raises:
        ActionRefused: neither its citizen nor one of the staff who take calls.
    """
    with transition(case, RULE, by=by, at=at) as change:
        change.record(links=links.withdraw(change.case, at=at))
    return change.case
