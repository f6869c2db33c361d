"""Approve a draft: it becomes the answer, in its author's words, and its citizen is told as of any answer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongdai.people.purposes import Purpose

from .. import drafts
from ..actor import Actor
from ..models import Answer, Attachment, Case, Draft, DraftFile
from ..search.answer_words import vector
from ..states import WITH_AGENCY, Rule, State, Way, Who
from ..transition import Change, transition
from . import follow
from .answer import check_files

RULE = Rule(
    "approve",
    Way(from_=WITH_AGENCY, to=State.ANSWERED, who={Who.APPROVER_OF_LEAD}),
    notifies=Purpose.ANSWER,
)


def to_decide(change: Change, *, by: Actor, seen: int | None) -> Draft:
    """Return the draft that waits for this approver, which is the one they have `seen`.

    Raises:
        ActionRefused: none waits, it is their own, or another stands in its place by now.
    """
    waiting = drafts.current(change.case)
    if waiting is None or change.case.drafted_at is None:
        change.refuse(_("Không còn dự thảo nào của phiếu này chờ duyệt."))
    if by.user is not None and waiting.author_id == by.user.pk:
        change.refuse(_("Bạn soạn dự thảo này nên không tự duyệt được: chờ người duyệt khác, hoặc rút lại."))
    if seen is not None and seen != waiting.pk:
        change.refuse(_("Dự thảo vừa được thay bằng bản khác. Xin đọc lại rồi mới duyệt."))
    return waiting


@transaction.atomic  # whoever follows it is answered with it, or nobody is
def approve(case: Case, *, by: Actor, at: datetime, seen: int | None = None) -> Case:
    """Give the draft as the city's answer, at this moment. The first answer stops the answer clock.

    `seen`: the draft that the approver had before them.

    Raises:
        ActionRefused: the case isn't with `by`'s agency, or they are no approver; no draft waits, it is their own, or
            another than they read; its topic demands a photo or a document by now, and there is none.
    """
    with transition(case, RULE, by=by, at=at) as change:
        approved = to_decide(change, by=by, seen=seen)
        files = drafts.files_of(approved)
        check_files(change, number=len(files))
        given = Answer.objects.create(
            case=change.case,
            agency_id=approved.agency_id,
            author=approved.author,
            approved_by=by.user,
            text=approved.text,
            answered_at=at,
            search=vector(approved.text),
        )
        _hand_over(files, given)
        change.set(answered_at=change.case.answered_at or at)
        change.record(answer=given, draft=approved.pk, files=len(files) or None)
    follow.answer_all(change.case, given, at=at)
    return change.case


def _hand_over(files: list[DraftFile], given: Answer) -> None:
    """Make attachments of the answer out of the draft's files: the same files in the storage, in the same order."""
    DraftFile.objects.filter(pk__in=[each.pk for each in files]).delete()
    shared = [field.attname for field in DraftFile._meta.concrete_fields if field.attname not in ("id", "draft_id")]
    Attachment.objects.bulk_create(
        Attachment(case_id=given.case_id, answer=given, **{name: getattr(each, name) for name in shared})
        for each in files
    )
