"""Join what a citizen said again to the case they said it in first: the same matter is one case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tongdai.people.models import Interaction

from ..actor import Actor
from ..models import Case, CaseInteraction
from ..states import ANYWHERE, OPEN, Rule, Way, Who
from ..transition import transition
from ..triage.danger import RANK, Level
from ..triage.judgement import judge
from .raise_danger import raise_danger

RULE = Rule("join", Way(from_=ANYWHERE, to=None, who={Who.CITIZEN, Who.CALL_TAKER, Who.SYSTEM}), merged="too")


@transaction.atomic  # danger is raised with it, or neither is done
def join(case: Case, *, interaction: Interaction, by: Actor, at: datetime, raises: bool = True) -> Case:
    """Keep one more interaction in the case; its state and clock stay as they are. What speaks of more danger raises it.

    Not `raises`: whoever read it is sure that it speaks of none, whatever its words sound like.
    """
    with transition(case, RULE, by=by, at=at) as change:
        CaseInteraction.objects.create(case=change.case, interaction=interaction)
        change.record(interaction_id=interaction.pk)
    judged = judge(interaction.body)
    if raises and change.case.state in OPEN and RANK[judged.level] > RANK[Level(change.case.danger_level)]:
        return raise_danger(change.case, by=Actor.system(), level=judged.level, kind=judged.kind, at=at)
    return change.case
