"""Join what a citizen said again to the case they said it in first: the same matter is one case."""

from __future__ import annotations

from datetime import datetime

from tongdai.people.models import Interaction

from ..actor import Actor
from ..lifecycle import OPEN
from ..models import Case, CaseInteraction
from ..transition import moving
from ..triage.danger import RANK, Level
from ..triage.judgement import judge
from .raise_danger import raise_danger


def join(case: Case, *, interaction: Interaction, by: Actor, at: datetime) -> Case:
    """Keep one more interaction in the case; its state and clock stay as they are. What speaks of more danger raises it."""
    with moving(case, "join", by=by, at=at) as move:
        CaseInteraction.objects.create(case=move.case, interaction=interaction)
        move.record(interaction_id=interaction.pk)
    judged = judge(interaction.body)
    if move.case.state in OPEN and RANK[judged.level] > RANK[Level(move.case.danger_level)]:
        return raise_danger(move.case, by=Actor.system(), level=judged.level, kind=judged.kind, at=at)
    return move.case
