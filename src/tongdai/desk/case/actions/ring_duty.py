"""Who was rung or texted for an urgent case and what came of it, in the staff's timeline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.channels.duty.models import Ring
from tongdai.channels.duty.queries import Reach, outcome, reach

from ..action import CaseAction, Line


def line(step: Step, ring: Ring | None) -> Line:
    name = step.who or (ring.name if ring else "")
    how = ", ".join(filter(None, [name, ring.get_rank_display() if ring else ""]))
    if ring is None:
        return Line(title=_("Đã báo người trực"), how=how)
    title = {
        Reach.CALLED: _("Đã gọi người trực"),
        Reach.CALLING: _("Đang gọi người trực"),
        Reach.TEXTED: _("Đã nhắn tin cho người trực"),
        Reach.TEXTING: _("Đang nhắn tin cho người trực"),
    }.get(reach([ring]), _("Chưa báo được người trực"))
    return Line(title=title, how=how, note=outcome(ring).capitalize())


FACE = CaseAction("ring_duty", icon="bell", line_with_ring=line)
