"""Days, numbers and lengths that people type: out of reach they are refused in words; nothing is poisoned or cut."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.city import City
from tongdai.accounts.models import DutyShift, Role
from tongdai.directory.models import Agency, Holiday, Topic
from tongdai.knowledge.models import Term
from tongdai.platform.clock import CITY_TZ, now
from tongdai.platform.typed_input import FIRST, LAST, NotADay, read_day, read_id, read_moment, read_number
from tongdai.privacy import requests
from tongdai.privacy.models import Breach, DataRequest, PrivacyContact, RetentionRule

pytestmark = pytest.mark.django_db
FAR_DAYS = ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31"]
TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
OUT_OF_REACH = "Chỉ nhận ngày từ 01/01/1900 đến 31/12/2100."


def of(city: City, role: Role) -> Client:
    client = Client()
    client.force_login(city.staff(role, "Lan"))
    return client


@pytest.mark.parametrize("day", FAR_DAYS)
def test_a_shift_out_of_reach_is_refused_in_words_and_the_roster_can_be_read(city: City, day: str) -> None:
    desk = of(city, Role.COORDINATOR)
    who = {"name": "Bính", "phones": "0912000199", "rank": "1"}
    once = desk.post("/ban/truc/them-mot-lan/", {**who, "from_at": f"{day}T00:00", "to_at": "2030-01-01T00:00"})
    until = desk.post("/ban/truc/them-mot-lan/", {**who, "from_at": "2030-01-01T00:00", "to_at": f"{day}T23:59"})
    weekly = {**who, "weekdays": ["0"], "starts": "17:00", "ends": "07:00"}
    first = desk.post("/ban/truc/them/", {**weekly, "valid_from": day})
    last = desk.post("/ban/truc/them/", {**weekly, "valid_from": "2022-01-01", "valid_to": day})
    for page in (once, until, first, last):
        assert page.status_code == 422 and OUT_OF_REACH in page.content.decode()
    assert not DutyShift.objects.exists() and desk.get("/ban/truc/").status_code == 200
    assert desk.get(f"/ban/truc/them-mot-lan/?ngay={day}").status_code == 200


@pytest.mark.parametrize("day", ["1900-01-01", "2100-12-31"])
def test_the_first_and_the_last_day_that_are_taken_can_be_read_back(city: City, day: str) -> None:
    desk = of(city, Role.COORDINATOR)
    said = {"name": "Bính", "phones": "0912000199", "rank": "1", "from_at": f"{day}T00:00", "to_at": f"{day}T23:59"}
    assert desk.post("/ban/truc/them-mot-lan/", said).status_code == 302
    assert DutyShift.objects.get().from_at.astimezone(CITY_TZ).date() == date.fromisoformat(day)  # type: ignore[union-attr]
    assert desk.get("/ban/truc/").status_code == 200


@pytest.mark.parametrize("day", FAR_DAYS)
def test_a_breach_found_out_of_reach_is_refused_in_words_and_the_register_can_be_read(city: City, day: str) -> None:
    desk = of(city, Role.ADMIN)
    said = {"found_at": f"{day}T00:00", "what": "Mất máy", "data": "Số điện thoại", "people": "3"}
    page = desk.post("/ban/du-lieu/vi-pham/", said)
    assert page.status_code == 422 and OUT_OF_REACH in page.content.decode() and "Mất máy" in page.content.decode()
    assert not Breach.objects.exists() and desk.get("/ban/du-lieu/").status_code == 200


@pytest.mark.parametrize("people", ["-1", "9" * 20, "9" * 5000, "khoảng 5", "1.5", "²", "٣"])
def test_how_many_people_a_breach_hurt_is_never_kept_as_another_number(city: City, people: str) -> None:
    said = {"found_at": "2022-01-21T08:00", "what": "Mất máy", "data": "Số", "people": people}
    page = of(city, Role.ADMIN).post("/ban/du-lieu/vi-pham/", said)
    assert page.status_code == 422 and "chỉ ghi chữ số" in page.content.decode()
    assert not Breach.objects.exists()


@pytest.mark.parametrize(("people", "kept"), [("", 0), ("0", 0), (" 12 ", 12), ("99999999", 99_999_999)])
def test_how_many_people_it_hurt_is_kept_as_it_was_typed(city: City, people: str, kept: int) -> None:
    said = {"found_at": "2022-01-21T08:00", "what": "Mất máy", "data": "Số", "people": people}
    assert of(city, Role.ADMIN).post("/ban/du-lieu/vi-pham/", said).status_code == 302
    assert Breach.objects.get().people == kept


@pytest.mark.parametrize("topic", ["x", "-1", "9" * 5000, "999999"])
def test_days_for_a_topic_that_is_none_do_not_become_those_of_all(city: City, topic: str) -> None:
    page = of(city, Role.ADMIN).post("/ban/du-lieu/thoi-han/", {"kind": "case", "topic": topic, "days": "1"})
    assert page.status_code == 422 and not RetentionRule.objects.exists()


def test_an_id_that_is_none_takes_no_agencys_right_away(city: City) -> None:
    Agency.objects.update(handles_denunciations=True)
    page = of(city, Role.ADMIN).post("/ban/cai-dat/co-quan-to-cao/", {"agency": ["9" * 5000]})
    assert page.status_code == 400 and Agency.objects.filter(handles_denunciations=True).exists()


def test_a_shift_that_is_none_rings_nobody_for_a_trial(city: City) -> None:
    desk = of(city, Role.COORDINATOR)
    said = {
        "name": "Bính",
        "phones": "0912000199",
        "rank": "1",
        "from_at": "2000-01-01T00:00",
        "to_at": "2099-01-01T00:00",
    }
    desk.post("/ban/truc/them-mot-lan/", said)
    page = desk.post("/ban/truc/thu/", {"shift": "x"}, follow=True)
    assert "Chưa có ai để báo thử" in page.content.decode()


@pytest.mark.parametrize("day", FAR_DAYS)
def test_a_day_out_of_reach_gets_words_wherever_it_is_asked_for(city: City, day: str) -> None:
    for role, address in (
        (Role.ADMIN, f"/ban/nhat-ky/?den={day}"),
        (Role.ADMIN, f"/ban/nhat-ky/?tu={day}"),
        (Role.SUPERVISOR, f"/bao-cao/?tu={day}&den={day}"),
        (Role.SUPERVISOR, f"/ban/phong/lich-su/?ngay={day}"),
    ):
        page = of(city, role).get(address)
        assert page.status_code == 422 and OUT_OF_REACH in page.content.decode(), address
    assert of(city, Role.ADMIN).get(f"/ban/nhat-ky/xuat.csv?den={day}").status_code == 302
    for form in ({"day": day, "as": "off", "name": "Nghỉ"}, {"day": day, "as": "law"}):
        page = of(city, Role.ADMIN).post("/ban/lich/ngay/", {**form, "action": "write"})
        assert page.status_code == 422 and OUT_OF_REACH in page.content.decode()
    assert not Holiday.objects.exists()


def test_a_topic_has_no_days_out_of_reach_by_import(city: City) -> None:
    table = "code,name,limit_hours,valid_from\nx,X,8,0001-01-01\n"
    page = of(city, Role.ADMIN).post("/ban/cai-dat/nhap/", {"kind": "topics", "table": table, "action": "write"})
    assert page.status_code == 422 and "01/01/1900" in page.content.decode()
    assert not Topic.objects.filter(code="x").exists()


@given(st.dates())
def test_every_day_is_read_as_it_is_or_refused(day: date) -> None:
    for text in (day.isoformat(), f"{day.day}.{day.month}.{day.year:04d}", f"{day.day}/{day.month}/{day.year:04d}"):
        if FIRST <= day <= LAST:
            assert read_day(text) == day
        else:
            with pytest.raises(NotADay):
                read_day(text)


@given(st.text() | st.from_regex(r"[0-9²٣]{1,5}[-./T: ][0-9]{1,5}[-./][0-9]{1,5}(T[0-9:]{0,9})?", fullmatch=True))
def test_whatever_is_typed_is_a_day_or_refused(text: str) -> None:
    for reads in (read_day, read_moment):
        try:
            found: date | datetime = reads(text)
        except NotADay:
            continue
        assert FIRST.year <= found.year <= LAST.year


@given(st.text() | st.integers().map(str))
def test_a_number_is_read_as_it_was_typed_or_not_at_all(text: str) -> None:
    found = read_number(text, most=10**9)
    assert found is None or (str(found) == (text.strip().lstrip("0") or "0") and found <= 10**9)
    assert (read_id(text) or 1) >= 1


@pytest.mark.parametrize("action", ["refuse", "extend", "done"])
def test_an_answer_about_ones_data_that_is_too_long_is_told_and_kept_whole(city: City, action: str) -> None:
    asked = requests.receive(city.answered(), DataRequest.Kind.COPY, words="Xin bản sao", channel="web", at=now())
    words = "x" * 2_000 + " hết."
    page = of(city, Role.ADMIN).post(f"/ban/du-lieu/yeu-cau/{asked.pk}/", {"action": action, "answer": words})
    assert page.status_code == 409 and words in page.content.decode() and "2005" in page.content.decode()
    asked.refresh_from_db()
    assert (asked.answer, asked.state) == ("", "open")


def test_what_a_citizen_said_by_paper_and_whom_citizens_ask_are_told_their_length_and_kept(city: City) -> None:
    desk, words = of(city, Role.ADMIN), "y" * 2_000 + " hết."
    given = {"code": city.case().code, "kind": "copy", "channel": "paper", "words": words}
    page = desk.post("/ban/du-lieu/yeu-cau/", given)
    assert page.status_code == 422 and words in page.content.decode() and not DataRequest.objects.exists()
    page = desk.post("/ban/du-lieu/lien-he/", {"name": "Văn phòng", "phone": "0225 " * 9 + "1"})
    assert page.status_code == 422 and "0225 " * 9 + "1" in page.content.decode()
    assert not PrivacyContact.objects.filter(name="Văn phòng").exists()


def test_a_day_whose_name_is_too_long_is_told_and_kept(city: City) -> None:
    name = "Giỗ Tổ " * 20 + "hết"
    page = of(city, Role.ADMIN).post("/ban/lich/ngay/", {"day": "2026-04-27", "name": name, "as": "off"})
    assert page.status_code == 422 and name in page.content.decode() and not Holiday.objects.exists()


def test_a_sixth_meaning_and_a_long_one_are_refused_and_not_dropped(city: City) -> None:
    desk, at = of(city, Role.APPROVER), "/ban/kho/tu-ngu/luu/"
    desk.post(at, {"kind": "synonym", "written": "sổ đỏ", "meanings": "|".join("abcdef")})
    desk.post(at, {"kind": "synonym", "written": "sổ đỏ", "meanings": "z" * 301})
    assert not Term.objects.filter(written="sổ đỏ").exists()


def test_the_call_taker_is_told_which_field_is_too_long_and_it_is_kept(city: City) -> None:
    who, where = "n" * 120 + "hết", "đ" * 200 + "hết"
    fields = {"key": "k" * 20, "phone": "0904123318", "text": "Ổ gà", "name": who, "address": where}
    page = of(city, Role.CALL_TAKER).post("/ban/goi/", fields)
    words = page.content.decode()
    assert page.status_code == 422 and who in words and where in words
    assert "id_name-error" in words and "id_address-error" in words


def test_no_field_of_the_desk_but_a_search_lets_the_browser_cut_what_is_pasted() -> None:
    cut = {
        name
        for file in TEMPLATES.rglob("*.html")
        for name in re.findall(r'name="(\w+)"[^>]*maxlength', file.read_text(encoding="utf-8"))
    }
    assert cut <= {"q", "ai"}
