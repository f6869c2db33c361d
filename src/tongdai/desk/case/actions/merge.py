"""Merging on the desk: the likeliest cases beside the one in hand, or any other by its code, which is shown before it is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases import codes, queries
from tongdai.cases.actions.merge import merge
from tongdai.cases.history import Step
from tongdai.cases.models import Case
from tongdai.cases.search.alike import alike
from tongdai.cases.states import Who
from tongdai.platform.clock import now

from ..action import ActionForm, CaseAction, Line


class MergeForm(ActionForm):
    template = "desk/case/_merge.html"
    heading = gettext_lazy("Ghép vào phiếu khác")
    submit, icon = gettext_lazy("Ghép và báo người gửi"), "link"
    into = forms.CharField(required=False)
    code = forms.CharField(required=False, label=gettext_lazy("Mã một phiếu khác"), max_length=40)
    looked_at: Case | None = None  # the one that was chosen, or whose code was typed

    @classmethod
    def shown(cls, case: Case) -> Mapping[str, object]:
        return {"alike": alike(case, at=now())}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        typed, chosen = cleaned.get("code", ""), cleaned.get("into", "")
        if not typed and not chosen:
            self.add_error("into", _("Hãy chọn một phiếu, hoặc gõ mã phiếu."))
            return cleaned
        code = codes.read(typed or chosen)
        if not code:
            self.add_error("code", _("Mã này chưa đúng. Mã phiếu có 11 chữ số."))
            return cleaned
        self.looked_at = queries.mergeable_case(code)
        if self.looked_at is None:
            self.add_error("code", _("Không thấy phiếu nào mang mã này."))
        elif typed:  # nobody merges by a code alone: a digit is soon another case
            self.add_error("into", _("Đây là phiếu mang mã vừa gõ. Đúng cùng một việc thì bấm ghép lần nữa."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        return {"into": self.looked_at}


def line(step: Step) -> Line:
    if step.capacity is Who.SYSTEM:
        return Line(title=_("Chuyển sang theo phiếu chính khác"))
    return Line(title=_("Ghép vào phiếu khác cùng việc"), how=step.who)


FACE = CaseAction(
    "merge",
    icon="link",
    line=line,
    do=merge,
    path="ghep",
    label=gettext_lazy("Ghép vào phiếu khác"),
    key="p",
    form=MergeForm,
    done=gettext_lazy("Đã ghép phiếu %(code)s. Người gửi nhận câu trả lời của phiếu chính."),
    makes_sense=lambda case: not (case.in_danger or case.untaken or case.confidential or case.perhaps_denunciation),
)
