"""How often a network may do what costs much: counted in the database, so that every process counts together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection

from .. import jobs
from ..models import NetworkUse

FORGOTTEN_AFTER = timedelta(days=2)

COUNT = """
INSERT INTO platform_networkuse (purpose, network, since, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (purpose, network, since) DO UPDATE SET count = platform_networkuse.count + 1
RETURNING count
"""


def within(purpose: str, network: str, *, most: int, per: timedelta, at: datetime) -> bool:
    """Count one more of this network; False: this window of `per` has had `most` already. One statement, no lock held."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [purpose, network, _window(at, per)])
        return bool(cursor.fetchone()[0] <= most)


def again_at(*, per: timedelta, at: datetime) -> datetime:
    """When the next window begins."""
    return _window(at, per) + per


def _window(at: datetime, per: timedelta) -> datetime:
    seconds = int(per.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)


@jobs.periodic(name="platform.rates.forget", queue="worker", cron="27 19 * * *")
def forget(timestamp: int) -> None:
    """At night: windows that are long over."""
    NetworkUse._default_manager.filter(since__lt=datetime.fromtimestamp(timestamp, UTC) - FORGOTTEN_AFTER).delete()
