"""The monitor's page: what it counts, and who may read it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tests.city import HONG_BANG, City
from tongdai.cases.models import Case
from tongdai.channels.duty.models import Alarm
from tongdai.channels.voice.models import Call, Queue
from tongdai.people.models import Channel, Interaction
from tongdai.platform.clock import now
from tongdai.platform.monitoring import registry
from tongdai.platform.network import addresses

pytestmark = pytest.mark.django_db
STRANGER, MONITOR = "203.0.113.5", "10.20.0.9"


def read(client: Client | None = None, **asked: str) -> dict[str, float]:
    """Name with its labels → value."""
    answer = (client or Client()).get("/metrics", **asked)
    assert answer.status_code == 200
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_clocks_that_run_out_and_danger_that_nobody_takes_are_counted(city: City) -> None:
    at = now()
    late, soon, _fine = (city.case(f"Việc {number}", lead=HONG_BANG) for number in range(3))
    Case.objects.filter(pk=late.pk).update(due_at=at - timedelta(hours=1))
    Case.objects.filter(pk=soon.pk).update(due_at=at + timedelta(hours=2))
    Case.objects.exclude(pk__in=[late.pk, soon.pk]).update(due_at=at + timedelta(days=5))
    Case.objects.update(received_at=at - timedelta(days=1))
    danger = city.case("Cháy nhà, có người mắc kẹt", topic="covid-help")
    Case.objects.filter(pk=danger.pk).update(
        urgent=True, received_at=at - timedelta(minutes=6), due_at=at + timedelta(days=5)
    )
    found = read()
    clocks = {clock: found[f'tongdai_cases_open{{clock="{clock}"}}'] for clock in ("late", "soon", "fine")}
    assert clocks == {"late": 1, "soon": 1, "fine": 2}
    assert found["tongdai_danger_untaken"] == 1 and found["tongdai_danger_untaken_oldest_seconds"] >= 360


def test_calls_texts_alarms_and_jobs_that_wait_are_counted_with_their_age(city: City) -> None:
    at = now()
    queue = Queue.objects.create(code="danger", name="Nguy hiểm", rank=0)
    Call.objects.create(
        channel="1", state="waiting", queue=queue, came_at=at, waited_from=at - timedelta(seconds=90),
        interaction=Interaction.objects.create(channel=Channel.VOICE, direction="in", key="y", happened_at=at),
    )  # fmt: skip
    Alarm.objects.create(opened_at=at - timedelta(seconds=200))
    Alarm.objects.create(opened_at=at - timedelta(hours=2), trial=True)
    Interaction.objects.create(
        channel=Channel.SMS,
        direction="out",
        state="queued",
        key="x",
        happened_at=at,
        recorded_at=at - timedelta(minutes=9),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at)"
            " VALUES ('q', 't', 'todo', now() - interval '5 minutes'), ('q', 't', 'failed', NULL)"
        )
    found = read()
    assert found['tongdai_queue_calls{queue="danger"}'] == 1 and found["tongdai_queue_oldest_seconds"] >= 90
    assert found["tongdai_alarms_ringing"] == 1 and 200 <= found["tongdai_alarm_oldest_seconds"] < 260
    assert found["tongdai_sms_outbox"] == 1 and found["tongdai_sms_outbox_oldest_seconds"] >= 540
    assert found["tongdai_jobs_waiting"] >= 1 and found["tongdai_job_oldest_seconds"] >= 300
    assert found["tongdai_jobs_failed"] == 1 and found['tongdai_disk_free_bytes{place="home"}'] > 0
    assert found["tongdai_metrics_failed"] == 0


def test_a_bind_that_is_down_is_zero(city: City, settings) -> None:
    settings.SMSC = "smpp://tongdai:bi-mat@127.0.0.1:2775"
    found = {name: value for name, value in read().items() if "bind_up" in name}
    assert list(found.values()) == [0] and "bi-mat" not in str(found)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": MONITOR}, 200),
        ({"REMOTE_ADDR": STRANGER}, 404),
        ({"REMOTE_ADDR": STRANGER, "HTTP_AUTHORIZATION": "Bearer right"}, 200),
        ({"REMOTE_ADDR": STRANGER, "HTTP_AUTHORIZATION": "Bearer wrong"}, 404),
        ({"REMOTE_ADDR": STRANGER, "HTTP_AUTHORIZATION": "Bearer đúng"}, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": STRANGER}, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 404),
        ({"REMOTE_ADDR": MONITOR, "HTTP_X_FORWARDED_FOR": STRANGER}, 404),
    ],
)
def test_only_this_machine_a_named_network_or_who_has_the_token_may_read(
    city: City, settings, asked: dict[str, str], status: int
) -> None:
    settings.METRICS_FROM = addresses.networks("10.20.0.0/24", of="TONGDAI_METRICS_FROM")
    settings.METRICS_TOKEN = "right"
    settings.TRUSTED_PROXIES = addresses.proxies("127.0.0.1")
    assert Client().get("/metrics", **asked).status_code == status


def test_without_a_token_an_empty_one_opens_nothing(city: City, settings) -> None:
    settings.METRICS_TOKEN = ""
    for given in ("Bearer ", "Bearer", ""):
        asked = {"REMOTE_ADDR": STRANGER, "HTTP_AUTHORIZATION": given}
        assert Client().get("/metrics", **asked).status_code == 404


def test_counting_costs_few_queries_and_holds_nothing_of_a_person(city: City, django_assert_max_num_queries) -> None:
    for number in range(5):
        city.case("Rác ở ngõ 61 Tam Bạc", phone=f"+8490412331{number}")
    with django_assert_max_num_queries(25):
        page = Client().get("/metrics").content.decode()
    assert "Tam Bạc" not in page and not re.search(r"84904123", page)


def test_a_source_that_fails_keeps_no_other_silent(city: City) -> None:
    with registry.metrics.replaced({"broken": broken, **dict(registry.metrics.items())}):
        found = read()
    assert found["tongdai_metrics_failed"] == 1 and "tongdai_danger_untaken" in found


def broken():
    raise OperationalError("away")
