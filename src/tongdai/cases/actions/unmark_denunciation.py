"""Unmark a denunciation: the inspectorate says that it is none, and the case is everybody's business again."""

from __future__ import annotations

from datetime import datetime

from .. import routing
from ..actor import Actor
from ..models import Case
from ..transition import moving
from ..triage.danger import Level


def unmark_denunciation(case: Case, *, by: Actor, at: datetime) -> Case:
    """Give the case back to the coordinator, or leave it with the agency that has it; its deadline runs on.

    Raises:
        ActionRefused: it is no denunciation, or `by` is no inspector who knows of it.
    """
    with moving(case, "unmark_denunciation", by=by, at=at) as move:
        running = move.case.assignments.filter(ended_at=None).first()
        move.set(
            confidential=False, denounced=None, denounced_elsewhere=False, lead=running.agency if running else None
        )
        if move.case.topic is not None and move.case.topic.confidential:
            move.set(topic=None)
        # what could not wait, and rang nobody while it was secret, rings now
        move.set(urgent=routing.is_urgent(move.case.topic, Level(move.case.danger_level)))
    return move.case
