"""Change the roster: a shift is entered, changed, or ends; who did it and when stands on the row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from tongdai.directory.models import Place
from tongdai.platform.clock import CITY_TZ, day_of

from ..models import DutyShift, User


@transaction.atomic
def save_shift(shift: DutyShift, *, places: Iterable[Place], by: User, at: datetime) -> DutyShift:
    """Enter it, or keep it changed."""
    shift.changed_by, shift.changed_at = by, at
    shift.save()
    shift.places.set(places)
    return shift


def end_shift(shift: DutyShift, *, by: User, at: datetime) -> DutyShift:
    """Nobody is rung by it from now on; a weekly one's turn that goes on now is finished. The row stays on record."""
    shift.changed_by, shift.changed_at = by, at
    if shift.from_at is not None:
        shift.to_at = max(shift.from_at, at)
    else:
        today = day_of(at)
        shift.valid_to = (
            today - timedelta(days=1) if at.astimezone(CITY_TZ).time() < (shift.starts or at.time()) else today
        )
    shift.save()
    return shift
