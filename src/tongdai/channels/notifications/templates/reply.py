"""A reply that was taken down for its citizen: what follows. Whoever replied themselves reads so where they did."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.cases.queries import promises_date
from tongdai.cases.states import Who
from tongdai.language.dates import day_in_words

from ...sms.encoding.lengths import first_that_fits
from ..template import Line, Message, Template, code_of, linked, paragraphs, shorter_names
from .ask import asker


def message(step: Step) -> Message | None:
    if step.capacity is Who.CITIZEN:
        return None
    case, due = step.case, day_in_words(step.case.due_at)
    sentence = _("Phiếu {code}: đã ghi trả lời của bạn, {agency} xử lý tiếp, hạn {due}.")
    if not promises_date(case):
        sentence = _("Phiếu {code}: đã ghi trả lời của bạn, {agency} xử lý tiếp.")
    names = [*shorter_names(asker(step)), _("thành phố")]
    wordings = [sentence.format(code=code_of(step), agency=name, due=due) for name in names]
    words = first_that_fits(*(linked(case, each) for each in wordings))
    return Message(words, words)


def line(step: Step) -> Line:
    words = paragraphs(step.citizens_words or step.remark)
    note = _("{name} ghi lời bạn nói.").format(name=step.who) if step.user else ""
    return Line("message-check", _("Bạn trả lời"), words, theirs=True, note=note)


TEMPLATE = Template(message=message, line=line)
