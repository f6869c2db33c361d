"""Withdrawing what opens a case, on the desk; only where there is something to withdraw."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.access import links
from tongdai.cases.actions.withdraw_links import withdraw_links
from tongdai.cases.history import Step
from tongdai.platform.clock import now

from ..action import CaseAction, Line


def line(step: Step) -> Line:
    return Line(title=_("Thu hồi mọi đường dẫn"), how=step.who or _("người dân"))


FACE = CaseAction(
    "withdraw_links",
    icon="lock",
    line=line,
    do=withdraw_links,
    path="thu-hoi",
    label=gettext_lazy("Thu hồi đường dẫn"),
    key="u",
    done=gettext_lazy("Đã thu hồi mọi đường dẫn của phiếu %(code)s."),
    makes_sense=lambda case: links.withdrawable(case, at=now()),
)
