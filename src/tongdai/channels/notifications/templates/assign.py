"""Assigning, for its citizen: who has the case now. Who came by the portal or by telephone reads it on the case's page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.language.dates import in_words
from tongdai.people.models import Channel

from ..template import Line, Message, Template, code_of, may_name_agency


def message(step: Step) -> Message:
    case = step.case
    agency = step.lead if may_name_agency(case) else ""
    agency = agency or _("cơ quan có trách nhiệm")
    if case.in_danger:
        words = _("Phiếu {code} đã chuyển đến {agency}.").format(code=code_of(step), agency=agency)
    else:
        words = _("Phiếu {code} đã chuyển đến {agency}. Hạn trả lời: {due}.").format(
            code=code_of(step), agency=agency, due=in_words(case.due_at)
        )
    return Message(words, words)


def line(step: Step) -> Line:
    if step.user:
        sentence = _("{name} ở Tổng đài chuyển phiếu đến {agency}").format(name=step.who, agency=step.lead)
    else:
        sentence = _("Tổng đài chuyển phiếu đến {agency}").format(agency=step.lead)
    return Line("send", sentence)


TEMPLATE = Template(message=message, line=line, texted=frozenset({Channel.SMS}), automatic=True)
