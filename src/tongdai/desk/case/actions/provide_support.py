"""Providing support on the desk: what one's agency found or did, for the one in charge."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.provide_support import provide_support
from tongdai.cases.history import Step

from ..action import ActionForm, CaseAction, Line
from ..forms import WordsField


class ProvideSupportForm(ActionForm):
    heading = gettext_lazy("Trả lời cơ quan chủ trì")
    explains = gettext_lazy("Cơ quan chủ trì đọc lời này và trả lời người dân. Người dân không thấy lời này.")
    submit, icon = gettext_lazy("Gửi cơ quan chủ trì"), "send"
    words = WordsField(
        label=gettext_lazy("Đã làm gì, kết quả thế nào"),
        error_messages={"required": gettext_lazy("Hãy viết kết quả cho cơ quan chủ trì.")},
    )


def line(step: Step) -> Line:
    if step.support is None:
        return Line(how=step.who)
    title = _("%(agency)s trả lời phối hợp") % {"agency": step.support.agency.name}
    return Line(title=title, how=step.who, words=step.support.words)


FACE = CaseAction(
    "provide_support",
    icon="message-check",
    line=line,
    do=provide_support,
    path="phoi-hop",
    label=gettext_lazy("Trả lời phối hợp"),
    key="r",
    form=ProvideSupportForm,
    done=gettext_lazy("Đã gửi kết quả phiếu %(code)s cho cơ quan chủ trì."),
)
