"""Rejecting on the desk: the ground in law, and the words the citizen reads."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.reject import reject
from tongdai.cases.history import Step
from tongdai.cases.models import Case, Rejection

from ..action import ActionForm, CaseAction, Line
from ..forms import WordsField


class RejectForm(ActionForm):
    reaches_followers = True
    template = "desk/case/_reject.html"
    ground = forms.ChoiceField(
        choices=Rejection.Ground,
        error_messages={"required": gettext_lazy("Hãy chọn căn cứ.")},
        label=gettext_lazy("Căn cứ"),
    )
    reason = WordsField(
        label=gettext_lazy("Lời nói với người dân"),
        max_length=2000,
        error_messages={"required": gettext_lazy("Hãy viết lý do. Người dân sẽ đọc đúng lời này.")},
    )

    @classmethod
    def shown(cls, case: Case) -> Mapping[str, object]:
        return {"grounds": Rejection.Ground.choices}


def line(step: Step) -> Line:
    ground = step.rejection.get_ground_display() if step.rejection else ""
    reason = step.rejection.reason if step.rejection else ""
    return Line(title=_("Từ chối: %(ground)s") % {"ground": ground}, how=step.who, words=reason)


FACE = CaseAction(
    "reject",
    icon="ban",
    line=line,
    do=reject,
    path="tu-choi",
    label=gettext_lazy("Từ chối"),
    key="x",
    form=RejectForm,
    done=gettext_lazy("Đã từ chối phiếu %(code)s. Người dân được báo lý do."),
)
