"""A step taken back, in the timeline; its button stands beside the words that say what was done (`desk/_messages.html`)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..action import CaseAction, Line


def line(step: Step) -> Line:
    return Line(title=_("Hoàn tác bước vừa làm"), how=step.who, words=step.remark)


FACE = CaseAction("undo", icon="arrow-back-up", line=line)
