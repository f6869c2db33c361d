"""What a citizen said again, in the staff's timeline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.people.models import Channel

from ..action import CaseAction, Line
from ..words import channel_of


def line(step: Step) -> Line:
    title = _("Người gửi gọi thêm") if step.channel == Channel.VOICE else _("Người gửi nhắn thêm")
    return Line(title=title, how=channel_of(step), words=step.citizens_words, theirs=True)


FACE = CaseAction("join", icon="user-plus", line=line)
