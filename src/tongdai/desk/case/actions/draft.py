"""Drafting an answer on the desk: the words an approver reads before the citizen does, begun from a draft that came back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases import drafts
from tongdai.cases.actions.draft import draft
from tongdai.cases.actor import Actor
from tongdai.cases.history import Step
from tongdai.cases.models import Case, DraftFile
from tongdai.shell.staff import StaffRequest

from ..action import CaseAction, Line
from ..attached import Files
from ..forms import AnsweringForm, WordsField
from .answer import from_the_base

STAYS = "stays"  # the field with what goes with the draft already and stays with it


class DraftForm(AnsweringForm):
    """`seen`: the draft that stands in the form, so that nobody mends what somebody else has just mended."""

    template = "desk/case/_draft.html"
    seen = forms.IntegerField(required=False, max_value=2**62, widget=forms.HiddenInput)
    text = WordsField(
        label=gettext_lazy("Dự thảo trả lời"),
        error_messages={"required": gettext_lazy("Hãy viết câu trả lời. Duyệt xong, người dân đọc đúng lời này.")},
    )

    @classmethod
    def first(cls, case: Case, request: StaffRequest) -> Mapping[str, object]:
        base, returned = from_the_base(request, case.language), drafts.current(case)
        if returned is None:
            return {"text": base}
        return {"text": base or returned.text, "seen": returned.pk}

    @classmethod
    def shown(cls, case: Case) -> Mapping[str, object]:
        returned = drafts.current(case)
        return {
            "there": drafts.files_of(returned) if returned else [],
            "returned": returned,
            "why_not": drafts.why_none(case, by=Actor(who=None)),
        }

    @property
    def staying(self) -> list[str]:
        """The ids of the files that stay, as the form says."""
        return self.data.getlist(STAYS) if self.is_bound else []  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"stays": {int(each) for each in self.staying if each.isdecimal()}}


def line(step: Step) -> Line:
    words = step.draft.text if step.draft else ""
    return Line(title=_("Trình duyệt câu trả lời"), how=step.who, words=words, folded=_("Xem dự thảo"))


def with_files(
    case: Case, *, by: Actor, at: datetime, text: str, attached: Files, stays: set[int], seen: int | None
) -> Case:
    """Hand the draft in, once its new photos and documents stand in the storage."""
    there = DraftFile.objects.filter(draft__case=case, draft=seen).values_list("pk", flat=True) if seen else []
    with attached.written(at=at) as written:
        return draft(case, by=by, text=text, attached=written, left_out=set(there) - stays, seen=seen, at=at)


FACE = CaseAction(
    "draft",
    icon="file-text",
    line=line,
    do=with_files,
    path="trinh-duyet",
    label=gettext_lazy("Trình duyệt"),
    key="p",
    form=DraftForm,
    done=gettext_lazy("Đã trình duyệt câu trả lời phiếu %(code)s. Duyệt xong người dân mới đọc được."),
    makes_sense=lambda case: case.drafted_at is None,
    makes_sense_to=lambda case, user: bool(drafts.why_no_answer(case, by=Actor.staff(user))),
)
