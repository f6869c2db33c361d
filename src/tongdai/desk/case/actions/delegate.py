"""Delegating on the desk: who of the agency works on the case."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.accounts.models import User
from tongdai.accounts.rights import ANSWERS_FOR_AGENCY
from tongdai.cases.actions.delegate import delegate
from tongdai.cases.actor import Actor
from tongdai.cases.history import Step
from tongdai.cases.models import Case
from tongdai.cases.states import Who
from tongdai.language.sorting import sort_key

from ..action import ActionForm, CaseAction, Line


class DelegateForm(ActionForm):
    template = "desk/case/_delegate.html"
    handler = forms.ModelChoiceField(
        User.objects.filter(role__in=ANSWERS_FOR_AGENCY, is_active=True),
        error_messages={
            "required": gettext_lazy("Hãy chọn một người."),
            "invalid_choice": gettext_lazy("Người này không còn làm việc ở đây. Hãy chọn người khác."),
        },
    )

    @classmethod
    def shown(cls, case: Case) -> Mapping[str, object]:
        has_it = case.assignments.filter(ended_at=None).values("handler")
        others = User.objects.filter(role__in=ANSWERS_FOR_AGENCY, is_active=True, agency=case.lead_id).exclude(
            pk__in=has_it.filter(handler__isnull=False)
        )
        may = [each for each in others if Who.OFFICER_OF_LEAD in Actor.staff(each).capacities(case)]
        return {"colleagues": sorted(may, key=_as_lists_have_it)}


def _as_lists_have_it(user: User) -> list[str]:
    """Return a key that sorts by the given name, which stands last, as lists in Vietnam do."""
    return [sort_key(part) for part in reversed(user.full_name.split())]


def line(step: Step) -> Line:
    if step.handler is None or step.handler == step.user:
        return Line(title=_("Nhận thụ lý"), how=step.who)
    return Line(title=_("Giao %(name)s thụ lý") % {"name": step.handler.full_name}, how=step.who)


FACE = CaseAction(
    "delegate",
    icon="user-plus",
    line=line,
    do=delegate,
    path="giao",
    label=gettext_lazy("Giao người thụ lý"),
    key="o",
    form=DelegateForm,
    done=gettext_lazy("Phiếu %(code)s do %(handler)s thụ lý."),
)
