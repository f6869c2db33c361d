"""What a change of the calendar would do, before it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from tongdai.cases.deadlines.recalculation import LOOKED_AT, Shift, shifts
from tongdai.directory.calendar.versions import calendar_from_rows
from tongdai.directory.freshness import forget
from tongdai.platform.clock import now

SHOWN = 20


@dataclass(frozen=True)
class Effect:
    """How many open deadlines move, the first of them, and how many cases were looked at at most.

    A denunciation is counted anew with the others but never shown nor counted here (ADR 19).
    """

    count: int
    first: list[Shift]
    looked_at: int = LOOKED_AT


def would_move(write: Callable[[], object]) -> Effect:
    """Write the change, look at what the calendar would do, and take it all back.

    Raises what `write` raises.
    """
    try:
        with transaction.atomic():
            write()
            moved = [shift for shift in shifts(calendar_from_rows(at=now())) if not shift.confidential]
            transaction.set_rollback(True)
    finally:
        forget()
    return Effect(len(moved), moved[:SHOWN])
