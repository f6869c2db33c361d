"""Every hour: what was left in the stash goes."""

from __future__ import annotations

from datetime import UTC, datetime

from tongdai.platform import jobs

from . import stash


@jobs.app.periodic(cron="17 * * * *")
@jobs.task(name="portal.sweep_the_stash", queue="housekeeping")
def sweep_the_stash(timestamp: int) -> None:
    """By the computer's own clock, not the city's: it is the age of files, which no scenario turns."""
    stash.sweep(at=datetime.now(UTC))
