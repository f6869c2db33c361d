"""Hand a case back: the agency in charge is not the competent one."""

from __future__ import annotations

from datetime import datetime

from tongdai.directory.models import Agency

from ..actor import Actor
from ..models import Case
from ..states import WITH_AGENCY, Rule, State, Way, Who
from ..transition import transition

RULE = Rule("hand_back", Way(from_=WITH_AGENCY, to=State.HANDED_BACK, who={Who.OFFICER_OF_LEAD}), undoable=True)


def hand_back(case: Case, *, by: Actor, reason: str, at: datetime, competent: Agency | None = None) -> Case:
    """Return the case to the coordinator's inbox, with the reason and, if known, who is competent.

    The answer clock keeps running: the citizen must not pay for a wrong turn.

    Raises:
        ActionRefused: the case isn't with `by`'s agency, or is already answered.
    Source: the regulation of the 1022 line, "chuyển sai thẩm quyền".
    """
    with transition(case, RULE, by=by, at=at) as change:
        turned_back = change.case.assignments.get(ended_at=None)
        turned_back.ended_at, turned_back.end_reason, turned_back.competent = at, reason, competent
        turned_back.save(update_fields=["ended_at", "end_reason", "competent"])
        change.set(lead=None, taken_at=None)  # an urgent one is anybody's again
        change.ring_on_duty()
        change.record(assignment=turned_back)
    return change.case
