"""A case that goes on without a reply, for its citizen: by when it is answered, and that they may still say more."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.cases.queries import promises_date
from tongdai.language.dates import day_in_words

from ...sms.encoding.lengths import first_that_fits
from ..template import Line, Message, Template, code_of, shorter_names
from .ask import asker


def message(step: Step) -> Message | None:
    if step.user:  # whoever asked needs no reply any more
        return None
    case, due = step.case, day_in_words(step.case.due_at)
    sentence = _(
        "Phiếu {code}: chưa có trả lời của bạn, {agency} xử lý tiếp, hạn {due}. Bạn vẫn nhắn hay gọi 1022 được."
    )
    if not promises_date(case):
        sentence = _("Phiếu {code}: chưa có trả lời của bạn, {agency} xử lý tiếp. Bạn vẫn nhắn hay gọi 1022 được.")
    names = [*shorter_names(asker(step)), _("thành phố")]
    words = first_that_fits(*(sentence.format(code=code_of(step), agency=name, due=due) for name in names))
    return Message(words, words)


def line(step: Step) -> Line:
    if step.user:
        return Line("player-play", _("{agency} xử lý tiếp, không cần chờ trả lời").format(agency=asker(step)))
    return Line("player-play", _("Hết hạn chờ trả lời, {agency} xử lý tiếp").format(agency=asker(step)))


TEMPLATE = Template(message=message, line=line)
