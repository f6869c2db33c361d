"""Mark a case as a denunciation: from then on the inspectorate alone knows of it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongdai.knowledge import out_of_cases

from .. import routing
from ..actor import Actor
from ..models import Case
from ..transition import Moving, leaves_sight, moving, refuse
from ..triage.danger import Level


def mark_denunciation(case: Case, *, by: Actor, at: datetime) -> Case:
    """Hide it from everybody else, whoever marks it and the agency it is with too: it goes to the inspectorate's inbox.

    What was read of it before stays on record; what was made of it (an article that answers it) is taken back.

    Raises:
        ActionRefused: it is one already, or this person can't see it.
    """
    with moving(case, "mark_denunciation", by=by, at=at) as move:
        if move.case.confidential:
            refuse(move.case, "mark_denunciation", _("Phiếu này đã được giữ kín."))
        running = move.case.assignments.filter(ended_at=None).first()
        if move.move.target is not None and running is not None:
            running.ended_at = at
            running.save(update_fields=["ended_at"])
            move.record(assignment=running)
        seal(move)
        if move.case.topic is None:
            move.set(topic=routing.confidential_topic())
    return move.case


def seal(move: Moving) -> None:
    """Make the case under way confidential."""
    in_danger = move.case.danger_level == Level.LIFE  # a life goes before: it rings on, and nothing is said of it
    move.set(confidential=True, perhaps_denunciation=False, urgent=in_danger, lead=None)
    if move.case.visibility == Case.Visibility.PUBLIC:
        move.set(visibility=Case.Visibility.PRIVATE)
    out_of_cases.take_back(move.case.pk)
    leaves_sight()
