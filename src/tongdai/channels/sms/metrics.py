"""What a monitor watches of texts: each bind, what waits to go and since when, what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count, F, Max
from django.db.models.functions import Now
from prometheus_client.core import Metric

from tongdai.people.models import Channel, Interaction
from tongdai.platform.clock import now
from tongdai.platform.monitoring.metrics import gauge, gauges

from .models import Part
from .outbound import held_back
from .status import Standing, gateway


def gather() -> Iterator[Metric]:
    """Few queries, each on an index. Without an SMSC: only what waits."""
    if settings.SMSC:
        binds = gateway(at=now()).binds
        up = [(each.smsc.key, float(each.standing is Standing.BOUND)) for each in binds]
        yield gauges("sms_bind_up", "1 for a bind that its SMSC answers", "bind", up)
    outbox = Interaction.objects.filter(
        channel=Channel.SMS, state__in=[Interaction.State.QUEUED, Interaction.State.SENDING]
    ).aggregate(count=Count("pk"), oldest=Max(Now() - F("recorded_at")))
    yield gauge("sms_outbox", "texts that wait to go", outbox["count"])
    yield gauge(
        "sms_outbox_oldest_seconds",
        "how long the oldest of them has waited",
        outbox["oldest"].total_seconds() if outbox["oldest"] else 0,
    )
    yield gauge(
        "sms_held_back", "texts that wait for a person, refused for themselves", held_back.for_a_person().count()
    )
    dead_letters = Part.objects.filter(state=Part.State.DEAD_LETTER).count()
    yield gauge("sms_dead_letters", "texts that came and wait for a person", dead_letters)
