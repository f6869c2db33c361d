"""Assigning, for its citizen: who has the case now. Who came by the portal or by telephone reads it on the case's page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.cases.queries import promises_date
from tongdai.language.dates import in_words
from tongdai.people.models import Channel

from ...sms.encoding.lengths import first_that_fits
from ..template import Line, Message, Template, code_of, may_name_agency, shorter_names


def message(step: Step) -> Message:
    case = step.case
    agency = step.lead if may_name_agency(case) else ""
    agency = agency or _("cơ quan có trách nhiệm")
    sentence = _("Phiếu {code} đã chuyển đến {agency}. Hạn trả lời: {due}.")
    if not promises_date(case):
        sentence = _("Phiếu {code} đã chuyển đến {agency}.")
    due = in_words(case.due_at)
    words = first_that_fits(
        *(sentence.format(code=code_of(step), agency=name, due=due) for name in shorter_names(agency))
    )
    return Message(words, words)


def line(step: Step) -> Line:
    if step.user:
        sentence = _("{name} ở Tổng đài chuyển phiếu đến {agency}").format(name=step.who, agency=step.lead)
    else:
        sentence = _("Tổng đài chuyển phiếu đến {agency}").format(agency=step.lead)
    return Line("send", sentence)


TEMPLATE = Template(message=message, line=line, texted=frozenset({Channel.SMS}), automatic=True)
