"""The worker process: runs the jobs, wakes at once when one is queued after COMMIT, and polls as the safety net."""

from __future__ import annotations

import asyncio
import signal
import time

import structlog
from django.db import DatabaseError
from procrastinate import exceptions
from procrastinate.contrib.django import app

from . import jobs, readiness

log = structlog.get_logger(__name__)

AT_ONCE = 4
POLL = 2.0  # seconds
HEARTBEAT, DEAD_AFTER = 5.0, 20.0  # seconds: jobs of a killed worker are taken up again within a minute


def main() -> None:
    """Work until SIGTERM; a database that is away is waited for."""
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    while not stopping:
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        try:
            asyncio.run(_work())
            return
        except (exceptions.ConnectorException, DatabaseError, OSError) as error:
            readiness.say_ready(False)
            log.warning("worker.database_away", error=type(error).__name__)
            time.sleep(1)


async def _work() -> None:
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with worker_app.open_async():
        readiness.say_ready()
        await worker_app.run_worker_async(
            concurrency=AT_ONCE,
            fetch_job_polling_interval=POLL,
            listen_notify=True,
            install_signal_handlers=True,
            delete_jobs="never",
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=DEAD_AFTER,
        )


@app.periodic(cron="*/15 * * * * *")
@app.task(name="platform.worker.take_up_stalled", queue="worker", pass_context=True)
async def take_up_stalled(context: object, timestamp: int) -> None:
    """Jobs whose worker has shown no heartbeat for 20 s are queued again."""
    manager = context.app.job_manager  # type: ignore[attr-defined]
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
        await manager.retry_job(job)
        log.warning("worker.job_taken_up_again", task=job.task_name)


@jobs.periodic(name="platform.worker.sweep", queue="worker", cron="7 19 * * *")
def sweep(timestamp: int) -> None:
    """At night: forget jobs that were done a week ago, so that the table stays small."""
    asyncio.run(app.job_manager.delete_old_jobs(nb_hours=7 * 24, include_failed=False))
