"""An answer that was corrected, for its citizen: the right words to a number that is proven, else that there are some."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..template import Line, Message, Template, code_of, may_name_agency, paragraphs, with_attached, with_notice
from .answer import agency_of


def message(step: Step) -> Message:
    case, code = step.case, code_of(step)
    briefs = [_("Câu trả lời phiếu {code} đã được sửa.").format(code=code)]
    if may_name_agency(case):
        briefs.insert(0, _("{agency} đã sửa câu trả lời phiếu {code}.").format(agency=agency_of(step), code=code))
    text = step.answer.text if step.answer else ""
    whole = _("{agency} sửa câu trả lời phiếu {code}: {text}").format(agency=agency_of(step), code=code, text=text)
    return with_notice(case, with_attached(step, whole), *briefs)


def line(step: Step) -> Line:
    given = step.answer
    author = given.author.full_name if given and given.author else ""
    why = _("Lý do sửa: {reason}").format(reason=step.remark) if step.remark else ""
    return Line(
        "check",
        _("{agency} sửa câu trả lời").format(agency=agency_of(step)),
        paragraphs(given.text if given else ""),
        note=why,
        by=author,
        outcome="" if step.corrected_at else "done",
    )


TEMPLATE = Template(message=message, line=line, read_out=True)
