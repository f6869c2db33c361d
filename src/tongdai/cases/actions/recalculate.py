"""Count a case's deadlines anew: the city's working calendar has changed."""

from __future__ import annotations

from datetime import datetime

from tongdai.directory.calendar.working_days import Calendar

from .. import deadlines, waiting
from ..actor import Actor
from ..models import Case
from ..states import OPEN, Rule, Way, Who
from ..transition import transition

RULE = Rule("recalculate", Way(from_=OPEN, to=None, who={Who.SYSTEM}), merged="too")


def recalculate(case: Case, *, by: Actor, old: Calendar, new: Calendar, at: datetime) -> Case:
    """Give both deadlines as much working time since the case came in, or was reopened, as they had, by the new calendar.

    Raises:
        ActionRefused: the case is over.
    """
    with transition(case, RULE, by=by, at=at) as change:
        change.set(**recounted(change.case, old=old, new=new), calendar_version=new.version)
    return change.case


def recounted(case: Case, *, old: Calendar, new: Calendar) -> dict[str, datetime]:
    """Return the case's dates by the new calendar: both deadlines, and until when it waits for its citizen, if it does."""
    since = case.clock_started_at
    found = {
        "due_at": deadlines.moved(case.due_at, start=since, old=old, new=new),
        "assign_by": deadlines.moved(case.assign_by, start=since, old=old, new=new),
    }
    if case.asked_at and case.waits_until:
        found["waits_until"], found["due_at"] = waiting.recalculated(
            case.asked_at, case.waits_until, case.due_at, old=old, new=new
        )
    return found
