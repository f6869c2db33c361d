"""Jobs commit and roll back with what caused them, and nothing notifies inside a transaction."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter
from django.db import DataError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from structlog.testing import capture_logs

from tests.city import City
from tongdai.cases.models import Event
from tongdai.platform import jobs
from tongdai.platform.database import postgres
from tongdai.platform.processes import worker

pytestmark = pytest.mark.django_db


def test_a_job_goes_with_the_transaction_that_caused_it() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.defer("channels.notify.tell_the_citizen", event_id=1)
        raise ZeroDivisionError
    assert ProcrastinateJob.objects.count() == 0
    jobs.defer("channels.notify.tell_the_citizen", schedule_in=timedelta(minutes=5), event_id=1)
    job = ProcrastinateJob.objects.get()
    assert (job.queue_name, job.args, job.status) == ("notify", {"event_id": 1}, "todo")
    assert job.scheduled_at


def test_the_job_of_an_urgent_case_is_taken_before_five_thousand_that_wait(city: City) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            " SELECT 'notify', 'channels.notify.tell_the_citizen', '{\"event_id\": 1}' FROM generate_series(1, 5000)"
        )
        city.report("Cháy nhà ở ngõ 61 Lê Chân, có người mắc kẹt")
        taken = []
        for _ in range(3):
            cursor.execute("SELECT task_name, args FROM procrastinate_fetch_job_v2(NULL, NULL)")
            taken.append(cursor.fetchone())
    event = {"event_id": Event.objects.get().pk}
    assert [(name, json.loads(args)) for name, args in taken] == [
        ("channels.notify.tell_the_citizen", event),
        ("channels.notify.ring_on_duty", event),
        ("channels.notify.tell_the_citizen", {"event_id": 1}),
    ]


def test_every_job_by_the_clock_runs_as_the_queue_calls_it(city: City) -> None:
    due = {each.task.name: each.task for each in app.periodic_registry.periodic_tasks.values()}
    assert {"knowledge.lookups.pull", "knowledge.links.check"} <= set(due)
    for task in due.values():
        task(timestamp=1_795_701_300)


def firings(cron: str) -> list[datetime]:
    """The first of them after an odd moment of an odd day, as the queue reckons them."""
    due = croniter(cron, datetime(2026, 3, 4, 5, 47, 13, tzinfo=UTC))
    return [due.get_next(datetime) for _ in range(200)]


def crons() -> dict[str, str]:
    return {each.task.name: each.cron for each in app.periodic_registry.periodic_tasks.values()}


@pytest.mark.parametrize(("name", "cron"), sorted(crons().items()))
def test_no_job_by_the_clock_storms_for_a_minute_and_is_silent_for_an_hour(name: str, cron: str) -> None:
    """croniter's sixth field are the seconds: `*/15 * * * * *` is every second of four minutes of each hour."""
    gaps = {(later - sooner).total_seconds() for sooner, later in pairwise(firings(cron))}
    assert min(gaps) >= 5 and len(gaps) == 1, (name, gaps)


def test_nights_work_is_done_in_the_citys_night() -> None:
    """`cron` is in UTC: 2 o'clock there is the morning's rush here."""
    nightly = {name: cron for name, cron in crons().items() if len(set(cron.split()[1]) - set("*/")) > 0}
    assert {"channels.sms.retention.forget_raw_texts", "platform.worker.sweep"} <= set(nightly)
    for name, cron in nightly.items():
        if len(cron.split()) == 5:
            hour = firings(cron)[0].astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).hour
            assert hour < 5 or hour >= 22, (name, hour)


@pytest.mark.parametrize(
    "given", [{"cron": "*/15 * * * * *"}, {"every_seconds": 7}, {"cron": "1 2 * * *", "every_seconds": 30}, {}]
)
def test_a_clock_that_would_be_misread_is_refused_when_it_is_declared(given: dict) -> None:
    with pytest.raises(ValueError, match="five fields of cron, or every_seconds"):
        jobs.periodic(name="tests.misread", queue="tests", **given)


def test_a_night_in_which_the_worker_was_away_is_made_up_for(settings) -> None:
    assert settings.PROCRASTINATE_PERIODIC_DEFAULTS["max_delay"] >= 86_400
    assert app.periodic_defaults["max_delay"] == settings.PROCRASTINATE_PERIODIC_DEFAULTS["max_delay"]


@contextmanager
def a_worker() -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen([sys.executable, "-m", "tongdai", "run", "worker"], env=environment)
    yield process
    process.kill()
    process.wait()


def until(truth, within: float = 40) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + within
    while not truth():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_killed_worker_is_taken_up_within_a_minute() -> None:
    """Killed in the middle of it; its last heartbeat is put back rather than waited for."""
    assert worker.DEAD_AFTER + worker.LOOK_EVERY + worker.POLL + worker.HEARTBEAT < 60
    jobs.defer("channels.sms.retention.forget_raw_texts", timestamp=1)
    job = ProcrastinateJob.objects.filter(args={"timestamp": 1})
    with postgres.cluster().connect() as link:
        link.autocommit = False
        link.execute("LOCK TABLE sms_piece")  # it stands in the middle of the job
        with a_worker() as first:
            until(lambda: job.get().status == "doing")
            first.kill()
            first.wait()
        link.rollback()
        link.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '21 seconds'")
        link.commit()
    with a_worker():
        until(lambda: job.get().status == "succeeded", within=worker.LOOK_EVERY + 15)


@pytest.mark.django_db(transaction=True)
def test_what_was_given_up_is_queued_again_when_somebody_says_so() -> None:
    for name in ("channels.sms.retention.forget_raw_texts", "knowledge.links.check"):
        jobs.defer(name, timestamp=1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed', attempts = 10")
    assert worker.retry_failed("knowledge.links.check") == 1
    assert worker.retry_failed() == 1
    assert set(ProcrastinateJob.objects.values_list("status", flat=True)) == {"todo"}


def test_no_insert_trigger_on_a_business_table_notifies() -> None:
    """NOTIFY inside a transaction serialises every commit (docs/adr/0012)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgenabled <> 'D' AND t.tgtype & 4 = 4 AND p.prosrc ILIKE '%notify%'"
        )
        assert cursor.fetchall() == []


def test_a_job_written_by_registers_own_statement_is_the_same_as_one_deferred(city: City) -> None:
    city.report("Rác")
    ours = ProcrastinateJob.objects.get()
    jobs.defer("channels.notify.tell_the_citizen", event_id=ours.args["event_id"])
    theirs = ProcrastinateJob.objects.exclude(pk=ours.pk).get()
    for column in ("queue_name", "task_name", "priority", "args", "status", "attempts", "lock", "scheduled_at"):
        assert getattr(ours, column) == getattr(theirs, column)


class _Job:
    task_name, attempts = "channels.duty.sweep", 3


class _Context:
    job = _Job()


@pytest.mark.parametrize(("tries", "given_up"), [(4, False), (11, True)])
def test_a_job_that_fails_is_one_line_with_its_name_and_quotes_no_row(
    monkeypatch: pytest.MonkeyPatch, tries: int, given_up: bool
) -> None:
    async def fails() -> None:
        raise DataError("timestamp too small: 'Đỗ Thu Hằng 0912345678'")

    monkeypatch.setattr(_Job, "attempts", tries - 1)
    with capture_logs() as said, pytest.raises(DataError):
        asyncio.run(worker.name_what_fails(fails, _Context(), None))  # type: ignore[arg-type]
    (line,) = said
    assert (line["event"], line["job"], line["tries"], line["error"]) == (
        "job.failed",
        "channels.duty.sweep",
        tries,
        "DataError",
    )
    assert line["given_up"] is given_up and "Hằng" not in str(line)
