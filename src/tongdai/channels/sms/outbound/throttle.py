"""How many submit_sm a second a bind sends: the carrier's `tps`, and less for a while after it said *throttled* (0x58).

Less means half, a quarter …, at least one a second; then a little more each second until the full rate is back. A bind
is slowed, never stopped.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

LEAST = 1.0  # a second
SLOWER, FASTER = 0.5, 1.25  # at each throttling; each second without one
ONE_REASON = 1.0  # seconds: the refusals of one window are one reason to slow down
BURST = 0.25  # seconds whose share may go at once


class Throttle:
    """Counts what was sent on one bind, across its connections."""

    def __init__(self, tps: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._tps = tps or math.inf
        self._clock = clock
        self.limit = self._tps  # a second, now
        self._sent: deque[float] = deque()  # when, of late
        self._slowed_at = -math.inf
        self._quickened_at = clock()

    @property
    def slowed_to(self) -> float | None:
        """A second, while it is less than the carrier allows in general."""
        return None if self.limit >= self._tps else self.limit

    def room(self) -> int:
        """How many may go now: of any second, no more than the limit, and evenly within it."""
        now = self._clock()
        self._quicken(now)
        if math.isinf(self.limit):
            self._forget(before=now - 1)
            return 10_000
        span = max(1.0, 1 / self.limit)
        self._forget(before=now - span)
        free = math.floor(self.limit * span + 1e-9) - len(self._sent)
        at_once = math.ceil(self.limit * BURST)
        even = math.floor((now - self._sent[-1]) * self.limit + 1e-9) if self._sent else at_once
        return max(min(free, even, at_once), 0)

    def spend(self) -> None:
        """One has gone."""
        self._sent.append(self._clock())

    def slow_down(self) -> None:
        """The carrier asks for less."""
        now = self._clock()
        if now - self._slowed_at < ONE_REASON:
            return
        self._slowed_at = self._quickened_at = now
        rate = self.limit if not math.isinf(self.limit) else max(len(self._sent), 2)
        self.limit = max(rate * SLOWER, min(LEAST, self._tps))

    def _forget(self, *, before: float) -> None:
        while self._sent and self._sent[0] <= before:
            self._sent.popleft()

    def _quicken(self, now: float) -> None:
        if self.limit >= self._tps:
            return
        while now - self._quickened_at >= 1:
            self._quickened_at += 1
            self.limit *= FASTER
        if self.limit >= self._tps or (math.isinf(self._tps) and self.limit > 1000):
            self.limit = self._tps
