"""Recalling a denunciation on the desk, with one key."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.recall import recall
from tongdai.cases.history import Step

from ..action import CaseAction, Line


def line(step: Step) -> Line:
    return Line(title=_("Thu hồi từ %(agency)s") % {"agency": step.lead}, how=step.who)


FACE = CaseAction(
    "recall",
    icon="arrow-back-up",
    line=line,
    do=recall,
    path="lay-lai",
    label=gettext_lazy("Thu hồi"),
    key="h",
    done=gettext_lazy("Đã thu hồi phiếu %(code)s về thanh tra."),
)
