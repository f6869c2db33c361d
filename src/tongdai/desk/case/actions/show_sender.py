"""Seeing who sent a case whose topic hides it: why the agency needs to."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.access import senders
from tongdai.cases.actions.show_sender import show_sender
from tongdai.cases.history import Step

from ..action import ActionForm, CaseAction, Line
from ..forms import WordsField


class ShowSenderForm(ActionForm):
    heading = gettext_lazy("Xem người gửi")
    explains = gettext_lazy(
        "Lĩnh vực này giấu người gửi. Lý do của bạn nằm trong lịch sử phiếu, điều phối viên và giám sát đọc được."
    )
    submit, icon = gettext_lazy("Ghi lý do và xem"), "eye"
    reason = WordsField(
        label=gettext_lazy("Vì sao cơ quan cần biết ai gửi"),
        max_length=500,
        error_messages={"required": gettext_lazy("Hãy viết lý do, ví dụ: hẹn giờ đến xem tại nhà.")},
    )


def line(step: Step) -> Line:
    agency = step.assignment.agency.name if step.assignment else ""
    return Line(title=_("%(agency)s xem người gửi") % {"agency": agency}, how=step.who, words=step.remark)


FACE = CaseAction(
    "show_sender",
    icon="eye",
    line=line,
    do=show_sender,
    path="nguoi-gui",
    label=gettext_lazy("Xem người gửi"),
    key="s",
    form=ShowSenderForm,
    done=gettext_lazy("Cơ quan bạn thấy người gửi phiếu %(code)s từ bây giờ."),
    makes_sense_to=lambda case, user: senders.is_hidden_from(user, case),
)
