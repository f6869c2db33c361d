"""Ask that a case be withdrawn, where a person is to decide: a life in danger, a denunciation. State and clocks stay."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongdai.people.models import Interaction

from ..actor import Actor
from ..models import Case, CaseInteraction
from ..states import OPEN, Rule, Way, Who
from ..transition import transition

RULE = Rule("ask_to_withdraw", Way(from_=OPEN, to=None, who={Who.CITIZEN}), merged="too")


def ask_to_withdraw(
    case: Case, *, by: Actor, at: datetime, words: str = "", interaction: Interaction | None = None
) -> Case:
    """Put the request on record, once; whoever is on duty is rung on. `words`, `interaction`: as in `withdraw`.

    Raises:
        ActionRefused: the case is over, it was asked for already, or not by its citizen.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if change.case.withdrawal_asked_at is not None:
            change.refuse(_("Yêu cầu rút phiếu này đã được ghi lại."))
        if interaction is not None:
            CaseInteraction.objects.create(case=change.case, interaction=interaction)
            change.record(interaction_id=interaction.pk)
        change.set(withdrawal_asked_at=at)
        change.add_remark(words)
    return change.case
