"""A rejection, for its citizen: the ground in law and the reason, to a number that is proven."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..template import Line, Message, Template, code_of, paragraphs, with_notice


def message(step: Step) -> Message:
    whole = _("1022 không xử lý được phiếu {code} vì {ground}. {reason}").format(
        code=code_of(step), ground=_ground(step), reason=_reason(step)
    )
    return with_notice(step.case, whole, _("Phiếu {code} đã có kết quả.").format(code=code_of(step)))


def line(step: Step) -> Line:
    sentence = _("Tổng đài không xử lý được phiếu này: {ground}").format(ground=_ground(step))
    return Line("ban", sentence, paragraphs(_reason(step)), by=step.who, outcome="late")


def _ground(step: Step) -> str:
    return step.rejection.get_ground_display() if step.rejection else ""


def _reason(step: Step) -> str:
    return step.rejection.reason if step.rejection else ""


TEMPLATE = Template(message=message, line=line, read_out=True)
