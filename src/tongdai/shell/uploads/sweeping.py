"""Every hour: what was left in the stash goes."""

from __future__ import annotations

from datetime import UTC, datetime

from tongdai.platform import jobs

from . import stash


@jobs.periodic(name="portal.report.sweep_the_stash", queue="report", cron="17 * * * *")
def sweep_the_stash(timestamp: int) -> None:
    """By the computer's own clock, not the city's: it is the age of files, which no scenario turns."""
    stash.sweep(at=datetime.now(UTC))
