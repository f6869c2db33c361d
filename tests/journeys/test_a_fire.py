"""A fire, told at each door: whom to ring comes first, no date is promised, and who is on duty hears of it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.house import House
from tests.journeys.test_the_line import PASSWORD, at_the_desk, came_back
from tongdai.directory.freshness import TTL
from tongdai.peers.smsc.peer import Peer, start_peer

ON_DUTY = "84912000115"
CITY = f"""
from tongdai.accounts.models import User
from tongdai.directory.models import City
City.objects.update_or_create(pk=1, defaults={{"name": "Hải Phòng", "province_code": "31", "on_duty_phone": "+{ON_DUTY}"}})
for name, role in (("dieu-phoi", "coordinator"), ("nghe-may", "call_taker")):
    User.objects.create_user(username=name, password="{PASSWORD}", full_name=name, role=role)
"""
FIRE = "Nhà số 12 ngõ 5 Lê Lai đang cháy to, còn người mắc kẹt trên tầng hai"
AS_IF_UNHEARD = """
from tongdai.cases.models import Case
from tongdai.cases.transition import LOOK_AGAIN
from tongdai.platform import jobs
case = Case.objects.latest("pk")
Case.objects.filter(pk=case.pk).update(danger_level="none", danger_kind="", urgent=False)
jobs.defer(LOOK_AGAIN, event_id=case.events.get(action="register").pk)
"""


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    peer = start_peer()
    yield peer
    peer.stop()


@pytest.fixture(scope="module")
def house(peer: Peer) -> Iterator[House]:
    with House(TONGDAI_SMSC=peer.url) as house:
        house.told(CITY)
        time.sleep(TTL + 0.5)  # the running processes look at the city again
        yield house


def test_on_the_web_it_is_said_while_one_types_and_after_sending_and_who_is_on_duty_is_texted(
    browser: Browser, house: House, peer: Peer
) -> None:
    page = browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN").new_page()
    page.goto(house.url + "/phan-anh/")
    page.get_by_label("Kể ngắn gọn").press_sequentially(FIRE, delay=5)
    beside = page.locator("[data-danger]")
    expect(beside.first.get_by_role("link", name="Gọi 114")).to_be_visible()
    expect(beside.last.get_by_role("link", name="Gọi 114")).to_be_visible()  # before the button that sends
    page.get_by_label("Số điện thoại").fill("0904 123 318")
    page.get_by_role("button", name="Gửi phản ánh").click()
    expect(page.get_by_role("alert")).to_contain_text("Gọi 114 ngay")
    expect(page.get_by_role("main")).to_contain_text("Người trực của thành phố đang được báo")
    expect(page.get_by_role("main")).not_to_contain_text("Hạn trả lời")
    came_back(peer, ON_DUTY, "KHẨN")


def test_the_box_on_the_first_page_shows_the_number_and_no_procedure(browser: Browser, house: House) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN").new_page()
    page.goto(house.url + "/")
    page.get_by_label("Bạn cần gì?").press_sequentially(FIRE, delay=5)
    expect(page.get_by_role("link", name="Gọi 114")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cần giúp ngay?")
    expect(page.get_by_role("link", name="Gọi 114")).to_be_visible()


def test_by_text_the_reply_begins_with_the_number(house: House, peer: Peer) -> None:
    peer.control.text("84987000001", "Chay nha so 9 Lach Tray roi, cuu voi")
    told = came_back(peer, "84987000001", "gười trực")
    assert told.startswith("Gọi 114 ngay") and "Hạn trả lời" not in told and "Phiếu" in told


def test_the_call_takers_form_has_the_script_and_the_code_page_promises_no_date(browser: Browser, house: House) -> None:
    desk = at_the_desk(browser, house, "nghe-may")
    desk.goto(house.url + "/ban/goi/")
    desk.get_by_label("Số điện thoại").fill("0904 555 666")
    desk.get_by_label("Lời kể của người gọi").press_sequentially(FIRE, delay=5)
    script = desk.get_by_role("alert")
    expect(script).to_contain_text("Gọi 114 ngay")
    expect(script).to_contain_text("Còn ai ở trong không")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("main")).to_contain_text("Người trực của thành phố đang được báo")
    expect(desk.get_by_role("main")).not_to_contain_text("Hạn trả lời")


def test_what_the_second_look_hears_is_raised_rung_and_told_by_the_running_worker(house: House, peer: Peer) -> None:
    peer.control.text("84987000002", "Bac ay nam im tu sang, moi tai, goi mai khong tra loi")
    came_back(peer, "84987000002", "Gọi 115 ngay")
    house.told(AS_IF_UNHEARD)
    house.wait_for(lambda: len(peer.control.received_by("84987000002")) == 2)
    first, second = (text["text"] for text in peer.control.received_by("84987000002"))
    assert first.startswith("Gọi 115 ngay") and "115" not in second  # it was told a moment ago
    assert "đang được báo" in second
