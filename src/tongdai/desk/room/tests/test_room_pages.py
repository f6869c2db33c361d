"""The wallboard and the day, by who may see them."""

from __future__ import annotations

from django.test import Client

from tests.city import City
from tongdai.accounts.models import Role
from tongdai.channels.voice import metrics
from tongdai.channels.voice.models import Repair
from tongdai.channels.voice.records import call_records, repairs
from tongdai.platform.clock import now


def test_the_board_shows_who_waits_and_the_day_counts_them(city: City) -> None:
    call = call_records.came(channel="1.1", number="+84912345678", dialled="1022")
    call_records.waits(call.pk, queue=None, path=["person"])
    client = Client()
    client.force_login(city.staff(Role.SUPERVISOR, "Trưởng ca"))
    board = client.get("/ban/phong/").content.decode()
    assert "Đang chờ" in board and ">1</p>" in board
    assert client.get("/ban/phong/so/").status_code == 200
    assert "Từng nửa giờ" in client.get("/ban/phong/lich-su/?ngay=2022-13-99").content.decode()
    client.force_login(city.call_taker)
    assert client.get("/ban/phong/").status_code == 403


def test_where_nobody_waits_nothing_is_ticked_as_well_done(city: City) -> None:
    client = Client()
    client.force_login(city.staff(Role.SUPERVISOR, "Trưởng ca"))
    board = client.get("/ban/phong/").content.decode()
    longest = board.split('aria-labelledby="w2"')[1].split("</section>")[0]
    assert (
        "Không có ai chờ" in longest
        and "Dưới mức" not in longest
        and "done" not in longest
        and "#i-check" not in longest
    )


def test_the_supervisor_sees_that_the_telephone_has_put_something_right(city: City) -> None:
    call = call_records.came(channel="1.1", number="+84912345678", dialled="1022")
    client = Client()
    client.force_login(city.staff(Role.SUPERVISOR, "Trưởng ca"))
    words = "đứng chờ cạnh điện thoại viên rảnh: 1 lần"
    assert words not in client.get("/ban/phong/lich-su/").content.decode()
    for _ in range(2):  # it is looked at each second: one fault
        repairs.note(Repair.Kind.STRANDED, at=now(), call=call.pk)
    assert words in client.get("/ban/phong/lich-su/").content.decode()
    repaired = next(each for each in metrics.gather() if each.name == "tongdai_repairs")
    assert {each.labels["kind"]: each.value for each in repaired.samples} == {
        "stranded": 1, "ghost": 0, "zombie": 0, "agent": 0,
    }  # fmt: skip
