"""Who was rung for an urgent case and what came of it, in the staff's timeline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.history import Step
from tongdai.channels.duty.models import Ring

from ..action import CaseAction, Line


def line(step: Step, ring: Ring | None) -> Line:
    name = step.who or (ring.name if ring else "")
    how = ", ".join(filter(None, [name, ring.get_rank_display() if ring else ""]))
    note = str(Ring.State(ring.state).label).capitalize() if ring else ""
    return Line(title=_("Đã gọi người trực"), how=how, note=note)


FACE = CaseAction("ring_duty", icon="bell", line_with_ring=line)
