"""A case that is looked at again, for its citizen: by whom, by when. Whoever reopened it themselves reads so where they did."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.cases.queries import promises_date
from tongdai.cases.states import Who
from tongdai.language.dates import day_in_words

from ...links import LINK
from ...sms.encoding.lengths import first_that_fits
from ..template import Line, Message, Template, code_of, may_name_agency, paragraphs, shorter_names


def message(step: Step) -> Message | None:
    if step.capacity is Who.CITIZEN:
        return None
    case, due = step.case, day_in_words(step.case.due_at)
    names = shorter_names(step.lead) if step.lead and may_name_agency(case) else []
    sentence = _("Phiếu {code} được mở lại, {agency} xem lại, hạn {due}.")
    brief = _("Phiếu {code} được mở lại, hạn {due}.")
    if not promises_date(case):
        sentence, brief = _("Phiếu {code} được mở lại, {agency} xem lại."), _("Phiếu {code} được mở lại.")
    wordings = [sentence.format(code=code_of(step), agency=name, due=due) for name in names]
    wordings.append(brief.format(code=code_of(step), due=due))
    if case.number_proven_at is None:
        return Message(first_that_fits(*wordings), first_that_fits(*wordings))
    linked = first_that_fits(*(f"{each} {LINK}" for each in wordings))
    return Message(linked, linked)


def line(step: Step) -> Line:
    agency = step.lead if may_name_agency(step.case) else ""
    agency = agency or _("Tổng đài")
    if step.user:
        return Line("refresh", _("Phiếu được mở lại, {agency} xem lại").format(agency=agency), paragraphs(step.remark))
    words = paragraphs(step.citizens_words or step.remark)
    return Line("refresh", _("Bạn yêu cầu xem lại, phiếu về {agency}").format(agency=agency), words, theirs=True)


TEMPLATE = Template(message=message, line=line)
