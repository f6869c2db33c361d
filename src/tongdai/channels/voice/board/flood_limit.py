"""One number must not take the whole line: how many calls of it are let in."""

from __future__ import annotations

import time
from collections import defaultdict, deque

AT_ONCE, WITHIN, SECONDS = 3, 10, 600.0
HIDDEN_AT_ONCE = 30  # hidden numbers may be many people


class FloodLimit:
    """Counts the calls of each number that go on, and those that came lately."""

    def __init__(self) -> None:
        self._on: dict[str, set[str]] = defaultdict(set)
        self._came: dict[str, deque[float]] = defaultdict(deque)

    def lets_in(self, number: str, channel: str) -> bool:
        """Whether this call may go on: not a fourth at once, not an eleventh in ten minutes."""
        came, at = self._came[number], time.monotonic()
        while came and came[0] < at - SECONDS:
            came.popleft()
        refused = (
            len(self._on[number]) >= AT_ONCE or len(came) >= WITHIN
            if number
            else len(self._on[number]) >= HIDDEN_AT_ONCE
        )
        if not refused:
            came.append(at)
            self._on[number].add(channel)
        return not refused

    def over(self, channel: str) -> None:
        for number, channels in list(self._on.items()):
            channels.discard(channel)
            if not channels:
                del self._on[number]
