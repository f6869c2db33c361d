"""Reply to what the city asked: the citizen, or whoever listens to them on the telephone. The case goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongdai.people.models import Interaction
from tongdai.people.purposes import Purpose

from .. import waiting
from ..actor import Actor
from ..models import Assignment, Attachment, Case, CaseInteraction
from ..states import WITH_AGENCY, Rule, State, Way, Who
from ..transition import Change, leaves_sight, transition
from ..triage.danger import RANK, Level
from ..triage.judgement import Judgement, judge
from .raise_danger import raise_danger
from .register import Photo
from .unmerge import release_all

ANYBODY = frozenset({Who.CITIZEN, Who.CALL_TAKER, Who.COORDINATOR, Who.OFFICER_OF_LEAD})
RULE = Rule(
    "reply",
    Way(from_=WITH_AGENCY, to=None, who=ANYBODY),
    Way(from_=WITH_AGENCY, to=State.ASSIGNED, who=ANYBODY),  # danger: who is on duty is rung until somebody takes it up
    Way(
        from_=WITH_AGENCY, to=State.HANDED_BACK, who=ANYBODY
    ),  # words that accuse: they may accuse the agency that asked
    notifies=Purpose.RECEIPT,
)


def may_reply(case: Case, *, by: Actor) -> bool:
    """Whether this actor may reply now."""
    return case.waits and RULE.is_open(state=State(case.state), capacities=by.capacities(case))


@transaction.atomic  # danger is raised with it, or neither is done
def reply(
    case: Case,
    *,
    by: Actor,
    at: datetime,
    words: str = "",
    interaction: Interaction | None = None,
    photos: Sequence[Photo] = (),
    raises: bool = True,
) -> Case:
    """Keep the reply and let the clock run on; danger that its citizen tells of raises the case.

    `words`: what was heard, written down by the staff; `interaction`: the text or form that holds the citizen's own, with
    its `photos`. Not `raises`: whoever read it is sure that it speaks of no danger, whatever its words sound like.

    Raises:
        ActionRefused: the case doesn't wait for a reply (any more), or isn't this actor's to reply to.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if not change.case.waits:
            change.refuse(_("Phiếu này không chờ trả lời, hoặc đã nhận được trả lời."))
        if interaction is not None:
            CaseInteraction.objects.create(case=change.case, interaction=interaction)
            change.record(interaction_id=interaction.pk)
            _keep(photos, change.case, interaction, at=at)
        change.set(**waiting.ended(change.case, at=at))
        change.add_remark(words)
        judged = judge(words or (interaction.body if interaction else ""))
        raises = raises and by.who is Who.CITIZEN  # the staff raise it themselves
        _lead_on(change, judged, raises=raises, at=at)
    if raises and RANK[judged.level] > RANK[Level(change.case.danger_level)]:
        return raise_danger(change.case, by=Actor.system(), level=judged.level, kind=judged.kind, at=at)
    return change.case


def _lead_on(change: Change, judged: Judgement, *, raises: bool, at: datetime) -> None:
    """It stays where it is, unless the words say that it can't."""
    if (judged.denunciation or judged.asked) and not change.case.confidential:
        Assignment.objects.filter(case=change.case, ended_at=None).update(ended_at=at)
        change.leads_to(State.HANDED_BACK)
        release_all(change.case, at=at)
        change.set(perhaps_denunciation=True, lead=None)
        leaves_sight()
    elif raises and judged.level is Level.LIFE:
        change.leads_to(State.ASSIGNED)
    if raises and judged.level is Level.LIFE:
        if change.case.urgent:  # who took it up then did so for what was known then
            change.set(taken_at=None)
        change.ring_on_duty()


def _keep(photos: Sequence[Photo], case: Case, interaction: Interaction, *, at: datetime) -> None:
    Attachment.objects.bulk_create(
        photo.row(case_id=case.pk, interaction=interaction, created_at=at) for photo in photos
    )
