"""Withdrawing what another agency was asked for, on the desk: which, and why it need not help any more."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases import supports
from tongdai.cases.actions.withdraw_support import withdraw_support
from tongdai.cases.history import Step
from tongdai.cases.models import Case

from ..action import ActionForm, CaseAction, Line
from ..forms import RowField, WordsField, agency_rows


class WithdrawSupportForm(ActionForm):
    template = "desk/case/_withdraw_support.html"
    agency = RowField(rows=agency_rows, error_messages={"required": gettext_lazy("Hãy chọn cơ quan.")})
    reason = WordsField(label=gettext_lazy("Vì sao (ghi vào lịch sử)"), required=False, max_length=2000)

    @classmethod
    def shown(cls, case: Case) -> Mapping[str, object]:
        return {"asked": supports.open_of(case)}


def line(step: Step) -> Line:
    if step.support is None:
        return Line(how=step.who)
    title = _("Rút lời nhờ %(agency)s phối hợp") % {"agency": step.support.agency.name}
    return Line(title=title, how=step.who, words=step.support.words)


FACE = CaseAction(
    "withdraw_support",
    icon="x",
    line=line,
    do=withdraw_support,
    path="thoi-nho",
    label=gettext_lazy("Rút lời nhờ"),
    key="e",
    form=WithdrawSupportForm,
    done=gettext_lazy("%(agency)s không phải phối hợp phiếu %(code)s nữa."),
    makes_sense=lambda case: case.support_asked_at is not None,
)
