"""Raise a case's level of danger: the second look, or a person, sees more in it than was seen at first."""

from __future__ import annotations

from datetime import datetime

from tongdai.people.purposes import Purpose

from .. import routing
from ..actor import Actor
from ..models import Case
from ..states import OPEN, Rule, Way, Who
from ..transition import transition
from ..triage.danger import Kind, Level

RULE = Rule(
    "raise_danger",
    Way(from_=OPEN, to=None, who={Who.SYSTEM, Who.CALL_TAKER, Who.COORDINATOR}),
    notifies=Purpose.RECEIPT,
    merged="too",
)


def raise_danger(case: Case, *, by: Actor, level: Level, kind: Kind | None, at: datetime) -> Case:
    """Set level and kind; who is on duty is rung and the citizen told, as if it had been seen at once.

    Raises:
        ActionRefused: the case is over, or this actor may not.
    """
    with transition(case, RULE, by=by, at=at) as change:
        change.set(
            urgent=change.case.urgent or routing.is_urgent(change.case.topic, level, secret=change.case.confidential),
            danger_level=level,
            danger_kind=kind or change.case.danger_kind,
        )
    return change.case
