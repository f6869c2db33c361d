"""Classify a case: which subject it is of and where it lies. The law's time limit follows from the subject."""

from __future__ import annotations

from datetime import datetime, timedelta

from tongdai.directory.calendar.working_days import the_calendar
from tongdai.directory.models import Place, Topic

from .. import deadlines, routing, waiting
from ..actor import Actor
from ..models import Case
from ..states import INBOX, Rule, Way, Who
from ..transition import transition
from ..triage.danger import Level
from .mark_denunciation import seal

HOUR = timedelta(hours=1)
RULE = Rule("classify", Way(from_=INBOX, to=None, who={Who.COORDINATOR, Who.SYSTEM}), undoable=True)


def classify(case: Case, *, by: Actor, topic: Topic | None, place: Place | None, at: datetime) -> Case:
    """Set topic and place. The deadline is counted anew: from when the case came or was reopened, later by what its clock stood.

    A confidential topic makes the case confidential; no topic makes it public business again (`unmark_denunciation`).

    Raises:
        ActionRefused: the case isn't in the inbox, or isn't this actor's to classify.
    """
    with transition(case, RULE, by=by, at=at) as change:
        change.set(topic=topic, place=place)
        if topic is not None:
            secret = change.case.confidential or topic.confidential
            if topic.confidential and not change.case.confidential:
                seal(change, at=at)
            calendar, since = the_calendar(), change.case.clock_started_at
            stood = waiting.worked_while_it_stood(change.case) / HOUR if change.case.stood else 0
            change.set(
                urgent=routing.is_urgent(topic, Level(change.case.danger_level), secret=secret),
                due_at=deadlines.due_at(since, hours=topic.limit_hours + stood, calendar=calendar),
                assign_by=deadlines.assign_by(since, calendar=calendar),
                calendar_version=calendar.version,
            )
    return change.case
