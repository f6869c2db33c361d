"""A case that is looked at by itself again, for its citizen: by when it is answered."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.cases.queries import promises_date
from tongdai.language.dates import in_words

from ..template import Message, Template, code_of, with_notice


def brief(step: Step) -> str:
    return _("Phiếu {code} nay được xử lý riêng.").format(code=code_of(step))


def short(step: Step) -> str:
    if not promises_date(step.case):
        return brief(step)
    due = in_words(step.case.due_at)
    return _("Phiếu {code} nay được xử lý riêng. Hạn trả lời: {due}.").format(code=code_of(step), due=due)


def message(step: Step) -> Message:
    return with_notice(step.case, short(step), short(step), brief(step))


TEMPLATE = Template("arrow-back-up", short=short, message=message)
