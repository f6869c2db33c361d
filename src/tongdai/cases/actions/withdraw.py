"""Withdraw a case: its citizen says that it is settled or no longer wanted. It ends with neither answer nor rejection."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongdai.people.models import Interaction
from tongdai.people.purposes import Purpose

from ..access import links
from ..actor import Actor
from ..models import Case, CaseInteraction
from ..states import OPEN, Rule, State, Way, Who
from ..transition import transition
from .unmerge import hand_on

RULE = Rule(
    "withdraw",
    Way(from_=OPEN, to=State.CLOSED, who={Who.CITIZEN, Who.COORDINATOR}),
    notifies=Purpose.RECEIPT,
    merged="too",
)


def is_decided_by_staff(case: Case) -> bool:
    """Say whether its citizen can only ask for it (`ask_to_withdraw`).

    Where a life is in danger, somebody else may hold the telephone: who is on duty looks. A denunciation is withdrawn in
    writing, and what it tells of may have to be settled all the same (Luật Tố cáo 2018, điều 33): the inspector decides.
    """
    return case.in_danger or case.confidential or case.perhaps_denunciation


@transaction.atomic  # with it another one leads those that follow it
def withdraw(case: Case, *, by: Actor, at: datetime, words: str = "", interaction: Interaction | None = None) -> Case:
    """End the case. `words`: why, if that was said on the page; `interaction`: the text that said so.

    The staff do it only where its citizen has asked, and `words` is then what they decided it by. What follows
    it goes on without it.

    Raises:
        ActionRefused: the case is over, isn't this actor's to withdraw, or a person is to decide first.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if by.who is Who.CITIZEN and is_decided_by_staff(change.case):
            change.refuse(_("Phiếu này không rút ngay được. Yêu cầu rút được ghi lại, và có người xem xét."))
        if by.who is not Who.CITIZEN and change.case.withdrawal_asked_at is None:
            change.refuse(_("Người dân chưa xin rút phiếu này."))
        if interaction is not None:
            CaseInteraction.objects.create(case=change.case, interaction=interaction)
            change.record(interaction_id=interaction.pk)
        change.set(withdrawn_at=at)
        change.add_remark(words)
        links.end_soon(change.case, at=at)
    hand_on(change.case, at=at)
    return change.case
