"""A question of the city's, for its citizen: what, until when, and how to reply.

A number that is proven reads it in full and replies to that text; others read that there is one.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.language.dates import day_in_words, in_words

from ...links import LINK
from ...sms.encoding.lengths import first_that_fits
from ..template import Line, Message, Template, code_of, may_name_agency, paragraphs, shorter_names


def asker(step: Step) -> str:
    """Say who waits for the reply; of a denunciation no agency is named."""
    lead = step.case.lead or step.agency
    return lead.name if lead and may_name_agency(step.case) else _("Thành phố")


def message(step: Step) -> Message:
    case, code = step.case, code_of(step)
    ends = step.waits_until or case.due_at
    day = day_in_words(ends)
    if case.number_proven_at is None:
        brief = _(
            "Phiếu {code}: thành phố cần bạn trả lời, chậm nhất {day}. Xin mở phiếu trên cổng 1022, hoặc gọi 1022."
        )
        return Message(brief.format(code=code, day=day), brief.format(code=code, day=day))
    how = _("Phiếu {code}: {agency} cần bạn trả lời, chậm nhất {day}. Nhắn lại tin này, hoặc mở {link}")
    briefs = [how.format(code=code, agency=name, day=day, link=LINK) for name in shorter_names(asker(step))]
    briefs.append(_("Phiếu {code}: cần bạn trả lời, chậm nhất {day}: {link}").format(code=code, day=day, link=LINK))
    notice = first_that_fits(*briefs)
    if case.confidential:
        return Message(notice, notice)
    whole = _("{agency} hỏi về phiếu {code}, xin nhắn lại tin này chậm nhất {until}: {words}")
    return Message(whole.format(agency=asker(step), code=code, until=in_words(ends), words=step.remark), notice)


def line(step: Step) -> Line:
    ends = step.waits_until
    until = in_words(ends) if ends else ""
    sentence = _("{agency} hỏi bạn, chờ trả lời đến {until}").format(agency=asker(step), until=until)
    return Line("user-question", sentence, paragraphs(step.remark))


TEMPLATE = Template(message=message, line=line)
