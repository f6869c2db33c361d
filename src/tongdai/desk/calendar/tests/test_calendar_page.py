"""The administrator's calendar: shown first, written on a second press."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.city import City
from tongdai.cases.actions.register import Matter, register
from tongdai.cases.actor import Actor
from tongdai.directory.calendar.versions import usual_week
from tongdai.directory.models import CalendarVersion, Holiday, WorkingHours
from tongdai.platform.clock import now

pytestmark = pytest.mark.django_db
WEEK = {f"day{day}": "7:30-11:30, 13:00-17:00" for day in range(5)} | {"day5": "", "day6": ""}


@pytest.fixture
def admin(city: City, client: Client) -> Client:
    client.force_login(city.admin)
    return client


def test_the_page_shows_hours_and_the_days_of_two_years(admin: Client) -> None:
    page = admin.get("/ban/lich/").content.decode()
    assert "7:30-11:30, 13:00-17:00" in page and "Quốc khánh" in page
    assert f"năm {now().year}" in page and f"năm {now().year + 1}" in page


def test_hours_are_shown_first_with_what_they_move_and_written_on_a_second_press(admin: Client, city: City) -> None:
    made = register(Matter(text="Rác chưa dọn", channel="web"), key="k", by=Actor.citizen(channel="web"), at=now())
    typed = WEEK | {"day0": "8:00-10:00", "day1": "8:00-10:00", "day2": "8:00-10:00", "day5": "8:00-9:00, 10:00-11:00"}
    shown = admin.post("/ban/lich/gio/", typed).content.decode()
    code = f"{made.code[:4]}\u00a0{made.code[4:8]}"
    assert "Chưa ghi" in shown and made.code[:4] in shown and code.split("\u00a0")[1] in shown
    assert 5 not in usual_week()
    known = CalendarVersion.objects.count()
    admin.post("/ban/lich/gio/", typed | {"action": "write"})
    assert len(usual_week()[5]) == 2 and CalendarVersion.objects.count() == known + 1


def test_wrong_hours_are_told_beside_the_day_and_what_was_typed_stays(admin: Client) -> None:
    back = admin.post("/ban/lich/gio/", WEEK | {"day1": "7:30-muộn"})
    page = back.content.decode()
    assert back.status_code == 422 and "“7:30-muộn” không phải khoảng giờ" in page and 'value="7:30-muộn"' in page
    assert admin.post("/ban/lich/gio/", {f"day{day}": "" for day in range(7)}).status_code == 422


def test_a_day_is_added_and_taken_back(admin: Client) -> None:
    given = {"day": "2026-12-24", "name": "Nghỉ bão", "as": "off"}
    assert "24.12.2026 nghỉ: Nghỉ bão" in admin.post("/ban/lich/ngay/", given).content.decode()
    assert not Holiday.objects.exists()
    admin.post("/ban/lich/ngay/", given | {"action": "write"})
    assert Holiday.objects.get().name == "Nghỉ bão"
    admin.post("/ban/lich/ngay/", {"day": "2026-12-24", "as": "law", "action": "write"})
    assert not Holiday.objects.exists()


@pytest.mark.parametrize("given", [{"day": "24.12", "name": "x"}, {"day": "2026-12-24", "name": ""}, {}])
def test_a_day_without_date_or_name_is_refused_in_words(admin: Client, given: dict[str, str]) -> None:
    assert admin.post("/ban/lich/ngay/", given).status_code == 422


def test_a_calendars_file_shows_what_it_moves(admin: Client, city: City) -> None:
    register(Matter(text="Rác chưa dọn", channel="web"), key="k", by=Actor.citizen(channel="web"), at=now())
    text = "weekday,hours\n" + "".join(f'{day},"8:00-9:00"\n' for day in range(2, 7))
    file = SimpleUploadedFile("gio.csv", text.encode(), content_type="text/csv")
    shown = admin.post("/ban/cai-dat/nhap/", {"kind": "hours", "file": file, "action": "preview"}).content.decode()
    assert "1 phiếu đang mở đổi hạn trả lời" in shown and not WorkingHours.objects.exists()


def test_nobody_but_the_administrator_sets_it(city: City, client: Client) -> None:
    client.force_login(city.coordinator)
    assert client.get("/ban/lich/").status_code == 403
