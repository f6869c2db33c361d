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
_cached: tuple[float, DayFigures] | None = None


def counted_today() -> DayFigures:
    """Since midnight in the city until the moment they were counted."""
    global _cached
    cached = _cached
    if cached and time.monotonic() - cached[0] < EVERY and day_of(cached[1].until) == today():
        return cached[1]
    with _lock:
        if _cached is cached:
            _cached = (time.monotonic(), _count(now()))
        return _cached[1]  # type: ignore[index]


def forget() -> None:
    """Count anew at the next call."""
    global _cached
    _cached = None


def _count(at: datetime) -> DayFigures:
    begun = midnight(at)
    return queries.figures_between(begun, min(at, begun + timedelta(days=1)))
