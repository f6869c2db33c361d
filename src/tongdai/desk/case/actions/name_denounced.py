"""Naming who is denounced, on the desk; the timeline never says whom: that stands beside the case, for the inspectorate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.name_denounced import name_denounced
from tongdai.cases.history import Step
from tongdai.cases.models import Case
from tongdai.shell.staff import StaffRequest

from ..action import ActionForm, CaseAction, Line
from ..forms import RowField, agency_rows
from ..words import who_of_denunciation

OTHER = "other"  # somebody who belongs to none of the city's agencies


class DenouncedForm(ActionForm):
    template = "desk/case/_name_denounced.html"
    denounced = forms.CharField(
        max_length=20, error_messages={"required": gettext_lazy("Hãy chọn cơ quan, hoặc “Người hay nơi khác”.")}
    )

    @classmethod
    def first(cls, case: Case, request: StaffRequest) -> Mapping[str, object]:
        return {"denounced": OTHER if case.denounced_elsewhere else case.denounced_id or ""}

    @classmethod
    def shown(cls, case: Case) -> Mapping[str, object]:
        return {"agencies": agency_rows()}

    def clean_denounced(self) -> str:
        chosen = str(self.cleaned_data["denounced"])
        if chosen != OTHER:
            RowField(rows=agency_rows).clean(chosen)
        return chosen

    def arguments(self) -> dict[str, Any]:
        chosen = str(self.cleaned_data["denounced"])
        return {"agency": None if chosen == OTHER else RowField(rows=agency_rows).clean(chosen)}


def line(step: Step) -> Line:
    return Line(title=_("Ghi ai bị tố cáo"), how=who_of_denunciation(step))


FACE = CaseAction(
    "name_denounced",
    icon="users",
    line=line,
    do=name_denounced,
    path="lien-quan",
    label=gettext_lazy("Ai bị tố cáo"),
    key="n",
    form=DenouncedForm,
    done=gettext_lazy("Đã ghi ai bị tố cáo. Phiếu sẽ không đến tay họ."),
)
