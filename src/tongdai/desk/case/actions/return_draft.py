"""Returning a draft on the desk: what its officers are to change."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.return_draft import return_draft
from tongdai.cases.history import Step

from ..action import CaseAction, Line
from ..forms import WordsField
from .approve import SeenForm


class ReturnForm(SeenForm):
    template = "desk/case/_return_draft.html"
    words = WordsField(
        label=gettext_lazy("Cần sửa gì"),
        max_length=2000,
        error_messages={"required": gettext_lazy("Hãy viết cần sửa gì. Người soạn thấy lời này trước tiên.")},
    )


def line(step: Step) -> Line:
    return Line(title=_("Trả lại dự thảo để sửa"), how=step.who, words=step.draft.wanted if step.draft else "")


FACE = CaseAction(
    "return_draft",
    icon="arrow-back-up",
    line=line,
    do=return_draft,
    path="tra-du-thao",
    label=gettext_lazy("Trả lại để sửa"),
    key="l",
    form=ReturnForm,
    done=gettext_lazy("Đã trả lại dự thảo của phiếu %(code)s. Cán bộ thấy ngay lời bạn viết."),
    makes_sense=lambda case: case.drafted_at is not None,
    beside_draft=True,
)
