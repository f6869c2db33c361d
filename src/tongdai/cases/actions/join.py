"""Join what a citizen said again to the case they said it in first: the same matter is one case."""

from __future__ import annotations

from datetime import datetime

from tongdai.people.models import Interaction

from ..actor import Actor
from ..models import Case, CaseInteraction
from ..moving import moving


def join(case: Case, *, interaction: Interaction, by: Actor, at: datetime) -> Case:
    """Keep one more interaction in the case; its state and clock stay as they are."""
    with moving(case, "join", by=by, at=at) as move:
        CaseInteraction.objects.create(case=move.case, interaction=interaction)
        move.record(interaction_id=interaction.pk)
    return move.case
