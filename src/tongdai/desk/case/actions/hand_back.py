"""Handing back on the desk: why, and who is competent."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.hand_back import hand_back
from tongdai.cases.history import Step
from tongdai.cases.models import Case

from ..action import ActionForm, CaseAction, Line
from ..forms import RowField, WordsField, agency_rows


class HandBackForm(ActionForm):
    template = "desk/case/_hand_back.html"
    reason = WordsField(
        label=gettext_lazy("Vì sao không thuộc cơ quan bạn"),
        max_length=2000,
        error_messages={"required": gettext_lazy("Hãy viết lý do, để điều phối viên chuyển đúng nơi.")},
    )
    competent = RowField(rows=agency_rows, required=False)

    @classmethod
    def shown(cls, case: Case) -> Mapping[str, object]:
        return {"agencies": agency_rows()}


def line(step: Step) -> Line:
    row = step.assignment
    right = row.competent.name if row and row.competent else ""
    return Line(
        title=_("%(agency)s trả lại") % {"agency": step.lead},
        how=step.who,
        words=row.end_reason if row else "",
        note=_("Cho rằng thuộc: %(agency)s") % {"agency": right} if right else "",
    )


FACE = CaseAction(
    "hand_back",
    icon="arrow-back-up",
    line=line,
    do=hand_back,
    path="tra-lai",
    label=gettext_lazy("Trả lại"),
    key="b",
    form=HandBackForm,
    done=gettext_lazy("Đã trả lại phiếu %(code)s cho điều phối viên."),
)
