"""Which carrier a number is sent to: by the longest beginning a carrier names, and by who is up.

Carriers that name the same beginnings, or none, stand in the order they are listed: the first has the numbers, the
next takes them once it has been away for its `failover` seconds; danger, duty and one-time codes at once. One that is
bound and answers no submission is as good as away, but for a part now and then by which it may show that it is well again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from django.db.models import Q

from ..protocol.address import Smsc

URGENT = 20  # the priority from which nothing waits for a carrier to come back: one-time codes, duty, danger


class Board:
    """Which binds are up; every thread of the sms process reads it."""

    def __init__(self, binds: Sequence[Smsc], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._senders = [bind for bind in binds if bind.sends]
        self._clock = clock
        self._away_since: dict[str, float | None] = {bind.key: clock() for bind in self._senders}
        self._silent_since: dict[str, float] = {}
        self._lock = threading.Lock()

    def up(self, bind: Smsc) -> None:
        """It is bound (or another process has it): it takes its numbers."""
        with self._lock:
            self._away_since[bind.key] = None
            self._silent_since.pop(bind.key, None)

    def away(self, bind: Smsc) -> None:
        """It is not; since when counts from the first time it is said."""
        with self._lock:
            if self._away_since.get(bind.key) is None:
                self._away_since[bind.key] = self._clock()

    def silent(self, bind: Smsc) -> None:
        """It is bound, and hasn't answered what was submitted for some seconds."""
        with self._lock:
            self._silent_since.setdefault(bind.key, self._clock())

    def answered(self, bind: Smsc) -> None:
        """It has answered."""
        with self._lock:
            self._silent_since.pop(bind.key, None)

    def has_another(self, bind: Smsc) -> bool:
        """Whether another carrier is up and answers."""
        return any(self._away_for(each.carrier) == 0 for each in self._senders if each.carrier != bind.carrier)

    def numbers_of(self, bind: Smsc, *, trying: bool = False) -> Q | None:
        """Which queued interactions are this bind's now; None: all of them.

        trying: it is silent, and tries again with what isn't urgent.
        """
        classes = sorted({"", *(prefix for each in self._senders for prefix in each.routes)})
        tries = bind.carrier if trying else ""
        mine = {
            urgent: [each for each in classes if self._carrier_of(each, urgent=urgent, tries=tries) == bind.carrier]
            for urgent in (False, True)
        }
        if mine[False] == mine[True] == classes:
            return None
        urgent = Q(priority__gte=URGENT)
        return (_numbers(mine[True], classes) & urgent) | (_numbers(mine[False], classes) & ~urgent)

    def _carrier_of(self, beginning: str, *, urgent: bool, tries: str) -> str | None:
        """Who has the numbers that begin so; None: nobody yet, for the one they are of has only just gone.

        Where nobody answers, one that is bound and silent is better than none.
        """
        order = self._in_order(beginning)
        for carrier in order:
            away = 0.0 if carrier == tries and not urgent else self._away_for(carrier)
            if away == 0:
                return carrier
            if not urgent and away < max(each.failover for each in self._senders if each.carrier == carrier):
                return None
        return next((carrier for carrier in order if self._away_for(carrier, silent=False) == 0), None)

    def _in_order(self, beginning: str) -> list[str]:
        """The carriers that may have it: who names the most of it first, those that name nothing last."""
        ranked: dict[str, int] = {}
        for bind in self._senders:
            named = [len(prefix) for prefix in bind.routes if beginning.startswith(prefix)]
            if named or not bind.routes:
                ranked[bind.carrier] = max([ranked.get(bind.carrier, 0), *named])
        if not ranked:  # no carrier is named for it: better by any than by none
            ranked = {bind.carrier: 0 for bind in self._senders}
        return sorted(ranked, key=lambda carrier: -ranked[carrier])

    def _away_for(self, carrier: str, *, silent: bool = True) -> float:
        """Seconds; 0 while one of its binds is up, and not `silent` where that counts."""
        with self._lock:
            silences = {} if not silent else self._silent_since
            since = [
                self._away_since[each.key] or silences.get(each.key)
                for each in self._senders
                if each.carrier == carrier
            ]
        gone = [at for at in since if at is not None]
        return 0.0 if len(gone) < len(since) else max(self._clock() - max(gone), 0.001)


def _numbers(beginnings: Sequence[str], classes: Sequence[str]) -> Q:
    """The numbers whose longest class is one of these."""
    found = Q(pk__in=[])
    for beginning in beginnings:
        longer = [each for each in classes if each != beginning and each.startswith(beginning)]
        one = Q(address__startswith=beginning) if beginning else Q()
        for each in longer:
            one &= ~Q(address__startswith=each)
        found |= one if one else ~Q(pk__in=[])
    return found
