"""A number that was proven, in the staff's timeline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..action import CaseAction, Line


def line(step: Step) -> Line:
    return Line(title=_("Người gửi đã xác nhận số điện thoại"))


FACE = CaseAction("prove_number", icon="user-check", line=line)
