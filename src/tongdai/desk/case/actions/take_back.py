"""Taking one's own draft back on the desk, while nobody has decided."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.take_back import take_back
from tongdai.cases.history import Step

from ..action import CaseAction, Line


def line(step: Step) -> Line:
    return Line(title=_("Rút lại dự thảo"), how=step.who)


FACE = CaseAction(
    "take_back",
    icon="arrow-back-up",
    line=line,
    do=take_back,
    path="rut-du-thao",
    label=gettext_lazy("Rút lại dự thảo"),
    key="z",
    done=gettext_lazy("Đã rút lại dự thảo của phiếu %(code)s. Sửa xong thì trình lại."),
    makes_sense=lambda case: case.drafted_at is not None,
    beside_draft=True,
)
