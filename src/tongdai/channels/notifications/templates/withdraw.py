"""A case that was withdrawn, for its citizen: should somebody else have done it, they hear of it.

Who withdrew it by text has had a reply to that text (`channels/sms/conversation/replies.py`).
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.people.models import Channel

from ..template import Line, Message, Template, code_of, paragraphs, with_notice


def message(step: Step) -> Message | None:
    if step.channel == Channel.SMS:
        return None
    words = _("Phiếu {code} đã kết thúc theo yêu cầu rút của bạn. Nếu không phải bạn yêu cầu, xin gọi 1022.")
    brief = _("Phiếu {code} đã kết thúc theo yêu cầu rút.")
    return with_notice(step.case, words.format(code=code_of(step)), brief.format(code=code_of(step)))


def line(step: Step) -> Line:
    if step.user:
        return Line("arrow-back-up", _("Tổng đài kết thúc phiếu theo yêu cầu rút của bạn"))
    words = step.citizens_words or step.remark
    return Line("arrow-back-up", _("Bạn rút phiếu này"), paragraphs(words), theirs=True)


TEMPLATE = Template(message=message, line=line)
