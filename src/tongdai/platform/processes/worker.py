"""The worker process: runs the jobs, wakes at once when one is queued after COMMIT, and polls as the safety net."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from django.db import DatabaseError
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext
from procrastinate.manager import JobManager

from .. import jobs, wake
from . import readiness
from .heartbeat import beat, beat_by_loop

log = structlog.get_logger(__name__)

AT_ONCE = 4
POLL = 2.0  # seconds
HEARTBEAT, DEAD_AFTER, LOOK_EVERY = 5.0, 20.0, 5.0  # seconds: a killed worker's jobs are taken up within a minute


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
            readiness.report_ready(False)
            log.warning("worker.database_away", error=type(error).__name__)
            beat()
            time.sleep(1)


async def _work() -> None:
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    beside = [asyncio.create_task(beat_by_loop())]
    try:
        async with worker_app.open_async():
            beside.append(asyncio.create_task(_take_up_for_ever(worker_app.job_manager)))
            readiness.report_ready()
            await worker_app.run_worker_async(
                concurrency=AT_ONCE,
                fetch_job_polling_interval=POLL,
                listen_notify=True,
                install_signal_handlers=True,
                delete_jobs="never",
                update_heartbeat_interval=HEARTBEAT,
                worker_middleware=[name_what_fails],
                stalled_worker_timeout=DEAD_AFTER,
            )
    finally:
        for task in beside:
            task.cancel()


async def name_what_fails(run: Callable[[], Awaitable[Any]], context: JobContext, _worker: object) -> Any:
    """A job that fails stands in the log by its name, how often it was tried, and the kind of error: no row is quoted."""
    try:
        return await run()
    except Exception as trouble:
        tries, frames = context.job.attempts + 1, traceback.extract_tb(trouble.__traceback__)
        ours = [f"{frame.name}:{frame.lineno}" for frame in frames if "tongdai" in frame.filename]
        log.error(
            "job.failed", job=context.job.task_name, tries=tries, error=type(trouble).__name__,
            given_up=tries > jobs.TRIES, where=ours[-1] if ours else "",
        )  # fmt: skip
        raise


async def _take_up_for_ever(manager: JobManager) -> None:
    """Beside the jobs, not one of them: they may fill every place there is."""
    while True:
        with contextlib.suppress(exceptions.ConnectorException):  # it is away; the worker itself says so
            await take_up_stalled(manager)
        await asyncio.sleep(LOOK_EVERY)


async def take_up_stalled(manager: JobManager) -> None:
    """Jobs whose worker has shown no heartbeat for 20 s are queued again."""
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
        await manager.retry_job(job)
        log.warning("worker.job_taken_up_again", task=job.task_name)


def retry_failed(name: str = "") -> int:
    """Queue again what was given up, all or one task's; how many."""
    from procrastinate.contrib.django.models import ProcrastinateJob  # models, which can't be there when rooms are read

    failed = ProcrastinateJob.objects.filter(status="failed")
    found = list((failed.filter(task_name=name) if name else failed).values_list("pk", flat=True))
    for job in found:
        app.job_manager.retry_job_by_id(job, retry_at=datetime.now(UTC))
    wake.wake_workers()
    return len(found)


@jobs.periodic(name="platform.worker.sweep", queue="worker", cron="7 19 * * *")
def sweep(timestamp: int) -> None:
    """At night: forget jobs that were done a week ago, so that the table stays small."""
    asyncio.run(app.job_manager.delete_old_jobs(nb_hours=7 * 24, include_failed=False))
