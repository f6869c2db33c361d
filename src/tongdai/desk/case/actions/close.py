"""Closing on the desk, with one key."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.close import close
from tongdai.cases.history import Step

from ..action import CaseAction, Line


def line(step: Step) -> Line:
    return Line(title=_("Kết thúc phiếu"), how=step.who)


FACE = CaseAction(
    "close",
    icon="lock",
    line=line,
    do=close,
    path="ket-thuc",
    label=gettext_lazy("Kết thúc"),
    key="e",
    done=gettext_lazy("Đã kết thúc phiếu %(code)s."),
)
