"""How satisfied its citizen is with the answer, in the staff's timeline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..action import CaseAction, Line
from ..words import channel_of

CONTENT = 3  # stars; with fewer somebody is not


def line(step: Step) -> Line:
    stars = step.changed.get("stars", 0)
    title = _("Người dân đánh giá câu trả lời: %(stars)s/5") % {"stars": stars}
    words = step.citizens_words or step.remark
    icon = "mood-smile" if stars >= CONTENT else "mood-sad"
    return Line(title=title, how=channel_of(step), words=words, theirs=True, icon=icon)


FACE = CaseAction("rate", icon="mood-smile", line=line)
