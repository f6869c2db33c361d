"""Correct an answer that went out: its citizen reads the right words from now on, and is told so; the former ones stay."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongdai.people.purposes import Purpose

from .. import drafts
from ..actor import Actor
from ..models import Answer, Attachment, Case
from ..search.answer_words import vector
from ..states import Rule, State, Way, Who
from ..transition import transition
from . import follow
from .answer import Attached, attach, check_files
from .reopen import ENDED, WITHIN

RULE = Rule("correct", Way(from_=ENDED, to=None, who={Who.COORDINATOR, Who.OFFICER_OF_LEAD}), notifies=Purpose.ANSWER)


def current(case: Case) -> Answer | None:
    """Return the case's last answer in the words that hold now; None where there is none."""
    return follow.last_answer(case)


def files_of(given: Answer) -> list[Attachment]:
    """Return what goes with this answer, as it is shown."""
    return list(Attachment.objects.filter(case_id=given.case_id, answer=given).order_by("pk"))


def why_not(case: Case, *, at: datetime) -> str:
    """Say why nothing can be corrected in this case, whoever asks; empty: it can.

    While it is answered, always; once it is closed, for as long as its citizen may have it reopened.
    """
    last = current(case)
    if last is None or case.erased_at is not None or case.withdrawn_at is not None:
        return _("Phiếu này không có câu trả lời nào để sửa.")
    given_at = (last.corrects or last).answered_at
    if case.state == State.CLOSED and at - given_at > WITHIN:
        return _("Phiếu đã kết thúc, và đã quá {days} ngày kể từ câu trả lời. Mở lại phiếu để trả lời lại.").format(
            days=WITHIN.days
        )
    return ""


def why_not_by(case: Case, *, by: Actor) -> str:
    """Say why this actor doesn't correct it: what an approver had to read first goes out in other words by them alone."""
    if not drafts.why_no_answer(case, by=by):
        return ""
    return _("Trả lời này phải có người duyệt: chỉ người duyệt của cơ quan chủ trì sửa được.")


@transaction.atomic  # whoever was answered with it reads the right words, or nobody does
def correct(
    case: Case,
    *,
    by: Actor,
    text: str,
    reason: str,
    at: datetime,
    attached: Sequence[Attached] = (),
    left_out: Collection[int] = (),
    seen: int | None = None,
) -> Case:
    """Put these words in place of the last answer's, and tell its citizen why; its files stay, but for those `left_out`.

    It remains the same answer: the figures keep to the time it was first given at, and it is rated once. `seen`: the answer
    that whoever corrects it had before them.

    Raises:
        ActionRefused: there is none, it is too late, somebody else corrected it meanwhile, nothing is changed, or it isn't
            this actor's to correct, where its topic demands an approver; as of an answer, its files are too many, or its
            topic demands one.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if why := why_not(change.case, at=at) or why_not_by(change.case, by=by):
            change.refuse(why)
        last = current(change.case)
        assert last is not None
        if seen is not None and seen != last.pk:
            change.refuse(_("Câu trả lời vừa được người khác sửa. Xin xem lại rồi sửa tiếp nếu cần."))
        had = files_of(last)
        stay = [each for each in had if each.pk not in left_out]
        if text == last.text and not attached and len(stay) == len(had):
            change.refuse(_("Câu trả lời chưa có gì thay đổi."), argument="text")
        check_files(change, number=len(stay) + len(attached))
        given = Answer.objects.create(
            case=change.case,
            agency_id=by.user.agency_id if by.user else None,
            author=by.user,
            text=text,
            search=vector(text),
            answered_at=at,
            corrects=last.corrects or last,
        )
        Attachment.objects.filter(pk__in=[each.pk for each in stay]).update(answer=given)
        attach(given, attached, at=at)
        left = len(had) - len(stay)
        change.record(answer=given, files=len(stay) + len(attached) or None, left_out=left or None)
        change.add_remark(reason)
    follow.correct_all(change.case, given, reason=reason, at=at)
    return change.case
