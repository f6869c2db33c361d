"""Merge a case into another one that is about the same matter: from then on it follows that one, and is answered with it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongdai.people.purposes import Purpose

from .. import waiting
from ..actor import Actor
from ..merging import followers
from ..models import Case
from ..states import ANYWHERE, OPEN, ActionRefused, Rule, State, Way, Who
from ..transition import transition
from . import follow

RULE = Rule("merge", Way(from_=OPEN, to=None, who={Who.COORDINATOR}), notifies=Purpose.RECEIPT)
# one that follows a case which is itself merged, or withdrawn: nothing changes for its citizen
MOVE = Rule("merge", Way(from_=ANYWHERE, to=None, who={Who.SYSTEM}), merged="only")


def why_not(case: Case, into: Case) -> str:
    """Say why this case can't be merged into that main case, whoever asks; empty: it can."""
    if case.pk == into.pk:
        return _("Không ghép được một phiếu vào chính nó. Hãy chọn phiếu khác.")
    if case.in_danger or case.untaken:
        return _("Phiếu báo có người nguy hiểm, hay phiếu khẩn chưa ai nhận, phải xử lý riêng. Hãy nhận việc trước.")
    if any(each.confidential or each.perhaps_denunciation for each in (case, into)):
        return _("Phiếu mật hay có thể là tố cáo thì không ghép với phiếu nào.")
    if into.withdrawn_at is not None:
        return _("Phiếu kia đã được người gửi rút. Hãy chọn phiếu khác.")
    if into.erased_at is not None:
        return _("Lời của phiếu kia đã được xóa theo luật. Hãy chọn phiếu khác.")
    if into.state not in OPEN and into.answered_at is None:
        return _("Phiếu kia đã bị từ chối. Hãy chọn phiếu khác.")
    return ""


def head_of(case: Case) -> Case:
    """Return the main case that this one follows; itself, where it follows none."""
    while case.duplicate_of is not None:
        case = case.duplicate_of
    return case


@transaction.atomic  # who is merged into an answered case is answered with it, or neither is done
def merge(case: Case, *, into: Case, by: Actor, at: datetime) -> Case:
    """Let the case follow `into`, or the one that follows in its turn; those that follow the case follow that one too.

    What the city asked its citizen is asked no more. Where the main case is answered already, its answer is given at once.

    Raises:
        ActionRefused: it is over, follows another one already, or isn't this actor's to merge; for what else: `why_not`.
    """
    main = _locked(case, into=into)
    with transition(case, RULE, by=by, at=at) as change:
        if main.pk == case.pk != into.pk:
            change.refuse(_("Phiếu kia đang theo chính phiếu này. Hãy chọn phiếu khác."), argument="into")
        if why := why_not(change.case, main):
            change.refuse(why, argument="into")
        if change.case.waits:
            change.set(**waiting.ended(change.case, at=at))
        change.set(duplicate_of=main, merged_at=at)
        answered = main.state not in OPEN
        change.record(answered=1 if answered else None)
    lead_on(change.case, to=main, at=at)
    if answered and (given := follow.last_answer(main)) is not None:
        return follow.answer(change.case, given=given, lead=main.lead, at=at)
    return change.case


def lead_on(case: Case, *, to: Case, at: datetime) -> None:
    """Let those that follow this case follow the other one, which is locked; it leads some from now on."""
    Case.objects.filter(pk=to.pk, has_duplicates=False).update(has_duplicates=True)
    for each in followers(case):
        if each.pk != to.pk:
            move(each, to=to, at=at)


def move(case: Case, *, to: Case, at: datetime) -> Case:
    """Let a merged case follow another main case, and be answered with it where that is answered.

    Raises:
        ActionRefused: it follows none any more.
    """
    with transition(case, MOVE, by=Actor.system(), at=at) as change:
        change.set(duplicate_of=to)
    if (
        State(to.state) in follow.ENDED
        and State(change.case.state) in OPEN
        and (given := follow.last_answer(to)) is not None
    ):
        return follow.answer(change.case, given=given, lead=to.lead, at=at)
    return change.case


def _locked(case: Case, *, into: Case) -> Case:
    """The main case, nobody else's until the transaction ends, nor is the case: locked in one order, whoever merges what."""
    main = head_of(Case.objects.get(pk=into.pk))  # as it is by now
    rows = Case.objects.select_for_update().filter(pk__in={case.pk, main.pk}).order_by("pk")
    found = {each.pk: each for each in rows}
    if found[main.pk].is_merged:
        why = _("Phiếu kia vừa được ghép vào phiếu khác. Xin xem lại rồi ghép tiếp nếu cần.")
        raise ActionRefused(action=RULE.action, state=case.state, why=why, argument="into")
    return found[main.pk]
