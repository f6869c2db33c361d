"""Reopening on the desk: what isn't settled, in the words of whoever says so."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.reopen import reopen
from tongdai.cases.history import Step

from ..action import ActionForm, CaseAction, Line
from ..forms import WordsField
from ..words import channel_of


class ReopenForm(ActionForm):
    heading = gettext_lazy("Mở lại phiếu")
    explains = gettext_lazy(
        "Phiếu về lại cơ quan đã trả lời; lần thứ hai thì về điều phối viên. Hạn trả lời tính lại từ bây giờ và người dân được "
        "báo. Cơ quan và người dân đều đọc đúng lời này."
    )
    submit, icon = gettext_lazy("Mở lại và báo người dân"), "refresh"
    words = WordsField(
        label=gettext_lazy("Điều chưa được giải quyết"),
        max_length=2000,
        error_messages={"required": gettext_lazy("Hãy viết việc gì chưa xong, ai nói, từ bao giờ.")},
    )


def line(step: Step) -> Line:
    where = _("về %(agency)s") % {"agency": step.lead} if step.lead else _("về điều phối viên")
    if step.user:
        return Line(title=_("Mở lại phiếu, %(where)s") % {"where": where}, how=step.who, words=step.remark)
    title = _("Người dân chưa hài lòng, phiếu mở lại, %(where)s") % {"where": where}
    return Line(title=title, how=channel_of(step), words=step.citizens_words or step.remark, theirs=True)


FACE = CaseAction(
    "reopen",
    icon="refresh",
    line=line,
    do=reopen,
    path="mo-lai",
    label=gettext_lazy("Mở lại"),
    key="o",
    form=ReopenForm,
    done=gettext_lazy("Đã mở lại phiếu %(code)s. Người dân được báo."),
    makes_sense=lambda case: case.answered_at is not None and case.withdrawn_at is None and case.erased_at is None,
)
