"""What a monitor watches of those on duty: alarms that ring and nobody has taken."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Min
from prometheus_client.core import Metric

from tongdai.platform.clock import now
from tongdai.platform.monitoring.metrics import gauge

from .models import Alarm


def gather() -> Iterator[Metric]:
    """Count the alarms that ring, in one query; a trial is none."""
    ringing = Alarm.objects.filter(state=Alarm.State.RINGING, trial=False).aggregate(
        count=Count("pk"), oldest=Min("opened_at")
    )
    oldest = (now() - ringing["oldest"]).total_seconds() if ringing["oldest"] else 0
    yield gauge("alarms_ringing", "alarms of danger that nobody has taken", ringing["count"])
    yield gauge("alarm_oldest_seconds", "how long the oldest of them has rung", oldest)
