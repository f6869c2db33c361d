"""Classifying, in the citizen's timeline: only where the deadline moved with it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.cases.queries import promises_date
from tongdai.language.dates import in_words

from ..template import Line, Template


def line(step: Step) -> Line | None:
    if step.deadline_change is None:
        return None
    sentence = _("Tổng đài xếp lại lĩnh vực của phiếu")
    if not promises_date(step.case):
        return Line("list-search", sentence)
    note = _("Hạn trả lời theo lĩnh vực này: {due}.").format(due=in_words(step.deadline_change[1]))
    return Line("list-search", sentence, note=note)


TEMPLATE = Template(line=line)
