"""A change of the city's calendar, in the citizen's timeline: only where the citizen's own deadline moved."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.cases.queries import promises_date
from tongdai.language.dates import in_words

from ..template import Line, Template


def line(step: Step) -> Line | None:
    if step.deadline_change is None or not promises_date(step.case):
        return None
    old, new = map(in_words, step.deadline_change)
    sentence = _("Lịch làm việc của thành phố đổi: hạn trả lời đổi thành {due}").format(due=new)
    return Line("calendar-event", sentence, note=_("Trước là {due}.").format(due=old))


TEMPLATE = Template(line=line)
