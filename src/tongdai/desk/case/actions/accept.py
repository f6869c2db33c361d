"""Accepting on the desk, with one key."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.accept import accept
from tongdai.cases.history import Step

from ..action import CaseAction, Line


def line(step: Step) -> Line:
    return Line(title=_("%(agency)s nhận xử lý") % {"agency": step.lead}, how=step.who)


FACE = CaseAction(
    "accept",
    icon="user-check",
    line=line,
    do=accept,
    path="nhan",
    label=gettext_lazy("Nhận xử lý"),
    key="a",
    done=gettext_lazy("Cơ quan bạn đã nhận phiếu %(code)s."),
)
