"""Extending on the desk: until which day, and why."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.extend import extend
from tongdai.cases.history import Step
from tongdai.language.dates import in_words

from ..action import ActionForm, CaseAction, Line
from ..forms import DayField, WordsField


class ExtendForm(ActionForm):
    reaches_followers = True
    heading = gettext_lazy("Gia hạn trả lời")
    explains = gettext_lazy("Người dân được báo hạn mới và đọc đúng lý do bạn viết.")
    submit, icon = gettext_lazy("Gia hạn và báo người dân"), "calendar-event"
    until = DayField(
        label=gettext_lazy("Trả lời chậm nhất ngày"), error_messages={"required": gettext_lazy("Hãy chọn ngày.")}
    )
    reason = WordsField(
        label=gettext_lazy("Lý do"),
        max_length=2000,
        error_messages={"required": gettext_lazy("Hãy viết lý do. Người dân sẽ đọc đúng lời này.")},
    )


def line(step: Step) -> Line:
    due = in_words(step.deadline_change[1]) if step.deadline_change else ""
    return Line(title=_("Gia hạn trả lời đến %(due)s") % {"due": due}, how=step.who, words=step.remark)


FACE = CaseAction(
    "extend",
    icon="calendar-event",
    line=line,
    do=extend,
    path="gia-han",
    label=gettext_lazy("Gia hạn"),
    key="i",
    form=ExtendForm,
    done=gettext_lazy("Đã gia hạn phiếu %(code)s. Người dân được báo hạn mới."),
)
