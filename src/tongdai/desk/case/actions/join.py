"""What a citizen said again, in the staff's timeline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..action import CaseAction, Line
from ..words import channel_of


def line(step: Step) -> Line:
    return Line(title=_("Gửi lại về cùng việc này"), how=channel_of(step), words=step.citizens_words, theirs=True)


FACE = CaseAction("join", icon="user-plus", line=line)
