"""The calls of a period on the page, held against SQL that was written apart from what counts them."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from itertools import count

import pytest
from django.db import connection
from django.test import Client

from tests.city import City
from tests.reading import read
from tongdai.channels.voice.figures import calls_between
from tongdai.channels.voice.models import Call
from tongdai.people.models import Channel, Interaction
from tongdai.reports.period import Period

pytestmark = pytest.mark.django_db
FEBRUARY = Period(date(2022, 2, 1), date(2022, 2, 28))
DAYS = {"tu": "1.2.2022", "den": "28.2.2022"}
IN_FEBRUARY = "(came_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date BETWEEN '2022-02-01' AND '2022-02-28'"
_numbers = count(1)


def call(city: City, came: str, *, waited: bool = True, answered_after: int | None = None, **fields: object) -> Call:
    """One call; whoever isn't answered gives up after two minutes, unless the fields say otherwise."""
    at, number = city.at(came), next(_numbers)
    interaction = Interaction.objects.create(
        key=f"call:{number}", happened_at=at, direction="in", channel=Channel.VOICE, state="received"
    )
    told: dict[str, object] = {
        "direction": Call.Direction.IN,
        "state": Call.State.ENDED,
        "waited_from": at if waited else None,
        "answered_at": None if answered_after is None else at + timedelta(seconds=answered_after),
        "ended_at": at + timedelta(minutes=2),
        "outcome": Call.Outcome.ABANDONED if answered_after is None else Call.Outcome.REGISTERED,
    }
    return Call.objects.create(channel=f"PJSIP/{number}", interaction=interaction, came_at=at, **(told | fields))


@pytest.fixture
def world(city: City) -> City:
    """Calls at every edge of the period and of the twenty seconds, and such as are in no count."""
    secret = city.case("Tôi tố cáo cán bộ nhận hối lộ", topic="denunciation")
    for seconds in (0, 5, 20, 21, 300):
        call(city, "2022-02-14 08:00", answered_after=seconds)
    call(city, "2022-02-01 00:00", answered_after=3, case=secret)
    call(city, "2022-02-28 23:59")
    call(city, "2022-02-10 10:00", outcome=Call.Outcome.CUT)
    call(city, "2022-02-10 10:00", outcome=Call.Outcome.MESSAGE)
    call(city, "2022-02-10 10:00", outcome=Call.Outcome.KEPT)
    call(city, "2022-02-10 10:00", waited=False, outcome=Call.Outcome.LOOKED_UP)
    call(city, "2022-02-10 10:00", waited=False, answered_after=9, direction=Call.Direction.OUT)
    call(city, "2022-02-28 23:59", state=Call.State.WAITING, ended_at=None, outcome="")
    call(city, "2022-01-31 23:59", answered_after=3)
    call(city, "2022-03-01 00:00", answered_after=3)
    return city


def by_sql() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH w AS (SELECT * FROM voice_call WHERE direction = 'in' AND waited_from IS NOT NULL AND {IN_FEBRUARY})"
            " SELECT (SELECT count(*) FROM w), (SELECT count(*) FROM w WHERE answered_at IS NOT NULL),"
            " (SELECT count(*) FROM w WHERE answered_at IS NULL AND ended_at IS NOT NULL"
            " AND outcome NOT IN ('message', 'kept', 'transferred', 'answered')),"
            " (SELECT count(*) FROM w WHERE answered_at IS NULL AND outcome = 'message'),"
            " (SELECT count(*) FROM w WHERE extract(epoch FROM answered_at - waited_from) <= 20)"
        )
        names = ("offered", "answered", "abandoned", "messages", "in_time")
        return dict(zip(names, cursor.fetchone(), strict=True))


def test_calls_agree_with_sql(world: City) -> None:
    calls, said = calls_between(FEBRUARY.start, FEBRUARY.end), by_sql()
    assert {name: getattr(calls, name) for name in said} == said
    over = said["answered"] + said["abandoned"] + said["messages"]
    assert calls.service_level == said["in_time"] / over
    assert calls.others == said["offered"] - over == 2  # one kept a place, one still waits
    assert 0 < said["in_time"] < said["answered"] < said["offered"]


def test_the_page_shows_them_to_every_reader_and_they_add_up(world: City, client: Client) -> None:
    said = by_sql()
    over = said["answered"] + said["abandoned"] + said["messages"]
    level = f"{100 * said['in_time'] / over:.1f}\u00a0%".replace(".", ",")
    for reader in (world.leader, world.coordinator, world.inspector):
        client.force_login(reader)
        page = read(client.get("/bao-cao/", DAYS))
        figures = re.search(r'(?s)<dl class="calls">.*?</dl>', page)
        assert figures
        shown = dict(re.findall(r'<dt>([^<]*)</dt><dd class="n">([^<]*)</dd>', figures[0]))
        assert shown == {
            "Chờ gặp người": str(said["offered"]),
            "Gặp được người": str(said["answered"]),
            "Gác máy trước": str(said["abandoned"]),
            "Để lại lời nhắn": str(said["messages"]),
            "Khác": str(said["offered"] - over),
            "Mức phục vụ": level,
        }
        assert f"{said['in_time']} trên {over} cuộc đã hết chờ" in figures[0]


def test_the_csv_holds_every_figure_and_its_lines_add_up(world: City, client: Client) -> None:
    world.answered(topic="waste", place="Hồng Bàng", channel=Channel.SMS)
    client.force_login(world.leader)
    response = client.get("/bao-cao/tong-ket/csv/", DAYS)
    assert response.status_code == 200 and response["Content-Type"].startswith("text/csv")
    lines = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    value = {(line["Bảng"], line["Mã"], line["Chỉ tiêu"]): line["Giá trị"] for line in lines}
    said = by_sql()
    assert value["Cuộc gọi", "", "Gác máy trước"] == str(said["abandoned"])
    assert value["Toàn thành phố", "toan-thanh-pho", "Số phiếu"] == "2"
    for table in ("Kênh", "Lĩnh vực", "Cơ quan", "Địa bàn"):
        listed = [int(line["Giá trị"]) for line in lines if (line["Bảng"], line["Chỉ tiêu"]) == (table, "Số phiếu")]
        assert sum(listed) + int(value["Không liệt kê", "khong-liet-ke", "Số phiếu"]) == 2, table
