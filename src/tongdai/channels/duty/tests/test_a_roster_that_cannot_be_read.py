"""A row of the roster that can't be read, or a roster that can't, silences nobody: somebody is rung for a fire."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import pytest
from django.db import DataError, IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from structlog.testing import capture_logs

from tests.city import City
from tongdai.accounts.duty import roster
from tongdai.accounts.duty.roster import on_duty_now, read_all
from tongdai.accounts.models import DutyShift, Role
from tongdai.cases.models import Case
from tongdai.channels.duty.jobs import ring_on_duty, sweep
from tongdai.channels.duty.models import Alarm
from tongdai.channels.duty.registry import can_ring_out
from tongdai.directory import freshness
from tongdai.directory.models import City as TheCity
from tongdai.people.models import Interaction
from tongdai.platform import clock

pytestmark = pytest.mark.django_db
HANG, HUY, LAST = "+84912000201", "+84912000202", "+84912000115"


@pytest.fixture(autouse=True)
def only_texts() -> Iterator[None]:
    with can_ring_out.replaced(lambda: False):
        yield


@pytest.fixture
def last_resort(city: City) -> City:
    TheCity.objects.update_or_create(pk=1, defaults={"on_duty_phone": LAST})
    freshness.forget()
    return city


def weekly(name: str, phone: str) -> DutyShift:
    return DutyShift.objects.create(
        name=name, phones=[phone], weekdays=list(range(7)), starts=time(0), ends=time(0), valid_from=date(2020, 1, 1),
        changed_at=clock.now(),
    )  # fmt: skip


def poisoned() -> int:
    """A row with a moment that PostgreSQL keeps and Python can't read; those of the shift itself have a CHECK."""
    row = DutyShift.objects.create(
        name="Bính", phones=[HUY], from_at=clock.now(), to_at=datetime(2030, 1, 1, tzinfo=UTC), changed_at=clock.now()
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_dutyshift SET changed_at = '0001-12-31 16:53 BC' WHERE id = %s", [row.pk])
    with pytest.raises(DataError):
        list(DutyShift.objects.filter(pk=row.pk))
    return row.pk


def fire(city: City) -> Case:
    return city.case("Cháy nhà, có người kẹt bên trong", place="Lê Chân")


def texted(case: Case) -> list[str]:
    ring_on_duty(case.events.first().pk)
    return list(Interaction.objects.filter(key__startswith="duty:").values_list("address", flat=True))


def test_one_row_that_cannot_be_read_is_left_out_and_named_and_who_is_on_duty_is_texted(last_resort: City) -> None:
    weekly("Đỗ Thu Hằng", HANG)
    wrong = poisoned()
    with capture_logs() as said:
        assert texted(fire(last_resort)) == [HANG]
    assert {"event": "roster.row_unreadable", "shift": wrong, "error": "DataError", "log_level": "error"} in said
    assert read_all(since=clock.now(), until=clock.now()).unreadable == [wrong]


def test_where_the_only_row_cannot_be_read_the_citys_last_number_is_texted(last_resort: City) -> None:
    poisoned()
    assert texted(fire(last_resort)) == [LAST]


@pytest.mark.parametrize("phones", ["+84912000201", [None], {}, [""], 7])
def test_numbers_that_are_none_silence_nobody(last_resort: City, phones: object) -> None:
    row = weekly("Hằng", HANG)
    DutyShift.objects.filter(pk=row.pk).update(phones=phones)
    assert texted(fire(last_resort)) == [LAST]


@pytest.mark.parametrize("fault", [ProgrammingError("column"), OverflowError(), TypeError()])
def test_whatever_happens_while_the_roster_is_read_the_last_number_is_texted_and_the_desk_says_so(
    last_resort: City, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def breaks(*_given: object) -> None:
        raise fault

    weekly("Hằng", HANG)
    client = Client()
    client.force_login(last_resort.staff(Role.COORDINATOR, "Lan"))
    assert "Không đọc được" not in client.get("/ban/truc/dang-goi/").content.decode()
    monkeypatch.setattr(roster, "read_what_can_be", breaks)
    with capture_logs() as said:
        assert texted(fire(last_resort)) == [LAST]
    assert ("roster.unreadable", type(fault).__name__) in [(each["event"], each.get("error")) for each in said]
    assert "Không đọc được lịch trực" in client.get("/ban/truc/dang-goi/").content.decode()


def test_a_fault_of_the_databases_leaves_the_alarms_transaction_whole(
    last_resort: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a savepoint of its own the query that failed takes the alarm with it."""

    def asks_wrongly(_row: DutyShift) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    weekly("Hằng", HANG)
    monkeypatch.setattr(roster, "turn_of", asks_wrongly)
    assert texted(fire(last_resort)) == [LAST]


def test_the_roster_is_shown_with_the_row_named_that_cannot_be_read(last_resort: City) -> None:
    weekly("Đỗ Thu Hằng", HANG)
    wrong = poisoned()
    client = Client()
    client.force_login(last_resort.staff(Role.COORDINATOR, "Lan"))
    page = client.get("/ban/truc/")
    assert page.status_code == 200
    assert f"Ca trực {wrong} không đọc được" in page.content.decode() and "Đỗ Thu Hằng" in page.content.decode()


def test_one_alarm_that_fails_keeps_no_other_waiting(last_resort: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from tongdai.channels.duty import alarms

    weekly("Hằng", HANG)
    first, second = fire(last_resort), fire(last_resort)
    raised, at = alarms.raise_alarm, clock.now()

    def breaks_once(case_id: int, *, at: datetime) -> Alarm | None:
        if case_id == first.pk:
            raise DataError("year")
        return raised(case_id, at=at)

    monkeypatch.setattr(alarms, "forgotten", lambda *, at: [first.pk, second.pk])
    monkeypatch.setattr(alarms, "raise_alarm", breaks_once)
    with pytest.raises(DataError):
        sweep(int(at.timestamp()))
    assert Alarm.objects.filter(waiting__case=second).exists()


def test_the_last_resort_is_still_in_order_without_a_roster(last_resort: City) -> None:
    assert [each.phones for each in on_duty_now(clock.now())] == [(LAST,)]


@pytest.mark.parametrize("at", ["0001-12-31 16:53 BC", "infinity", "9999-12-31"])
def test_no_shift_that_cannot_be_read_gets_into_the_database_by_whatever_way(city: City, at: str) -> None:
    row = weekly("Hằng", HANG)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_dutyshift SET starts = NULL, ends = NULL, valid_from = NULL, from_at = %s, to_at = 'infinity'"
            " WHERE id = %s",
            [at, row.pk],
        )
