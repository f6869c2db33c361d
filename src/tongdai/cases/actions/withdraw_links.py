"""Withdraw what opens a case: a telephone was lost, a text was passed on, somebody else's computer was used."""

from __future__ import annotations

from datetime import datetime

from .. import links
from ..actor import Actor
from ..models import Case
from ..transition import moving


def withdraw_links(case: Case, *, by: Actor, at: datetime) -> Case:
    """End every link sent so far, and every browser they opened; the browser that filed the case keeps it.

    Raises:
        ActionRefused: neither its citizen nor one of the staff who take calls.
    """
    with moving(case, "withdraw_links", by=by, at=at) as move:
        move.record(links=links.withdraw(move.case, at=at))
    return move.case
