"""Close a case: answered or rejected, and nothing more is to come."""

from __future__ import annotations

from datetime import datetime

from .. import links
from ..actor import Actor
from ..models import Case
from ..transition import moving


def close(case: Case, *, by: Actor, at: datetime) -> Case:
    """End the case; its links open it for a while yet.

    Raises:
        ActionRefused: the case has neither answer nor rejection, or isn't this actor's to close.
    """
    with moving(case, "close", by=by, at=at) as move:
        links.end_soon(move.case, at=at)
    return move.case
