"""A danger seen later, for its citizen: whom to ring, and that who is on duty is rung."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.cases.queries import promises_date
from tongdai.language.dates import day_in_words, in_words
from tongdai.people.models import Channel

from ..template import Line, Message, Template, being_rung, code_of, in_danger


def message(step: Step) -> Message:
    """Somebody, or the second look, saw more danger in it than was seen at first."""
    case, code = step.case, code_of(step)
    if case.confidential and not case.in_danger:  # nobody on duty may know of it
        if not promises_date(case):
            return in_danger(case, _("Phiếu {code} đang được xử lý.").format(code=code))
        words = _("Phiếu {code} đang được xử lý. Hạn trả lời: {due}.").format(code=code, due=in_words(case.due_at))
        return in_danger(case, words, _("Phiếu {code}, hạn {due}.").format(code=code, due=day_in_words(case.due_at)))
    return in_danger(case, *being_rung(code))


def line(step: Step) -> Line:
    return Line("alarm", _("Tổng đài đọc lại, thấy đây là việc khẩn"))


TEMPLATE = Template(message=message, line=line, texted=frozenset({Channel.SMS, Channel.WEB}))
