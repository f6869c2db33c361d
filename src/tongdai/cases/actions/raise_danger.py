"""Raise a case's level of danger: the second look, or a person, sees more in it than was seen at first."""

from __future__ import annotations

from datetime import datetime

from .. import routing
from ..actor import Actor
from ..models import Case
from ..transition import moving
from ..triage.danger import Kind, Level


def raise_danger(case: Case, *, by: Actor, level: Level, kind: Kind | None, at: datetime) -> Case:
    """Set level and kind; who is on duty is rung and the citizen told, as if it had been seen at once.

    Raises:
        ActionRefused: the case is over, or this actor may not.
    """
    with moving(case, "raise_danger", by=by, at=at) as move:
        move.set(
            urgent=move.case.urgent or routing.is_urgent(move.case.topic, level, secret=move.case.confidential),
            danger_level=level,
            danger_kind=kind or move.case.danger_kind,
        )
    return move.case
