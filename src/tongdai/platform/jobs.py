"""Jobs are rows in the same database, deferred by name in the transaction that causes them.

So nothing acknowledged is ever without its follow-up, and nothing follows what was rolled back. A job may be run twice
(its worker killed half-way): every task is written so that the second run changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from . import wake

TRIES = 10  # after the first
AGAIN = RetryStrategy(max_attempts=TRIES, exponential_wait=2)  # 2, 4, 8 … seconds: a quarter of an hour in all


def task(*, name: str, queue: str) -> Callable[[Callable[..., None]], Any]:
    """Declare the function that does a job; one that fails is tried again, ever more slowly."""
    return app.task(name=name, queue=queue, retry=AGAIN)


def periodic(
    *, name: str, queue: str, cron: str = "", every_seconds: int = 0
) -> Callable[[Callable[[int], None]], Any]:
    """Declare a job that is due by the clock; it is given the second it was due.

    cron: minute, hour, day, month, weekday, in UTC; one whose worker was away is made up for within a day.
    every_seconds: 5, 10, 15, 30.
    """
    if (len(cron.split()) != 5) == (every_seconds not in (5, 10, 15, 30)):
        # croniter's sixth field are the seconds, and stands last: `*/15 * * * * *` means every second of four minutes
        raise ValueError(f"{name}: give five fields of cron, or every_seconds")

    def declare(function: Callable[[int], None]) -> Any:
        def run(timestamp: int) -> None:  # the queue gives it by this name
            function(timestamp)

        due = cron or f"* * * * * */{every_seconds}"
        return app.periodic(cron=due)(app.task(name=name, queue=queue, retry=AGAIN)(run))

    return declare


def declared_in(*modules: str) -> None:
    """A room's `ready()` says which of its modules declare jobs; they are loaded when the first job is queued or run."""
    paths = cast(list[str], app.import_paths)
    paths.extend(name for name in modules if name not in paths)


def defer(
    name: str, *, priority: int = 0, schedule_in: timedelta | None = None, lock: str | None = None, **args: Any
) -> None:
    """Queue a job by its name; it exists only if the transaction commits. Its queue is the module's room after the dot

    (`channels.notify.tell_the_citizen` → `notify`), so that the rooms below need not import the one that does it. Of all
    that wait the one with the highest `priority` is taken next, then the oldest; tried again, it keeps it. Of jobs with
    the same `lock` one runs at a time.
    """
    options: dict[str, Any] = {"queue": name.split(".")[-2], "lock": lock, "priority": priority}
    if schedule_in:
        options["schedule_in"] = {"seconds": int(schedule_in.total_seconds())}
    app.configure_task(name, allow_unknown=True, **options).defer(**args)
    wake.wake_workers()


def is_under_way(name: str, **args: object) -> bool:
    """Whether such a job waits or runs; `args`: some of those that it was deferred with."""
    from procrastinate.contrib.django.models import ProcrastinateJob  # models, which can't be there when rooms are read

    waiting = ProcrastinateJob.objects.filter(task_name=name, status__in=("todo", "doing"))
    return waiting.filter(args__contains=args).exists()
