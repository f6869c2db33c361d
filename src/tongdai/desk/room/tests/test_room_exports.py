"""What is taken out of the room: equal to its rows, no formula, no number, no denunciation, on record, for whoever may."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.city import City
from tongdai.accounts.models import Role
from tongdai.audit.models import Entry, Kind
from tongdai.channels.voice import figures
from tongdai.channels.voice.agents import states
from tongdai.channels.voice.asterisk import caller_id
from tongdai.channels.voice.models import Call, Queue
from tongdai.channels.voice.records import call_records
from tongdai.platform.clock import CITY_TZ, midnight, now

PAGE = "/ban/phong/xuat/"


def rows(client: Client, table: str, *, day: datetime, kind: str = "csv") -> list[list[object]]:
    """The table of one day; the headings first."""
    answer = client.get(PAGE, {"bang": table, "tu": f"{day:%Y-%m-%d}", "den": f"{day:%Y-%m-%d}", "dang": kind})
    assert answer.status_code == 200 and f'.{kind}"' in answer.headers["Content-Disposition"]
    if kind == "csv":
        return [list(row) for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))]
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def supervisor(city: City) -> Client:
    client = Client()
    client.force_login(city.staff(Role.SUPERVISOR, "Trưởng ca"))
    return client


def a_day(city: City) -> None:
    """Five calls: two answered (one about a denunciation), a message, two given up: a hidden number, and one that is none."""
    queue = Queue.objects.create(code="general", name="=HYPERLINK(1)")
    states.set_state(city.call_taker, "ready")
    none = caller_id.read("kh", shown="allowed")
    for number, who, outcome in (
        (1, caller_id.CallerId("+84912345678"), "answered"),
        (2, caller_id.CallerId("+84912345679"), "secret"),
        (3, caller_id.CallerId("+84912345670"), "message"),
        (4, caller_id.CallerId(hidden=True), "abandoned"),
        (5, none, "abandoned"),
    ):
        call = call_records.came(channel=f"1.{number}", number=who.number, dialled="1022", who=who).pk
        call_records.waits(call, queue=queue.pk, path=["person"])
        if outcome in ("answered", "secret"):
            call_records.rings(call, agent=city.call_taker.pk)
            call_records.talks(call, agent=city.call_taker.pk)
        call_records.ended(call, path=["person"], outcome="message" if outcome == "message" else "abandoned")
        states.hung_up(city.call_taker.pk)
        states.set_state(city.call_taker, "ready")
        if outcome == "secret":
            Call.objects.filter(pk=call).update(case=city.case("Tôi tố cáo cán bộ nhận hối lộ"))
    at = datetime.now(CITY_TZ)
    Call.objects.filter(channel="1.1").update(
        waited_from=at, answered_at=at + timedelta(seconds=12), ended_at=at + timedelta(seconds=102)
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_calls_are_written_out_once_each_without_numbers_formulas_and_denunciations(city: City, kind: str) -> None:
    a_day(city)
    heading, *calls = rows(supervisor(city), "calls", day=midnight(), kind=kind)
    assert len(calls) == 4 and all(len(row) == len(heading) for row in calls)
    first = calls[0]
    assert first[3] == "0912\u00a0•••\u00a0678" and [float(first[column]) for column in (5, 8)] == [12, 90]  # type: ignore[arg-type]
    assert {str(row[4]) for row in calls} == {"'=HYPERLINK(1)" if kind == "csv" else "=HYPERLINK(1)"}
    assert [row[10] for row in calls] == ["đã trả lời ngay", "để lại lời nhắn", *["gác máy trước khi gặp ai"] * 2]
    assert [row[3] for row in calls[2:]] == ["số giấu", "không phải số điện thoại"]
    [entry] = Entry.objects.filter(kind=Kind.EXPORT)
    assert (entry.action, entry.detail["as"]) == ("calls", kind)


def test_half_hours_and_people_add_up_to_the_calls(city: City) -> None:
    a_day(city)
    client = supervisor(city)
    _heading, *calls = rows(client, "calls", day=midnight())
    _heading, *halves, unlisted = rows(client, "half_hours", day=midnight())
    offered, answered, soon, lost, messages = (sum(int(str(half[column])) for half in halves) for column in range(1, 6))
    assert (offered, answered, lost, messages) == (4, 1, 2, 1) and offered == len(calls)
    assert answered == sum(bool(row[6]) for row in calls) and soon == 1
    heading, *people = rows(client, "call_takers", day=midnight())
    [person, others] = people
    assert (others[0], others[8], len(others)) == ("không liệt kê", "1", len(heading))
    assert person[0] == city.call_taker.full_name and int(str(person[8])) == answered
    assert int(str(person[1])) == pytest.approx(sum(int(str(each)) for each in person[2:7]), abs=5)
    assert len(heading) == len(person)


def test_with_what_is_not_listed_the_half_hours_and_the_queues_are_every_call(city: City) -> None:
    a_day(city)
    heading, *halves = rows(supervisor(city), "half_hours", day=midnight())
    assert halves[-1] == ["không liệt kê", "1", "1", "1", "0", "0", "", ""] and len(halves[-1]) == len(heading)
    assert sum(int(str(half[1])) for half in halves) == Call.objects.count() == 5
    room = figures.room(since=midnight(), at=now())
    assert (room.unlisted, room.offered) == ((1, 1, 0), 5)
    assert [offered for _queue, offered, _answered, _lost in room.by_queue] == [4]


def test_only_who_may_takes_them_out_and_a_year_at_most(city: City) -> None:
    client = Client()
    client.force_login(city.call_taker)
    assert client.get(PAGE).status_code == 403
    client = supervisor(city)
    assert "Tải XLSX" in client.get("/ban/phong/lich-su/").content.decode()
    long = client.get(PAGE, {"tu": "2020-01-01", "den": "2026-01-01"}, follow=True)
    assert "nhiều nhất một năm" in long.content.decode()
    assert not Entry.objects.filter(kind=Kind.EXPORT).exists()
    client.force_login(city.coordinator)
    assert "Tải XLSX" not in client.get("/ban/phong/lich-su/").content.decode()


def test_two_people_of_one_name_are_two(city: City) -> None:
    for number, user in enumerate((city.call_taker, city.coordinator)):
        user.full_name = "Nguyễn Thị Hoa"
        user.save(update_fields=["full_name"])
        call = call_records.came(channel=f"1.{number}", number="", dialled="1022").pk
        call_records.talks(call, agent=user.pk)
    day = midnight()
    assert len(figures.by_agent(since=day, until=day + timedelta(days=1))) == 2
    assert now() >= day
