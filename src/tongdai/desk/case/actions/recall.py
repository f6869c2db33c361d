"""Recalling on the desk: back into the inbox, and why."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.recall import recall
from tongdai.cases.history import Step

from ..action import ActionForm, CaseAction, Line
from ..forms import WordsField


class RecallForm(ActionForm):
    heading = gettext_lazy("Thu hồi phiếu")
    explains = gettext_lazy(
        "Phiếu rời cơ quan đang giữ và về lại hộp đến. Đồng hồ hạn trả lời vẫn chạy. Cơ quan đã nhận xử lý thì phải ghi lý do."
    )
    submit, icon = gettext_lazy("Thu hồi"), "arrow-back-up"
    reason = WordsField(label=gettext_lazy("Lý do"), required=False, max_length=2000)


def line(step: Step) -> Line:
    why = step.assignment.end_reason if step.assignment else ""
    return Line(title=_("Thu hồi từ %(agency)s") % {"agency": step.lead}, how=step.who, words=why)


FACE = CaseAction(
    "recall",
    icon="arrow-back-up",
    line=line,
    do=recall,
    path="lay-lai",
    label=gettext_lazy("Thu hồi"),
    key="h",
    form=RecallForm,
    done=gettext_lazy("Đã thu hồi phiếu %(code)s về hộp đến."),
)
