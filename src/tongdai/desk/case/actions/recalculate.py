"""A deadline that moved with the city's calendar, in the staff's timeline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.language.dates import in_words

from ..action import CaseAction, Line


def line(step: Step) -> Line:
    moved = step.deadline_change
    if moved is None:
        return Line(title=_("Lịch làm việc đổi: hạn phân loại đổi"))
    old, new = map(in_words, moved)
    return Line(title=_("Lịch làm việc đổi: hạn trả lời từ %(old)s thành %(new)s") % {"old": old, "new": new})


FACE = CaseAction("recalculate", icon="calendar-event", line=line)
