"""A reminder, for its citizen: the city waits for their reply, until when."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.language.dates import day_in_words

from ...links import LINK
from ...sms.encoding.lengths import first_that_fits
from ..template import Line, Message, Template, code_of


def message(step: Step) -> Message:
    case = step.case
    day = day_in_words(step.waits_until or case.due_at)
    if case.number_proven_at is None:
        brief = _(
            "1022 nhắc: phiếu {code} chờ bạn trả lời, chậm nhất {day}. Xin mở phiếu trên cổng 1022, hoặc gọi 1022."
        )
        return Message(brief.format(code=code_of(step), day=day), brief.format(code=code_of(step), day=day))
    wordings = (
        _("1022 nhắc: phiếu {code} chờ bạn trả lời, chậm nhất {day}. Nhắn lại tin này, hoặc mở {link}"),
        _("Nhắc: phiếu {code} chờ bạn trả lời, chậm nhất {day}: {link}"),
    )
    words = first_that_fits(*(each.format(code=code_of(step), day=day, link=LINK) for each in wordings))
    return Message(words, words)


def line(step: Step) -> Line:
    return Line("bell", _("1022 nhắc bạn trả lời câu hỏi"))


TEMPLATE = Template(message=message, line=line)
