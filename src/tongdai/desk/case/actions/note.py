"""A note on the desk, for colleagues alone."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.note import note
from tongdai.cases.history import Step

from ..action import ActionForm, CaseAction, Line
from ..forms import WordsField


class NoteForm(ActionForm):
    heading = gettext_lazy("Ghi chú nội bộ")
    explains = gettext_lazy("Chỉ cán bộ xem được phiếu này đọc được. Người dân không đọc, không được nhắn.")
    submit, icon = gettext_lazy("Ghi lại"), "pencil"
    words = WordsField(
        label=gettext_lazy("Ghi chú"),
        max_length=2000,
        error_messages={"required": gettext_lazy("Hãy viết điều cần ghi.")},
    )


def line(step: Step) -> Line:
    return Line(title=_("Ghi chú nội bộ"), how=step.who, words=step.remark)


FACE = CaseAction(
    "note",
    icon="pencil",
    line=line,
    do=note,
    path="ghi-chu",
    label=gettext_lazy("Ghi chú"),
    key="m",
    form=NoteForm,
    done=gettext_lazy("Đã ghi chú vào phiếu %(code)s. Người dân không đọc."),
    makes_sense=lambda case: case.erased_at is None,
)
