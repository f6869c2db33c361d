"""Unmark a denunciation: the inspectorate says that it is none, and the case is everybody's business again."""

from __future__ import annotations

from datetime import datetime

from .. import routing
from ..actor import Actor
from ..models import Case
from ..states import ANYWHERE, Rule, Way, Who
from ..transition import transition
from ..triage.danger import Level

RULE = Rule("unmark_denunciation", Way(from_=ANYWHERE, to=None, who={Who.INSPECTOR}))


def unmark_denunciation(case: Case, *, by: Actor, at: datetime) -> Case:
    """Give the case back to the coordinator, or leave it with the agency that has it; its deadline runs on.

    Raises:
        ActionRefused: it is no denunciation, or `by` is no inspector who knows of it.
    """
    with transition(case, RULE, by=by, at=at) as change:
        running = change.case.assignments.filter(ended_at=None).first()
        change.set(
            confidential=False, denounced=None, denounced_elsewhere=False, lead=running.agency if running else None
        )
        if change.case.topic is not None and change.case.topic.confidential:
            change.set(topic=None)
        # what could not wait, and rang nobody while it was secret, rings now
        change.set(urgent=routing.is_urgent(change.case.topic, Level(change.case.danger_level)))
    return change.case
