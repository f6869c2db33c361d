"""What a monitor watches of cases: clocks that have run out or soon will, danger that nobody has taken."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Min, Q
from prometheus_client.core import Metric

from tongdai.platform.clock import now
from tongdai.platform.metrics import gauge, gauges

from .lifecycle import INBOX, OPEN
from .models import UNTAKEN, Case
from .queries import SOON


def gather() -> Iterator[Metric]:
    """Two queries, each over the partial index of open cases."""
    at = now()
    clocks = Case.objects.filter(state__in=OPEN).aggregate(
        late=Count("pk", filter=Q(due_at__lte=at)),
        soon=Count("pk", filter=Q(due_at__gt=at, due_at__lte=at + SOON)),
        fine=Count("pk", filter=Q(due_at__gt=at + SOON)),
        unassigned=Count("pk", filter=Q(state__in=INBOX, assign_by__lte=at)),
    )
    unassigned = clocks.pop("unassigned")
    yield gauges("cases_open", "open cases by how their answer clock stands", "clock", clocks.items())
    yield gauge("cases_unassigned_late", "cases in the inbox past the hour they should have been assigned", unassigned)
    danger = Case.objects.filter(UNTAKEN).aggregate(count=Count("pk"), oldest=Min("received_at"))
    oldest = (at - danger["oldest"]).total_seconds() if danger["oldest"] else 0
    yield gauge("danger_untaken", "urgent cases that nobody has taken", danger["count"])
    yield gauge("danger_untaken_oldest_seconds", "how long the oldest of them has waited", oldest)
