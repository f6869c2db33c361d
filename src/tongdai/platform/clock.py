"""The one clock. Only a database marked demo may turn it; every process of the house then follows within a second."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

CITY_TZ = ZoneInfo("Asia/Ho_Chi_Minh")
LOOKS_AGAIN_AFTER = 1.0  # seconds; a clock that isn't turned is looked at each minute
_UNTURNED_LOOKS_AFTER = 60.0


class NotADemo(Exception):
    """A real city's clock is not turned."""


@dataclass(frozen=True)
class _Turned:
    real_at: datetime
    city_at: datetime
    rate: float


_lock = threading.Lock()
_aside = threading.Lock()
_turned: _Turned | None = None
_look_at = 0.0


def now() -> datetime:
    """The city's time, aware, in UTC. Costs no query: how the clock is turned is read once a second at most.

    In an event loop it is read by a thread aside, and what was known until then is told: a loop may not wait for the database.
    """
    if time.monotonic() >= _look_at:
        if _in_event_loop():
            _look_aside()
        else:
            _look()
    real = datetime.now(UTC)
    if _turned is None:
        return real
    return _turned.city_at + (real - _turned.real_at) * _turned.rate


def today() -> date:
    """The day in the city."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The day in the city at that moment."""
    return moment.astimezone(CITY_TZ).date()


def midnight(moment: datetime | None = None) -> datetime:
    """When the day of that moment (now) began in the city."""
    return datetime.combine(day_of(moment or now()), time_of_day(), CITY_TZ)


def turn(*, to: datetime | None, rate: float = 1.0) -> None:
    """Set the city's clock (None: back to real time), running `rate` times as fast as the real one.

    Raises:
        NotADemo: this database was not made as a demo.
    """
    from .models import Installation

    real = datetime.now(UTC)
    changed = Installation.objects.filter(pk=1, demo=True).update(
        real_at=real if to else None, city_at=to, rate=rate if to else 1.0
    )
    if not changed:
        raise NotADemo
    forget()


@contextmanager
def turned_here() -> Iterator[Callable[[datetime], None]]:
    """Turn the clock of this process alone, as often as wanted, by the function given; nobody else notices.

    Raises:
        NotADemo: this database was not made as a demo.
    """
    from .database.installation import is_demo

    if not is_demo():
        raise NotADemo
    global _turned, _look_at
    before, _look_at = _turned, float("inf")

    def turn_to(moment: datetime) -> None:
        global _turned
        _turned = _Turned(datetime.now(UTC), moment, 1.0)

    try:
        yield turn_to
    finally:
        _turned, _look_at = before, 0.0


def forget() -> None:
    """Look at the database again at the next `now()`."""
    global _look_at
    _look_at = 0.0


def _in_event_loop() -> bool:
    """As Django judges it, where it refuses a query (`asgiref`'s and its own DJANGO_ALLOW_ASYNC_UNSAFE)."""
    if os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE"):
        return False
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _look_aside() -> None:
    """In a thread of its own, with a connection of its own; one at a time."""
    if _aside.acquire(blocking=False):
        threading.Thread(target=_look_and_part, name="clock", daemon=True).start()


def _look_and_part() -> None:
    from django.db import connection

    try:
        _look()
    finally:
        connection.close()
        _aside.release()


def _look() -> None:
    """Read how the clock is turned. A database that is away, or not yet made, turns nothing."""
    global _turned, _look_at
    from django.db import Error, connection, transaction

    with _lock:
        if time.monotonic() < _look_at:
            return
        _look_at = time.monotonic() + LOOKS_AGAIN_AFTER
        try:
            with transaction.atomic(durable=False), connection.cursor() as cursor:
                cursor.execute("SELECT real_at, city_at, rate FROM platform_installation WHERE city_at IS NOT NULL")
                row = cursor.fetchone()
        except Error:
            return
        _turned = _Turned(*row) if row else None
        if _turned is None:
            _look_at = time.monotonic() + _UNTURNED_LOOKS_AFTER
