"""A doubt of the second look, in the staff's timeline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..action import CaseAction, Line
from ..words import who_of_denunciation


def line(step: Step) -> Line:
    return Line(title=_("Máy đọc lại: có thể là tố cáo"), how=who_of_denunciation(step))


FACE = CaseAction("raise_doubt", icon="shield-lock", line=line)
