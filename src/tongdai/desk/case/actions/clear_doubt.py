"""Clearing a doubt on the desk: its button stands with the question (`_doubt.html`), before all others."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.clear_doubt import clear_doubt
from tongdai.cases.history import Step

from ..action import CaseAction, Line
from ..words import who_of_denunciation


def line(step: Step) -> Line:
    return Line(title=_("Đã hỏi lại: không phải tố cáo"), how=who_of_denunciation(step))


FACE = CaseAction(
    "clear_doubt",
    icon="check",
    line=line,
    do=clear_doubt,
    path="da-xem",
    done=gettext_lazy("Đã ghi: không phải tố cáo. Chuyển được như phiếu thường."),
)
