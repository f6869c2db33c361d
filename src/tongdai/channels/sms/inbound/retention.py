"""Every night: the raw octets of texts long taken in go. Their words stand in the interaction, which has its own rules.

Kept are those a person has still to look at, those that could not be read whole (they go with the words of their case),
and of all others the digest by which a repetition is known.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from tongdai.platform import jobs
from tongdai.platform.clock import now

from ..models import Part


@jobs.periodic(name="channels.sms.retention.forget_raw_texts", queue="sms", cron="23 18 * * *")
def forget_raw_texts(timestamp: int) -> None:
    """Once a night."""
    forget(at=now())


def forget(*, at: datetime) -> int:
    """Blank the octets of what was settled more than SMS_RAW_DAYS ago; how many."""
    before = at - timedelta(days=settings.SMS_RAW_DAYS)
    done = Part.objects.filter(state__in=[Part.State.TAKEN, Part.State.PARTIAL], received_at__lt=before)
    return done.exclude(octets=b"").exclude(trouble=Part.UNREADABLE).update(octets=b"")
