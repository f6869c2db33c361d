"""Mark a case as a denunciation: from then on the inspectorate alone knows of it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongdai.knowledge.editing import articles_from_cases

from .. import routing
from ..actor import Actor
from ..models import Case
from ..states import ANYWHERE, WITH_AGENCY, Rule, State, Way, Who
from ..transition import Change, leaves_sight, transition
from ..triage.danger import Level
from .unmerge import release_all

RULE = Rule(
    "mark_denunciation",
    Way(from_=WITH_AGENCY, to=State.HANDED_BACK, who={Who.READER, Who.CITIZEN, Who.SYSTEM}),
    Way(from_=ANYWHERE - WITH_AGENCY, to=None, who={Who.READER, Who.CITIZEN, Who.SYSTEM}),
    merged="too",
)


def mark_denunciation(case: Case, *, by: Actor, at: datetime) -> Case:
    """Hide it from everybody else, whoever marks it and the agency it is with too: it goes to the inspectorate's inbox.

    What was read of it before stays on record; what was made of it (an article that answers it) is taken back.

    Raises:
        ActionRefused: it is one already, or this person can't see it.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if change.case.confidential:
            change.refuse(_("Phiếu này đã được giữ kín."))
        running = change.case.assignments.filter(ended_at=None).first()
        if change.way.to is not None and running is not None:
            running.ended_at = at
            running.save(update_fields=["ended_at"])
            change.record(assignment=running)
        seal(change, at=at)
        if change.case.topic is None:
            change.set(topic=routing.confidential_topic())
    return change.case


def seal(change: Change, *, at: datetime) -> None:
    """Make the case under way confidential; nobody follows it any more."""
    release_all(change.case, at=at)
    in_danger = change.case.danger_level == Level.LIFE  # a life goes before: it rings on, and nothing is said of it
    change.set(confidential=True, perhaps_denunciation=False, urgent=in_danger, lead=None)
    if change.case.visibility == Case.Visibility.PUBLIC:
        change.set(visibility=Case.Visibility.PRIVATE)
    articles_from_cases.take_back(change.case.pk)
    leaves_sight()
