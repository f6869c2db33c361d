"""Classify a case: which subject it is of and where it lies. The law's time limit follows from the subject."""

from __future__ import annotations

from datetime import datetime

from tongdai.directory.calendar import the_calendar
from tongdai.directory.models import Place, Topic

from .. import deadlines, routing
from ..actor import Actor
from ..models import Case
from ..transition import moving
from ..triage.danger import Level
from .mark_denunciation import seal


def classify(case: Case, *, by: Actor, topic: Topic | None, place: Place | None, at: datetime) -> Case:
    """Set topic and place. The deadline is counted anew from the day the case was received.

    A confidential topic makes the case confidential; no topic makes it public business again (`unmark_denunciation`).

    Raises:
        ActionRefused: the case isn't in the inbox, or isn't this actor's to classify.
    """
    with moving(case, "classify", by=by, at=at) as move:
        move.set(topic=topic, place=place)
        if topic is not None:
            secret = move.case.confidential or topic.confidential
            if topic.confidential and not move.case.confidential:
                seal(move)
            calendar = the_calendar()
            move.set(
                urgent=routing.is_urgent(topic, Level(move.case.danger_level), secret=secret),
                due_at=deadlines.due_at(move.case.received_at, hours=topic.limit_hours, calendar=calendar),
                assign_by=deadlines.assign_by(move.case.received_at, calendar=calendar),
                calendar_version=calendar.version,
            )
    return move.case
