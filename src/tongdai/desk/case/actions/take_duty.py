"""Taking an urgent case up on the desk: before all else, while somebody is being rung."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.actions.take_duty import take_duty
from tongdai.cases.history import Step
from tongdai.channels.duty.models import Ring
from tongdai.language.dates import hour_in_words

from ..action import CaseAction, Line


def line(step: Step, ring: Ring | None) -> Line:
    """Say who took it, by the telephone's key or on the desk."""
    name = step.who or (ring.name if ring else "")
    by_key = "" if step.user else _("bấm phím 1 trên điện thoại")
    title = _("Người trực đã nhận việc lúc %(at)s") % {"at": hour_in_words(step.at)}
    return Line(title=title, how=", ".join(filter(None, [name, by_key])))


FACE = CaseAction(
    "take_duty",
    icon="user-check",
    line_with_ring=line,
    do=take_duty,
    path="nhan-truc",
    label=gettext_lazy("Tôi nhận việc này"),
    key="d",
    done=gettext_lazy("Bạn đã nhận phiếu khẩn %(code)s. Không báo người trực nữa."),
    makes_sense=lambda case: case.untaken,
    before_all=True,
)
