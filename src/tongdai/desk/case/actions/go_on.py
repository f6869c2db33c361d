"""Going on without a reply: the button of whoever needs none any more, and the line of a case whose days were over."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.go_on import go_on
from tongdai.cases.history import Step

from ..action import CaseAction, Line


def line(step: Step) -> Line:
    if step.user:
        return Line(title=_("Xử lý tiếp, không chờ trả lời"), how=step.who)
    return Line(title=_("Hết hạn chờ, người dân chưa trả lời: xử lý tiếp"))


FACE = CaseAction(
    "go_on",
    icon="player-play",
    line=line,
    do=go_on,
    path="xu-ly-tiep",
    label=gettext_lazy("Xử lý tiếp"),
    key="q",
    done=gettext_lazy("Phiếu %(code)s được xử lý tiếp, không chờ trả lời. Hạn trả lời lại đếm."),
    makes_sense=lambda case: case.waits,
)
