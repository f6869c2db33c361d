"""The register of breaches: 72 hours to tell the authority (Luật 91/2025/QH15, điều 23), and the people it hurts."""

from __future__ import annotations

from datetime import datetime, timedelta

from .models import Breach

REPORT_WITHIN = timedelta(hours=72)


def report_by(breach: Breach) -> datetime:
    """By when the authority (A05, Bộ Công an) is to know."""
    return breach.found_at + REPORT_WITHIN


def unreported(*, at: datetime) -> int:
    """How many wait to be reported, late or not."""
    return Breach.objects.filter(reported_at=None, closed_at=None, found_at__lte=at).count()
