"""What each process keeps of the directory in memory: read on every request, written a few times a year.

A copy is used for at most `TTL` seconds; so a change in the settings is seen by every process within seconds, and no
request pays a query for it. Whoever writes the directory calls `forget()` so that his own process sees it at once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from django.db import InterfaceError, OperationalError

T = TypeVar("T")
TTL = 3.0  # seconds

_all: list[Fresh[object]] = []
_unchanged = False


class Fresh(Generic[T]):
    """A value made by `load`, made anew when it is older than `ttl` seconds. Safe to call from many threads."""

    def __init__(self, load: Callable[[], T], *, ttl: float = TTL) -> None:
        self._load, self._ttl = load, ttl
        self._lock = threading.Lock()
        self._cached: tuple[float, T] | None = None  # when it was read (monotonic seconds), what was read
        _all.append(self)  # type: ignore[arg-type]

    def __call__(self) -> T:
        """The value; while the database is away the last one that was read. Raises what `load` raises."""
        cached = self._cached
        if cached is not None and (_unchanged or time.monotonic() - cached[0] < self._ttl):
            return cached[1]
        with self._lock:
            cached = self._cached
            if cached is None or time.monotonic() - cached[0] >= self._ttl:
                read_at = time.monotonic()
                try:
                    cached = (read_at, self._load())
                except (OperationalError, InterfaceError):
                    if cached is None:
                        raise
                    cached = (read_at, cached[1])
                self._cached = cached
        return cached[1]

    def forget(self) -> None:
        """Read anew at the next call."""
        self._cached = None


def forget() -> None:
    """Let this process read the whole directory anew."""
    for fresh in _all:
        fresh.forget()


@contextmanager
def unchanged() -> Iterator[None]:
    """Inside, what was read once is good for as long as it lasts: whoever says so knows that nobody writes the directory."""
    global _unchanged
    before, _unchanged = _unchanged, True
    try:
        yield
    finally:
        _unchanged = before
