"""That its citizen asks to withdraw a case, in the staff's timeline: a person is to decide."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..action import CaseAction, Line
from ..words import channel_of


def line(step: Step) -> Line:
    words = step.citizens_words or step.remark
    return Line(title=_("Người dân xin rút phiếu, chờ quyết định"), how=channel_of(step), words=words, theirs=True)


FACE = CaseAction("ask_to_withdraw", icon="arrow-back-up", line=line)
