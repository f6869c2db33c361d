"""The answer, for its citizen: the words to a number that is proven, else that there is one."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..template import (
    Line,
    Message,
    Template,
    attached_to,
    code_of,
    may_name_agency,
    paragraphs,
    with_attached,
    with_notice,
)


def message(step: Step) -> Message:
    case, code = step.case, code_of(step)
    briefs = [_("Phiếu {code} đã có câu trả lời.").format(code=code)]
    if may_name_agency(case):
        briefs.insert(0, _("{agency} đã trả lời phiếu {code}.").format(agency=agency_of(step), code=code))
    if attached := attached_to(step):
        briefs.insert(0, _("Phiếu {code} đã có câu trả lời, {attached}.").format(code=code, attached=attached))
        named = _("{agency} đã trả lời phiếu {code}, {attached}.")
        briefs.insert(0, named.format(agency=agency_of(step), code=code, attached=attached))
    text = step.answer.text if step.answer else ""
    whole = _("{agency} trả lời phiếu {code}: {text}").format(agency=agency_of(step), code=code, text=text)
    told = with_notice(case, with_attached(step, whole), *briefs)
    if case.confidential or case.number_proven_at is None:  # whose number isn't proven cannot rate
        return told
    return replace(told, invitation=_("Chấm câu trả lời: nhắn 1 (kém) đến 5 (tốt)."))


def line(step: Step) -> Line:
    given = step.answer
    author = given.author.full_name if given and given.author else ""
    sentence = _("{agency} trả lời").format(agency=agency_of(step))
    words = paragraphs(given.text if given else "")
    return Line("check", sentence, words, by=author, outcome="" if step.corrected_at else "done")


def agency_of(step: Step) -> str:
    return step.answer.agency.name if step.answer and step.answer.agency else _("Tổng đài 1022")


TEMPLATE = Template(message=message, line=line, read_out=True)
