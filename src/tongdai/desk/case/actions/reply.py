"""The citizen's reply on the desk: what they said on the telephone, in their words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.reply import reply
from tongdai.cases.history import Step

from ..action import ActionForm, CaseAction, Line
from ..forms import WordsField
from ..words import channel_of


class ReplyForm(ActionForm):
    heading = gettext_lazy("Ghi trả lời của người dân")
    explains = gettext_lazy(
        "Ghi đúng lời người dân nói qua điện thoại. Phiếu được xử lý tiếp ngay, hạn trả lời lại đếm, người dân được báo."
    )
    submit, icon = gettext_lazy("Ghi và xử lý tiếp"), "message-check"
    words = WordsField(
        label=gettext_lazy("Người dân trả lời"),
        max_length=2000,
        error_messages={"required": gettext_lazy("Hãy ghi lời người dân trả lời.")},
    )


def line(step: Step) -> Line:
    title = _("Người dân trả lời") if not step.user else _("Ghi trả lời của người dân")
    if "perhaps_denunciation" in step.changed:
        title += ". " + _("Lời này có thể là tố cáo nên phiếu về điều phối viên")
    how = step.who or channel_of(step)
    return Line(title=title, how=how, words=step.citizens_words or step.remark, theirs=True)


FACE = CaseAction(
    "reply",
    icon="message-check",
    line=line,
    do=reply,
    path="dan-tra-loi",
    label=gettext_lazy("Ghi dân trả lời"),
    key="y",
    form=ReplyForm,
    done=gettext_lazy("Đã ghi trả lời của người dân vào phiếu %(code)s. Hạn trả lời lại đếm."),
    makes_sense=lambda case: case.waits,
)
