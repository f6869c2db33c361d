"""Asking the citizen on the desk: the question, as they will read it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases import waiting
from tongdai.cases.actions.ask import ask, why_not
from tongdai.cases.history import Step
from tongdai.cases.models import Case
from tongdai.language.dates import in_words
from tongdai.platform.clock import now

from ..action import ActionForm, CaseAction, Line
from ..forms import WordsField


class AskForm(ActionForm):
    template = "desk/case/_ask.html"
    heading = gettext_lazy("Hỏi người dân")
    submit, icon = gettext_lazy("Gửi câu hỏi và chờ"), "user-question"
    words = WordsField(
        label=gettext_lazy("Câu hỏi"),
        max_length=1000,
        error_messages={"required": gettext_lazy("Hãy viết điều cần hỏi. Người dân sẽ đọc đúng lời này.")},
    )

    @classmethod
    def shown(cls, case: Case) -> Mapping[str, object]:
        return {"until": waiting.last_moment(case, at=now()), "why_not": why_not(case)}


def line(step: Step) -> Line:
    until = in_words(step.waits_until) if step.waits_until else ""
    title = _("Hỏi người dân, chờ trả lời đến %(until)s") % {"until": until}
    return Line(title=title, how=step.who, words=step.remark)


FACE = CaseAction(
    "ask",
    icon="user-question",
    line=line,
    do=ask,
    path="hoi",
    label=gettext_lazy("Hỏi người dân"),
    key="f",
    form=AskForm,
    done=gettext_lazy("Đã hỏi người dân về phiếu %(code)s. Hạn trả lời ngừng đếm đến khi họ trả lời."),
    makes_sense=lambda case: not case.waits,
)
