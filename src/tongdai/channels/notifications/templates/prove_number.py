"""A number that was proven, for its citizen: from now on with the link."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step

from ..template import Line, Message, Template, code_of, linked


def message(step: Step) -> Message:
    words = _("Số của bạn đã được xác nhận cho phiếu {code}.").format(code=code_of(step))
    return Message(linked(step.case, words), linked(step.case, words))


def line(step: Step) -> Line:
    return Line("user-check", _("Bạn xác nhận số điện thoại của phiếu"))


TEMPLATE = Template(message=message, line=line)
