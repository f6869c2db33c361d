"""An urgent case that was taken up, for its citizen: since when somebody has it in hand."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.language.dates import hour_in_words
from tongdai.people.models import Channel

from ..template import Line, Message, Template, code_of


def message(step: Step) -> Message:
    words = _("Phiếu {code}: người trực của thành phố đã nhận việc lúc {at}.").format(
        code=code_of(step), at=hour_in_words(step.at)
    )
    return Message(words, words)


def line(step: Step) -> Line:
    return Line("user-check", _("Người trực đã nhận việc lúc {at}").format(at=hour_in_words(step.at)))


TEMPLATE = Template(message=message, line=line, texted=frozenset({Channel.SMS}))
