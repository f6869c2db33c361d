"""`/metrics`, for Prometheus and whatever reads its form: how the house stands, counted anew at each question.

Every value comes from the database or the disk, so any web process of any machine gives the same answer, and nothing is
lost with a process. Rooms above give theirs (`registry.metrics`). No value speaks of a person.

Answered to this machine, to the networks of `TONGDAI_METRICS_FROM`, and to who has `TONGDAI_METRICS_TOKEN`; to others there
is no such page.
"""

from __future__ import annotations

import hmac
import shutil
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ..files import storage
from ..home import home
from ..models import Backup, Installation
from ..web.client_network import address_of, is_loopback
from ..web.proxies import BY_PROXY, is_trusted
from . import registry
from .running_checks import tried_again, waiting_jobs

log = structlog.get_logger(__name__)


def metrics(request: HttpRequest) -> HttpResponse:
    """The page; 404 to whoever may not see it."""
    if not _may_read(request):
        return HttpResponseNotFound("Not found\n", content_type="text/plain")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_House())
    response = HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response


def gauge(name: str, means: str, value: float) -> Metric:
    """One value."""
    return GaugeMetricFamily(f"tongdai_{name}", means, value=value)


def gauges(name: str, means: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    """A value for each of these labels."""
    family = GaugeMetricFamily(f"tongdai_{name}", means, labels=[label])
    for which, value in values:
        family.add_metric([which], value)
    return family


class _House(Collector):
    """Everything; a source that fails is counted and keeps no other silent."""

    def collect(self) -> Iterator[Metric]:
        begun, failed = time.monotonic(), 0
        yield from of_the_disks()
        up = _database_answers()
        yield gauge("database_up", "1 if the database answers", up)
        for name, source in registry.metrics.items() if up else ():
            try:
                found = list(source())
            except (DatabaseError, OSError) as trouble:
                log.error("metrics.failed", source=name, error=type(trouble).__name__)
                failed += 1
                continue
            yield from found
        yield gauge("metrics_failed", "sources that could not be counted", failed)
        yield gauge("metrics_seconds", "what counting took", time.monotonic() - begun)


def of_the_disks() -> Iterator[Metric]:
    """Room where the house writes."""
    backups = Path(settings.BACKUP_FOLDER) if settings.BACKUP_FOLDER else None
    places = {"home": home(), "files": storage.folder(), "backups": backups}
    free = [(name, shutil.disk_usage(place).free) for name, place in places.items() if place and place.exists()]
    yield gauges("disk_free_bytes", "room left where the house writes", "place", free)


def of_the_jobs() -> Iterator[Metric]:
    """What follows what happened: how much waits, since when, and what was given up."""
    waiting, oldest = waiting_jobs()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
        (failed,) = cursor.fetchone()
    yield gauge("jobs_waiting", "jobs that are due and not begun", waiting)
    yield gauge("job_oldest_seconds", "how long the oldest of them has waited", oldest)
    yield gauge("jobs_failed", "jobs given up after every try", failed)
    failing = [(name, count) for name, count, _tries in tried_again()]
    failing.append(("any", sum(count for _name, count in failing)))
    yield gauges("jobs_failing", "jobs that failed twice or more and are tried again", "task", failing)


def of_the_backups() -> Iterator[Metric]:
    """How old the last whole one is (where there is none: the city itself), and whether the latest went wrong."""
    latest = Backup.objects.order_by("-begun_at").first()
    last = Backup.objects.filter(finished_at__isnull=False).aggregate(at=Max("begun_at"))["at"]
    since = last or Installation.objects.values_list("made_at", flat=True).get(pk=1)
    age = (datetime.now(UTC) - since).total_seconds()
    yield gauge("backup_age_seconds", "age of the last backup; without any: of the city", age)
    yield gauge("backup_failed", "1 if the latest went wrong", bool(latest and latest.trouble))


def _database_answers() -> int:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return 0
    return 1


def _may_read(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return True
    if is_loopback(request):
        return True
    return not request.META.get(BY_PROXY) and is_trusted(address_of(request), settings.METRICS_FROM)
