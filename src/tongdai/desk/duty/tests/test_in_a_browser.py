"""The roster's page as people meet it: on a telephone and a desk, in each state, for everybody's eyes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from tests.axe import too_wide, violations
from tests.browser import CHROMIUM
from tests.city import City
from tongdai.accounts.models import DutyShift, Role
from tongdai.channels.duty import alarms, ringing
from tongdai.channels.duty.models import Ring
from tongdai.channels.duty.registry import can_ring_out
from tongdai.platform import clock

SHOTS = os.environ.get("DESK_SHOTS", "")
WIDTHS = (360, 768, 1440)
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]


@pytest.fixture
def trunks() -> Iterator[list[str]]:
    """None: nobody can be rung, until the test adds one."""
    found: list[str] = []
    with can_ring_out.replaced(lambda: bool(found)):
        yield found


def look(page: Page, name: str) -> None:
    """At three widths: nothing runs over the edge; at both ends axe finds nothing, for between them stands nothing else."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert too_wide(page) <= 0, (name, width)
        if width != WIDTHS[1]:
            assert violations(page) == [], (name, width)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)


def shift(rank: int, name: str, *phones: str, **more: object) -> DutyShift:
    how = {"weekdays": list(range(7)), "starts": time(0), "ends": time(0), "valid_from": date(2020, 1, 1)}
    return DutyShift.objects.create(rank=rank, name=name, phones=list(phones), changed_at=clock.now(), **how | more)


@pytest.mark.parametrize("scripts", [True, False])
def test_every_state_reads_well(
    transactional_db: None, live_server, chromium: Browser, trunks: list[str], scripts: bool
) -> None:
    city = City()
    client = Client()
    client.force_login(city.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    there = chromium.new_context(base_url=live_server.url, java_script_enabled=scripts, locale="vi-VN")
    there.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = there.new_page()
    check = look if scripts else lambda page, name: None  # axe is a script itself

    page.goto("/ban/truc/")
    expect(page.get_by_text("chỉ nhắn tin, không ai được gọi")).to_be_visible()
    check(page, "empty")

    trunks.append("a carrier")
    page.get_by_role("link", name="Thêm ca trực hằng tuần").click()
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Hãy chọn ít nhất một ngày.")).to_be_visible()
    check(page, "wrong")
    page.get_by_label("Tên, nếu không có trong danh sách").fill("Đỗ Thu Hằng")
    page.get_by_label("Số điện thoại, mỗi dòng một số").fill("0912 000 201\n0225 3842 123")
    for day in ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu"):
        page.get_by_label(day).check()
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đã lưu ca trực của Đỗ Thu Hằng.")).to_be_visible()
    shift(2, "Nguyễn Quang Huy", "+84912000203")
    shift(3, "Lê Thị Mai", "+84912000204")
    ward = shift(1, "Phạm Minh Đức", "+84912000205", kinds=["fire", "gas"])
    ward.places.add(city.places["Lê Chân"])
    page.reload()
    check(page, "gaps")
    page.get_by_role("link", name="Đổi ca Đỗ Thu Hằng").click()
    check(page, "swap")
    page.get_by_label("Tên, nếu không có trong danh sách").fill("Bùi Minh Tuấn")
    page.get_by_label("Số điện thoại, mỗi dòng một số").fill("0912000206")
    page.get_by_role("button", name="Lưu").click()
    shift(1, "Vũ Thanh Bình", "+84912000207")

    page.goto("/ban/truc/")
    page.get_by_role("button", name="Thử gọi người trực").click()
    expect(page.get_by_text("Đang gọi thử", exact=False).first).to_be_visible()
    ring = Ring.objects.get()
    ringing.claim(ring.pk)
    ringing.answered(ring.pk)
    page.reload()
    expect(page.get_by_text("đang nghe máy")).to_be_visible()
    check(page, "trial")
    ringing.take(ring.pk, (), clock.now())

    for n in range(2):
        found = alarms.raise_alarm(
            city.case(f"Cháy nhà {n}, có người kẹt bên trong", place="Hồng Bàng").pk, at=clock.now()
        )
    assert found
    for after in range(2):
        found.rings.update(until=clock.now() - timedelta(minutes=2))
        alarms.ring_next(found.pk, after=after, at=clock.now())
    page.goto("/ban/truc/")
    expect(page.get_by_text("2 việc khẩn")).to_be_visible()
    check(page, "alarm")
    page.goto("/ban/?khung=urgent")
    check(page, "inbox")
    there.close()
