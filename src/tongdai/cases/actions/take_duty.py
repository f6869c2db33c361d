"""Take an urgent case up: somebody on duty has it in hand, and nobody else is rung."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongdai.people.purposes import Purpose

from ..actor import Actor
from ..models import Case
from ..states import ANY_STAFF, NOBODY_YET, Rule, Way
from ..transition import transition

RULE = Rule("take_duty", Way(from_=NOBODY_YET, to=None, who=ANY_STAFF), notifies=Purpose.RECEIPT)


def take_duty(case: Case, *, by: Actor, at: datetime, ring: int | None = None) -> Case:
    """Say that it is taken; `ring`: the alarm's row of who pressed the key on the telephone. State and clock stay.

    Raises:
        ActionRefused: it isn't urgent, or somebody else took it up first.
    """
    with transition(case, RULE, by=by, at=at) as change:
        if not change.case.untaken:
            change.refuse(_("Việc này đã có người nhận."))
        change.set(taken_at=at)
        change.record(ring=ring)
    return change.case
