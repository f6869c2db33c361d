"""Marking a denunciation on the desk: first what will be so from then on; done, no more is said than where it went.

The addresses of this and its sisters don't say what it is: they stand in logs.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.mark_denunciation import mark_denunciation
from tongdai.cases.history import Step

from ..action import ActionForm, CaseAction, Line
from ..words import who_of_denunciation


class MarkForm(ActionForm):
    template = "desk/case/_mark_denunciation.html"


def line(step: Step) -> Line:
    return Line(title=_("Đánh dấu là tố cáo, chuyển thanh tra"), how=who_of_denunciation(step))


FACE = CaseAction(
    "mark_denunciation",
    icon="shield-lock",
    line=line,
    do=mark_denunciation,
    path="danh-dau",
    label=gettext_lazy("Là tố cáo"),
    key="t",
    form=MarkForm,
    done=gettext_lazy("Đã chuyển thanh tra."),
    makes_sense=lambda case: not case.perhaps_denunciation,  # the doubt has a button of its own for it
)
