"""A case that its citizen withdrew; and the button of whoever decides about it, where they could only ask."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.withdraw import withdraw
from tongdai.cases.history import Step

from ..action import ActionForm, CaseAction, Line
from ..forms import WordsField
from ..words import channel_of


class WithdrawForm(ActionForm):
    heading = gettext_lazy("Kết thúc theo yêu cầu rút")
    explains = gettext_lazy(
        "Chỉ kết thúc khi đã chắc người gửi muốn thế và không ai còn cần giúp. Rút tố cáo phải bằng văn bản; nội dung có dấu "
        "hiệu vi phạm pháp luật thì vẫn giải quyết (Luật Tố cáo 2018, điều 33)."
    )
    submit, icon = gettext_lazy("Kết thúc phiếu"), "arrow-back-up"
    words = WordsField(
        label=gettext_lazy("Căn cứ (người dân không đọc)"),
        max_length=2000,
        error_messages={"required": gettext_lazy("Hãy ghi vì sao kết thúc được: đã hỏi lại ai, văn bản ngày nào.")},
    )


def line(step: Step) -> Line:
    if step.user:
        return Line(title=_("Kết thúc theo yêu cầu rút của người dân"), how=step.who, words=step.remark)
    words = step.citizens_words or step.remark
    return Line(title=_("Người dân rút phiếu"), how=channel_of(step), words=words, theirs=True)


FACE = CaseAction(
    "withdraw",
    icon="arrow-back-up",
    line=line,
    do=withdraw,
    path="rut",
    label=gettext_lazy("Kết thúc theo yêu cầu rút"),
    key="w",
    form=WithdrawForm,
    done=gettext_lazy("Đã kết thúc phiếu %(code)s theo yêu cầu rút."),
    makes_sense=lambda case: case.withdrawal_asked_at is not None,
)
