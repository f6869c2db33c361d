"""Correcting an answer on the desk: the right words in place of those that went out, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.correct import correct, current, files_of, why_not, why_not_by
from tongdai.cases.actor import Actor
from tongdai.cases.history import Step
from tongdai.cases.models import Attachment, Case
from tongdai.platform.clock import now
from tongdai.shell.staff import StaffRequest

from ..action import CaseAction, Line
from ..attached import Files
from ..forms import AnsweringForm, WordsField

STAYS = "stays"  # the field with what goes with the answer already and stays with it


class CorrectForm(AnsweringForm):
    """`seen`: the answer that stands in the form, so that nobody corrects what somebody else has just corrected."""

    template = "desk/case/_correct.html"
    seen = forms.IntegerField(required=False, max_value=2**62, widget=forms.HiddenInput)
    text = WordsField(
        label=gettext_lazy("Câu trả lời đúng"),
        error_messages={"required": gettext_lazy("Hãy viết câu trả lời. Người dân sẽ đọc đúng lời này.")},
    )
    reason = WordsField(
        label=gettext_lazy("Lý do sửa"),
        max_length=2000,
        error_messages={"required": gettext_lazy("Hãy viết vì sao phải sửa. Người dân sẽ đọc đúng lời này.")},
    )

    @classmethod
    def first(cls, case: Case, request: StaffRequest) -> Mapping[str, object]:
        last = current(case)
        return {"text": last.text, "seen": last.pk} if last else {}

    @classmethod
    def shown(cls, case: Case) -> Mapping[str, object]:
        last = current(case)
        return {"there": files_of(last) if last else []}

    @property
    def staying(self) -> list[str]:
        """The ids of the files that stay, as the form says."""
        return self.data.getlist(STAYS) if self.is_bound else []  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"stays": {int(each) for each in self.staying if each.isdecimal()}}


def line(step: Step) -> Line:
    given = step.answer
    agency = given.agency.name if given and given.agency else _("Tổng đài 1022")
    title = _("%(agency)s sửa câu trả lời") % {"agency": agency}
    why = _("Lý do: %(reason)s") % {"reason": step.remark} if step.remark else ""
    return Line(title=title, how=step.who, words=given.text if given else "", note=why)


def with_files(
    case: Case, *, by: Actor, at: datetime, text: str, reason: str, attached: Files, stays: set[int], seen: int | None
) -> Case:
    """Correct the answer, once its new photos and documents stand in the storage."""
    there = Attachment.objects.filter(case=case, answer=seen).values_list("pk", flat=True) if seen else []
    with attached.written(at=at) as written:
        return correct(
            case, by=by, text=text, reason=reason, attached=written, left_out=set(there) - stays, seen=seen, at=at
        )


FACE = CaseAction(
    "correct",
    icon="pencil",
    line=line,
    do=with_files,
    path="sua-tra-loi",
    label=gettext_lazy("Sửa câu trả lời"),
    key="f",
    form=CorrectForm,
    done=gettext_lazy("Đã sửa câu trả lời của phiếu %(code)s. Người dân được báo."),
    makes_sense=lambda case: case.answered_at is not None and not why_not(case, at=now()),
    makes_sense_to=lambda case, user: not why_not_by(case, by=Actor.staff(user)),
)
