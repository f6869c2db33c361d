"""Close a case: answered or rejected, and nothing more is to come."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ..access import links
from ..actor import Actor
from ..models import Case
from ..states import Rule, State, Way, Who
from ..transition import transition
from . import follow

RULE = Rule(
    "close",
    Way(
        from_={State.ANSWERED, State.REJECTED}, to=State.CLOSED, who={Who.COORDINATOR, Who.OFFICER_OF_LEAD, Who.SYSTEM}
    ),
    undoable=True,
    merged="too",
)


@transaction.atomic  # and those that follow it
def close(case: Case, *, by: Actor, at: datetime) -> Case:
    """End the case; its links open it for a while yet.

    Raises:
        ActionRefused: the case has neither answer nor rejection, or isn't this actor's to close.
    """
    with transition(case, RULE, by=by, at=at) as change:
        links.end_soon(change.case, at=at)
    follow.close_all(change.case, close, at=at)
    return change.case
