"""Hand a case back: the agency in charge is not the competent one."""

from __future__ import annotations

from datetime import datetime

from tongdai.directory.models import Agency

from ..actor import Actor
from ..models import Case
from ..transition import moving


def hand_back(case: Case, *, by: Actor, reason: str, at: datetime, competent: Agency | None = None) -> Case:
    """Return the case to the coordinator's inbox, with the reason and, if known, who is competent.

    The answer clock keeps running: the citizen must not pay for a wrong turn.

    Raises:
        ActionRefused: the case isn't with `by`'s agency, or is already answered.
    Source: the regulation of the 1022 line, "chuyển sai thẩm quyền".
    """
    with moving(case, "hand_back", by=by, at=at) as move:
        turned_back = move.case.assignments.get(ended_at=None)
        turned_back.ended_at, turned_back.end_reason, turned_back.competent = at, reason, competent
        turned_back.save(update_fields=["ended_at", "end_reason", "competent"])
        move.set(lead=None, taken_at=None)  # an urgent one is anybody's again: who is on duty is rung
        move.record(assignment=turned_back)
    return move.case
