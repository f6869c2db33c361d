"""Asking another agency to help, on the desk: which, what for, by which day."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.request_support import request_support
from tongdai.cases.history import Step
from tongdai.cases.models import Case
from tongdai.language.dates import in_words

from ..action import ActionForm, CaseAction, Line
from ..forms import DayField, RowField, WordsField, agency_rows


class RequestSupportForm(ActionForm):
    template = "desk/case/_request_support.html"
    agency = RowField(rows=agency_rows, error_messages={"required": gettext_lazy("Hãy chọn cơ quan.")})
    task = WordsField(
        label=gettext_lazy("Nhờ việc gì"),
        max_length=2000,
        error_messages={"required": gettext_lazy("Hãy viết việc cần làm, ví dụ: xác định chủ cột điện này.")},
    )
    until = DayField(
        label=gettext_lazy("Trả lời bạn chậm nhất ngày"),
        error_messages={"required": gettext_lazy("Hãy chọn ngày.")},
    )

    @classmethod
    def shown(cls, case: Case) -> Mapping[str, object]:
        return {"agencies": [each for each in agency_rows() if each.pk != case.lead_id]}


def line(step: Step) -> Line:
    if step.support is None:
        return Line(how=step.who)
    names = {"agency": step.support.agency.name, "due": in_words(step.support.due_at)}
    return Line(title=_("Nhờ %(agency)s phối hợp, đến %(due)s") % names, how=step.who, words=step.support.task)


FACE = CaseAction(
    "request_support",
    icon="users",
    line=line,
    do=request_support,
    path="nho-phoi-hop",
    label=gettext_lazy("Nhờ phối hợp"),
    key="n",
    form=RequestSupportForm,
    done=gettext_lazy("Đã nhờ %(agency)s phối hợp phiếu %(code)s."),
)
