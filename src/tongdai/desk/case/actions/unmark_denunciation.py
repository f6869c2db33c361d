"""Unmarking a denunciation on the desk: first who will see the case from then on."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.unmark_denunciation import unmark_denunciation
from tongdai.cases.history import Step

from ..action import ActionForm, CaseAction, Line
from ..words import who_of_denunciation


class UnmarkForm(ActionForm):
    template = "desk/case/_unmark_denunciation.html"


def line(step: Step) -> Line:
    return Line(title=_("Thanh tra xem: không phải tố cáo"), how=who_of_denunciation(step))


FACE = CaseAction(
    "unmark_denunciation",
    icon="eye",
    line=line,
    do=unmark_denunciation,
    path="bo-dau",
    label=gettext_lazy("Không phải tố cáo"),
    key="d",
    form=UnmarkForm,
    done=gettext_lazy("Phiếu %(code)s đã thành phiếu thường."),
)
