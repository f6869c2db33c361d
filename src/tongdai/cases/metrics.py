"""What a monitor watches of cases: clocks that have run out or soon will, danger that nobody has taken."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Min
from prometheus_client.core import Metric

from tongdai.platform.clock import now
from tongdai.platform.monitoring.metrics import gauge, gauges

from . import standing
from .models import UNTAKEN, Case
from .standing import NOT_MERGED, WAITING, Clock
from .states import OPEN


def gather() -> Iterator[Metric]:
    """Two queries, each over the partial index of open cases."""
    at = now()
    late, soon = standing.overdue(at=at, clock=Clock.ANSWER), standing.due_soon(at=at, clock=Clock.ANSWER)
    clocks = Case.objects.filter(NOT_MERGED, state__in=OPEN).aggregate(
        late=Count("pk", filter=late),
        soon=Count("pk", filter=soon),
        fine=Count("pk", filter=~late & ~soon & ~WAITING),
        waiting=Count("pk", filter=WAITING),
        unassigned=Count("pk", filter=standing.runs(Clock.ASSIGN) & standing.overdue(at=at)),
    )
    unassigned = clocks.pop("unassigned")
    yield gauges("cases_open", "open cases by how their answer clock stands", "clock", clocks.items())
    yield gauge("cases_unassigned_late", "new cases that nobody has passed on in time", unassigned)
    danger = Case.objects.filter(UNTAKEN).aggregate(count=Count("pk"), oldest=Min("received_at"))
    oldest = (at - danger["oldest"]).total_seconds() if danger["oldest"] else 0
    yield gauge("danger_untaken", "urgent cases that nobody has taken", danger["count"])
    yield gauge("danger_untaken_oldest_seconds", "how long the oldest of them has waited", oldest)
