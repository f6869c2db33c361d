"""What its citizen said again, in the timeline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.people.models import Channel

from ..template import Line, Template, paragraphs


def line(step: Step) -> Line:
    sentence = _("Bạn gọi thêm") if step.channel == Channel.VOICE else _("Bạn nhắn thêm")
    return Line("message", sentence, paragraphs(step.citizens_words), theirs=True)


TEMPLATE = Template(line=line)
