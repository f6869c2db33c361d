"""Taking a merged case apart on the desk: it is asked once more, for its citizen is told."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.unmerge import unmerge
from tongdai.cases.history import Step

from ..action import ActionForm, CaseAction, Line


class UnmergeForm(ActionForm):
    heading = gettext_lazy("Tách khỏi phiếu chính")
    explains = gettext_lazy(
        "Phiếu trở lại chỗ trước khi ghép, hạn trả lời vẫn là hạn đã hứa. Người gửi được báo là phiếu xử lý riêng."
    )
    submit, icon = gettext_lazy("Tách và báo người gửi"), "arrow-back-up"


def line(step: Step) -> Line:
    return Line(title=_("Tách khỏi phiếu chính, xử lý riêng"), how=step.who)


FACE = CaseAction(
    "unmerge",
    icon="arrow-back-up",
    line=line,
    do=unmerge,
    path="tach",
    label=gettext_lazy("Tách ra"),
    key="p",
    form=UnmergeForm,
    done=gettext_lazy("Đã tách phiếu %(code)s. Phiếu được xử lý riêng, người gửi được báo."),
)
