"""Approving a draft on the desk: one press beside the draft; its citizen reads it from then on."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy

from tongdai.cases import drafts
from tongdai.cases.actions.approve import approve
from tongdai.cases.models import Case
from tongdai.shell.staff import StaffRequest

from ..action import ActionForm, CaseAction
from .answer import line


class SeenForm(ActionForm):
    """`seen`: the draft that the approver had before them, so that nobody decides on words they have not read."""

    seen = forms.IntegerField(required=False, max_value=2**62, widget=forms.HiddenInput)

    @classmethod
    def first(cls, case: Case, request: StaffRequest) -> Mapping[str, object]:
        waiting = drafts.current(case)
        return {"seen": waiting.pk if waiting else None}


class ApproveForm(SeenForm):
    template = "desk/case/_approve.html"
    seen = forms.IntegerField(
        max_value=2**62,
        widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("Hãy đọc dự thảo rồi mới duyệt.")},
    )


FACE = CaseAction(
    "approve",
    icon="circle-check",
    line=line,
    do=approve,
    path="duyet",
    label=gettext_lazy("Duyệt và gửi người dân"),
    key="c",
    form=ApproveForm,
    done=gettext_lazy("Đã duyệt: phiếu %(code)s được trả lời. Người dân nhận theo kênh đã gửi."),
    makes_sense=lambda case: case.drafted_at is not None,
    beside_draft=True,
)
