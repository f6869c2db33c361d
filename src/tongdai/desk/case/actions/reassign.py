"""Reassigning on the desk: the other agency, and why."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.access import secrecy
from tongdai.cases.actions.reassign import reassign
from tongdai.cases.history import Step
from tongdai.cases.models import Case

from ..action import ActionForm, CaseAction, Line
from ..forms import RowField, WordsField, agency_rows


class ReassignForm(ActionForm):
    template = "desk/case/_reassign.html"
    agency = RowField(rows=agency_rows, error_messages={"required": gettext_lazy("Hãy chọn cơ quan.")})
    reason = WordsField(label=gettext_lazy("Lý do"), required=False, max_length=2000)

    @classmethod
    def shown(cls, case: Case) -> Mapping[str, object]:
        others = [row for row in agency_rows() if row.pk != case.lead_id]
        return {"agencies": secrecy.may_go_to(case, others)}


def line(step: Step) -> Line:
    why = step.assignment.note if step.assignment else ""
    return Line(title=_("Chuyển sang %(agency)s") % {"agency": step.lead}, how=step.who, words=why)


FACE = CaseAction(
    "reassign",
    icon="send",
    line=line,
    do=reassign,
    path="chuyen-lai",
    label=gettext_lazy("Chuyển cơ quan khác"),
    key="c",
    form=ReassignForm,
    done=gettext_lazy("Đã chuyển phiếu %(code)s sang %(agency)s."),
)
