"""What the clock does to cases that wait for their citizens: a reminder after three days, and going on without a reply.

One sweep looks at the few rows that wait, so that a question asked is never without it, whatever became of a queue, and a
calendar that changes moves the day with the row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db.models import Q

from tongdai.platform import jobs
from tongdai.platform.clock import now

from ..actions.go_on import go_on
from ..actions.remind import remind
from ..actor import Actor
from ..models import Case
from ..standing import WAITING
from ..states import ActionRefused
from . import REMIND_AFTER

BATCH = 500


@jobs.periodic(name="cases.waiting.sweep", queue="waiting", cron="*/10 * * * *")
def sweep(timestamp: int) -> None:
    """Let go on what has waited long enough, then remind; run twice, the second time changes nothing."""
    at = now()
    _each(Q(waits_until__lte=at), go_on, at=at)
    _each(Q(waits_until__gt=at, asked_at__lte=at - REMIND_AFTER, reminded_at=None), remind, at=at)


def _each(which: Q, do: Callable[..., Case], *, at: datetime) -> None:
    for case in _waiting(which):
        try:
            do(case, by=Actor.system(), at=at)
        except ActionRefused:
            continue  # somebody replied, or went on, in this very second


def _waiting(which: Q) -> Iterator[Case]:
    last = 0
    while cases := list(Case.objects.filter(WAITING, which, pk__gt=last).order_by("pk")[:BATCH]):
        yield from cases
        last = cases[-1].pk
