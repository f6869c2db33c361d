"""Registering, for its citizen: code and deadline; who is on duty where a life is in danger."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.cases.queries import promises_date
from tongdai.cases.states import Who
from tongdai.cases.triage.danger import whom_to_ring
from tongdai.cases.triage.judgement import judge
from tongdai.language.dates import day_in_words, in_words
from tongdai.people.models import Channel

from ...sms.encoding.lengths import first_that_fits
from ..template import Line, Message, Template, being_rung, code_of, in_danger, linked, paragraphs


def message(step: Step) -> Message:
    case, code = step.case, code_of(step)
    if case.in_danger:
        words = _("1022 đã nhận phiếu {code}. Người trực của thành phố đang được báo.").format(code=code)
        return in_danger(case, linked(case, words), words, *being_rung(code))
    judged = judge(case.text)
    if not promises_date(case):
        words = _("1022 đã nhận phiếu {code}.").format(code=code)
        return Message(linked(case, words), f"{whom_to_ring(None)} {words}")
    words = _("1022 đã nhận phiếu {code}. Hạn trả lời: {due}.").format(code=code, due=in_words(case.due_at))
    words = linked(case, words)
    # whoever holds the number may not be who wrote: the numbers alone, and not for what
    if not judged.shown:
        return Message(words, words)
    return Message(words, first_that_fits(f"{whom_to_ring(None)} {words}", f"{whom_to_ring(None)} {_brief(step)}"))


def _brief(step: Step) -> str:
    return _("Phiếu {code}, hạn {due}.").format(code=code_of(step), due=day_in_words(step.case.due_at))


def line(step: Step) -> Line:
    icon, sentence = {
        Channel.WEB: ("message-report", _("Bạn gửi phản ánh trên cổng 1022")),
        Channel.SMS: ("message", _("Bạn nhắn tin đến 1022")),
        Channel.VOICE: ("phone", _("Bạn gọi đến 1022")),
    }[Channel(step.case.channel)]
    note = (
        _("{name} ở Tổng đài ghi lời bạn.").format(name=step.who)
        if step.capacity == Who.CALL_TAKER and step.user
        else ""
    )
    return Line(icon, sentence, paragraphs(step.case.text), theirs=True, note=note)


TEMPLATE = Template(message=message, line=line, automatic=True)
