"""Jobs commit and roll back with what caused them, and nothing notifies inside a transaction."""

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.city import City
from tongdai.cases.models import Event
from tongdai.platform import jobs

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
