"""Answering on the desk: the words the citizen reads, begun from the knowledge base where one was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from tongdai.cases import drafts
from tongdai.cases.actions.answer import answer
from tongdai.cases.actor import Actor
from tongdai.cases.history import Step
from tongdai.cases.models import Case
from tongdai.knowledge.answer_key import AnswerKey, Part
from tongdai.knowledge.answers import by_key, english, short_links
from tongdai.shell.staff import StaffRequest

from ..action import CaseAction, Line
from ..attached import Files
from ..forms import AnsweringForm, WordsField


class AnswerForm(AnsweringForm):
    template = "desk/case/_answer.html"
    text = WordsField(
        label=gettext_lazy("Câu trả lời"),
        error_messages={"required": gettext_lazy("Hãy viết câu trả lời. Người dân sẽ đọc đúng lời này.")},
    )

    @classmethod
    def first(cls, case: Case, request: StaffRequest) -> Mapping[str, object]:
        return {"text": from_the_base(request, case.language)}


def from_the_base(request: StaffRequest, language: str) -> str:
    """Return the words of the answer `?mau=procedure:7&phan=papers`, to be mended; empty if there is none.

    In the citizen's language, as far as the base has it.
    """
    found, part = by_key.public_answer_of(AnswerKey.read(request.GET.get("mau", ""))), request.GET.get("phan", "")
    if found is None:
        return ""
    asked = Part(part) if part in set(Part) else None
    link = short_links.short(found.answer_key, asked, language=language)
    with override(language):
        return f"{english.title(found)}. {english.in_short(found, asked)}\n{link}"


def line(step: Step) -> Line:
    given = step.answer
    agency = given.agency.name if given and given.agency else _("Tổng đài 1022")
    text = given.text if given else ""
    how = step.who
    if given and given.approved_by:
        author = given.author.full_name if given.author else ""
        how = _("%(author)s soạn, %(approver)s duyệt") % {"author": author, "approver": given.approved_by.full_name}
    return Line(title=_("%(agency)s trả lời") % {"agency": agency}, how=how, words=text, icon="circle-check")


def with_files(case: Case, *, by: Actor, at: datetime, text: str, attached: Files) -> Case:
    """Give the answer, once its photos and documents stand in the storage."""
    with attached.written(at=at) as written:
        return answer(case, by=by, text=text, attached=written, at=at)


FACE = CaseAction(
    "answer",
    icon="message",
    line=line,
    do=with_files,
    path="tra-loi",
    label=gettext_lazy("Trả lời"),
    key="r",
    form=AnswerForm,
    done=gettext_lazy("Đã trả lời phiếu %(code)s. Người dân nhận theo kênh đã gửi."),
    makes_sense_to=lambda case, user: not drafts.why_no_answer(case, by=Actor.staff(user)),
)
