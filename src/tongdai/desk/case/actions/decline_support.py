"""Declining to support, on the desk: why, so that another agency is asked."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.decline_support import decline_support
from tongdai.cases.history import Step

from ..action import ActionForm, CaseAction, Line
from ..forms import WordsField


class DeclineSupportForm(ActionForm):
    heading = gettext_lazy("Không phối hợp được")
    explains = gettext_lazy("Cơ quan chủ trì đọc lý do này. Cơ quan bạn không còn thấy phiếu này.")
    submit, icon = gettext_lazy("Báo cơ quan chủ trì"), "arrow-back-up"
    reason = WordsField(
        label=gettext_lazy("Lý do, và nên nhờ nơi nào"),
        max_length=2000,
        error_messages={"required": gettext_lazy("Hãy viết lý do cho cơ quan chủ trì.")},
    )


def line(step: Step) -> Line:
    if step.support is None:
        return Line(how=step.who)
    title = _("%(agency)s không phối hợp được") % {"agency": step.support.agency.name}
    return Line(title=title, how=step.who, words=step.support.words)


FACE = CaseAction(
    "decline_support",
    icon="arrow-back-up",
    line=line,
    do=decline_support,
    path="khong-phoi-hop",
    label=gettext_lazy("Không phối hợp được"),
    key="b",
    form=DeclineSupportForm,
    done=gettext_lazy("Đã báo cơ quan chủ trì: cơ quan bạn không phối hợp phiếu %(code)s."),
)
