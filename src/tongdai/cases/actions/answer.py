"""Answer a case: what is committed here goes to the citizen by the channel they came by, with photos and documents.

Where the topic demands an approver, they alone answer so; the others hand in a draft (`draft.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongdai.people.purposes import Purpose

from .. import drafts
from ..actor import Actor
from ..models import Answer, Attachment, Case, StoredFile
from ..search.answer_words import vector
from ..states import INBOX, WITH_AGENCY, Rule, State, Way, Who
from ..transition import Change, transition
from . import follow
from .register import Photo

RULE = Rule(
    "answer",
    Way(from_=INBOX, to=State.ANSWERED, who={Who.COORDINATOR}),
    Way(from_=WITH_AGENCY, to=State.ANSWERED, who={Who.OFFICER_OF_LEAD}),
    notifies=Purpose.ANSWER,
    undoable=True,
)
MOST_FILES = 10  # of one answer: whoever reads it has a telephone in hand


@dataclass(frozen=True)
class Attached:
    """A file that goes with an answer: looked at by then, and in the storage. `name`: of a document, as it is shown."""

    stored: Photo
    kind: StoredFile.Kind
    name: str = ""


@transaction.atomic  # whoever follows it is answered with it, or nobody is
def answer(case: Case, *, by: Actor, text: str, at: datetime, attached: Sequence[Attached] = ()) -> Case:
    """Give the city's answer, also to all whose cases follow this one. The first one stops the answer clock.

    Raises:
        ActionRefused: the case isn't this actor's to answer, or is answered already; its topic demands an approver; or a
            photo or a document, and there is none; there are too many.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if why := drafts.why_no_answer(change.case, by=by):
            change.refuse(why)
        check_files(change, number=len(attached))
        given = Answer.objects.create(
            case=change.case,
            agency_id=by.user.agency_id if by.user else None,
            author=by.user,
            text=text,
            answered_at=at,
            search=vector(text),
        )
        attach(given, attached, at=at)
        change.set(answered_at=change.case.answered_at or at)
        change.record(answer=given, files=len(attached) or None)
    follow.answer_all(change.case, given, at=at)
    return change.case


def check_files(change: Change, *, number: int) -> None:
    """Refuse an answer with more files than may go with one, or with none where its topic demands one."""
    topic = change.case.topic
    if number > MOST_FILES:
        change.refuse(_("Mỗi câu trả lời có tối đa {most} tệp.").format(most=MOST_FILES), argument="attached")
    if number == 0 and topic is not None and topic.proof_required:
        why = _("Lĩnh vực “{topic}” phải có ảnh hoặc tài liệu kèm câu trả lời.").format(topic=topic.name)
        change.refuse(why, argument="attached")


def attach(given: Answer, attached: Sequence[Attached], *, at: datetime) -> None:
    """Write which files go with this answer, in the order in which they are shown."""
    Attachment.objects.bulk_create(
        each.stored.row(case_id=given.case_id, answer=given, kind=each.kind, name=each.name, created_at=at)
        for each in attached
    )
