"""Today's figures for everyone: counted, never typed in, and at most once a minute."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

from tongdai.cases import queries
from tongdai.cases.queries import DayFigures
from tongdai.platform.clock import day_of, midnight, now, today

EVERY = 60.0  # seconds

_lock = threading.Lock()
_held: tuple[float, DayFigures] | None = None


def counted_today() -> DayFigures:
    """Since midnight in the city until the moment they were counted."""
    global _held
    held = _held
    if held and time.monotonic() - held[0] < EVERY and day_of(held[1].until) == today():
        return held[1]
    with _lock:
        if _held is held:
            _held = (time.monotonic(), _count(now()))
        return _held[1]  # type: ignore[index]


def forget() -> None:
    """Count anew at the next call."""
    global _held
    _held = None


def _count(at: datetime) -> DayFigures:
    begun = midnight(at)
    return queries.figures_between(begun, min(at, begun + timedelta(days=1)))
