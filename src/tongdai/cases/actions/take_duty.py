"""Take an urgent case up: somebody on duty has it in hand, and nobody else is rung."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from ..actor import Actor
from ..lifecycle import ActionRefused
from ..models import Case
from ..transition import moving


def take_duty(case: Case, *, by: Actor, at: datetime, ring: int | None = None) -> Case:
    """Say that it is taken; `ring`: the alarm's row of who pressed the key on the telephone. State and clock stay.

    Raises:
        ActionRefused: it isn't urgent, or somebody else took it up first.
    """
    with moving(case, "take_duty", by=by, at=at) as move:
        if not move.case.untaken:
            raise ActionRefused(action="take_duty", state=move.case.state, why=str(_("Việc này đã có người nhận.")))
        move.set(taken_at=at)
        move.record(ring=ring)
    return move.case
