"""Words that were erased, in the staff's timeline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..action import CaseAction, Line


def line(step: Step) -> Line:
    if step.changed.get("because") == "request":
        return Line(title=_("Xóa lời kể, ảnh, tên và số theo yêu cầu của người dân"))
    return Line(title=_("Xóa lời kể, ảnh, tên và số"))


FACE = CaseAction("erase", icon="eye-off", line=line)
