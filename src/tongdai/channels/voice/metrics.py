"""What a monitor watches of the telephone: calls by what becomes of them, who waits, who could answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Min
from prometheus_client.core import Metric

from tongdai.platform.clock import now
from tongdai.platform.monitoring.metrics import gauge, gauges

from .models import Agent, Call, Callback, Repair
from .records import repairs


def gather() -> Iterator[Metric]:
    """Five queries over what goes on just now."""
    at = now()
    going_on = Call.objects.exclude(state=Call.State.ENDED)
    states = dict(going_on.values_list("state").annotate(Count("pk")))
    yield gauges(
        "calls", "calls that go on", "state",
        [(state, states.get(state, 0)) for state in Call.State.values if state != Call.State.ENDED],
    )  # fmt: skip
    waiting = going_on.filter(state__in=[Call.State.WAITING, Call.State.RINGING])
    queues = waiting.filter(queue__isnull=False).values_list("queue__code").annotate(Count("pk"))
    yield gauges("queue_calls", "calls that wait for a person", "queue", queues)
    longest = waiting.aggregate(since=Min("waited_from"))["since"]
    yield gauge("queue_oldest_seconds", "how long the first of them has waited", _since(longest, at))
    agents = dict(Agent.objects.values_list("state").annotate(Count("pk")))
    yield gauges("agents", "call takers", "state", [(state, agents.get(state, 0)) for state in Agent.State.values])
    due = Callback.objects.filter(state=Callback.State.WAITING, ring_at__lte=at).aggregate(
        count=Count("pk"), since=Min("ring_at")
    )
    yield gauge("callbacks_due", "people who wait to be rung back", due["count"])
    yield gauge("callback_oldest_seconds", "how long the first of them has waited", _since(due["since"], at))
    repaired = dict(repairs.lately(since=at - timedelta(hours=1)))
    yield gauges(
        "repairs", "what the telephone found wrong and put right in the last hour", "kind",
        [(kind, repaired.get(kind, 0)) for kind in Repair.Kind],
    )  # fmt: skip


def _since(moment: datetime | None, at: datetime) -> float:
    return (at - moment).total_seconds() if moment else 0.0
