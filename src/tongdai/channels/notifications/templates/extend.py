"""A longer deadline, for its citizen: until when, and why to a number that is proven."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.language.dates import in_words

from ..template import Line, Message, Template, code_of, paragraphs, with_notice


def short(step: Step) -> str:
    due = in_words(step.deadline_change[1] if step.deadline_change else step.case.due_at)
    return _("Hạn trả lời phiếu {code} lùi đến {due}.").format(code=code_of(step), due=due)


def message(step: Step) -> Message:
    whole = _("{what} Lý do: {reason}").format(what=short(step), reason=step.remark)
    return with_notice(step.case, whole, short(step))


def line(step: Step) -> Line:
    return Line("calendar-event", short(step), paragraphs(step.remark))


TEMPLATE = Template(short=short, message=message, line=line)
