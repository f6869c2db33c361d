"""Assigning on the desk: the agency, and a word to it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.access import secrecy
from tongdai.cases.actions.assign import assign
from tongdai.cases.history import Step
from tongdai.cases.models import Case

from ..action import ActionForm, CaseAction, Line
from ..forms import RowField, WordsField, agency_rows


class AssignForm(ActionForm):
    template = "desk/case/_assign.html"
    agency = RowField(rows=agency_rows, error_messages={"required": gettext_lazy("Hãy chọn cơ quan.")})
    note = WordsField(label=gettext_lazy("Nhắn cơ quan"), required=False, max_length=2000)

    @classmethod
    def shown(cls, case: Case) -> Mapping[str, object]:
        return {"agencies": secrecy.may_go_to(case, agency_rows())}


def line(step: Step) -> Line:
    note = step.assignment.note if step.assignment else ""
    return Line(title=_("Chuyển %(agency)s") % {"agency": step.lead}, how=step.who, note=note)


FACE = CaseAction(
    "assign",
    icon="send",
    line=line,
    do=assign,
    path="chuyen",
    label=gettext_lazy("Cơ quan khác"),
    key="c",
    form=AssignForm,
    done=gettext_lazy("Đã chuyển phiếu %(code)s đến %(agency)s."),
    makes_sense=lambda case: not case.perhaps_denunciation,  # the doubt comes first
)
