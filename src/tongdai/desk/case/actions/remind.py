"""A reminder in the staff's timeline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..action import CaseAction, Line


def line(step: Step) -> Line:
    return Line(title=_("Nhắc người dân trả lời"))


FACE = CaseAction("remind", icon="bell", line=line)
