"""At 2 a.m. somebody asks in the browser, with and without scripts, and leaves with an answer; no case is opened."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.axe import too_wide, violations
from tests.house import House

PASSWORD = "quản trị thử 1022"
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
SHOTS = os.environ.get("DESK_SHOTS", "")
CITY = f"""
from datetime import datetime, UTC
from tongdai.accounts.models import User
from tongdai.directory.places.loading import load_province
from tongdai.directory.models import City, Place
from tongdai.platform.clock import today
from tongdai.knowledge.importing import seed
from tongdai.scenarios import tables
City.objects.update_or_create(pk=1, defaults={{"name": "Hải Phòng", "province_code": "31"}})
load_province("31")
at = datetime.now(UTC)
seed.start(at=at, today=today())
tables.build(list(Place.objects.filter(parent__code="31", valid_from="2025-07-01").order_by("code")[:20]), at=at)
for name, role in (("dieu-phoi", "coordinator"), ("giam-sat", "supervisor")):
    User.objects.create_user(username=name, password="{PASSWORD}", full_name=name, role=role)
"""
CASES = "from tongdai.cases.models import Case; print('cases:', Case.objects.count())"
USES = "from tongdai.knowledge.models import Inquiry; print('answered:', Inquiry.objects.exclude(opened='').count())"


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with House() as house:
        house.told(CITY)
        for _worker in range(2):
            wait_until_known(house)
        yield house


def wait_until_known(house: House, times: int = 12) -> None:
    """Each process looks at the base's revision every two seconds: ask until all of them answer."""
    for _try in range(200):
        if all(b"answers" in told and b"/thu-tuc/" in told for told in (asked(house) for _again in range(times))):
            return
        time.sleep(0.2)
    raise AssertionError("the base was never read")


def asked(house: House) -> bytes:
    with urlopen(house.url + "/tim/goi-y/", data=urlencode({"q": "ket hon"}).encode()) as answer:
        return bytes(answer.read())


def said_by(house: House, program: str) -> str:
    return house.told(program)


def test_the_box_offers_the_answer_while_one_types_and_arrow_and_enter_open_it(browser: Browser, house: House) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740}, locale="vi-VN")
    page.goto(house.url)
    page.get_by_label("Bạn cần gì?").fill("dang ky ket hon can giay to gi")
    first = page.get_by_role("option").first
    expect(first).to_contain_text("Đăng ký kết hôn")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url("**/thu-tuc/1.000894/**")
    expect(page.locator("#papers.asked")).to_contain_text("Tờ khai đăng ký kết hôn")
    assert "cases: 0" in said_by(house, CASES)


def test_every_suggestion_can_be_tapped_on_a_small_phone(browser: Browser, house: House) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740}, locale="vi-VN")
    page.goto(house.url)
    page.get_by_label("Bạn cần gì?").fill("dang ky")
    expect(page.get_by_role("option")).to_have_count(5)

    for link in page.get_by_role("option").all():
        link.scroll_into_view_if_needed()
        assert link.evaluate("""link => { const box = link.getBoundingClientRect();
            return document.elementFromPoint(box.left + box.width / 2, box.bottom - 6)?.closest('a') === link }""")
        assert (link.bounding_box() or {})["height"] <= 90  # a title of two lines, and what it is


def test_the_doors_stand_at_the_top_of_a_phone_without_scripts(browser: Browser, house: House) -> None:
    context = browser.new_context(java_script_enabled=False, locale="vi-VN", viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(house.url + "/thu-tuc/1.001193/in/")
    expect(page.get_by_role("button", name="In", exact=True)).to_be_hidden()
    for name in ("Thủ tục, tra cứu", "Gửi phản ánh", "Tra cứu mã", "English"):
        link = page.get_by_role("navigation", name="Trang chính").get_by_role("link", name=name)
        expect(link).to_be_visible()
        box = link.bounding_box() or {}
        assert box["y"] + box["height"] <= 130 and box["height"] >= 44


@pytest.mark.parametrize("code", ["1.001193", "1.013831", "2.001263", "1.013978", "2.001583", "1.004222"])
def test_the_sheet_is_one_page_of_paper(browser: Browser, house: House, code: str) -> None:
    page = browser.new_page(locale="vi-VN")
    page.goto(f"{house.url}/thu-tuc/{code}/in/")

    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1


def test_without_scripts_the_same_answer_is_two_clicks_away_and_counted(browser: Browser, house: House) -> None:
    context = browser.new_context(java_script_enabled=False, locale="vi-VN", viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(house.url)
    page.get_by_label("Bạn cần gì?").fill("tách hộ mất bao lâu thì xong")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("link", name="Tách hộ").click()

    expect(page.locator("#time.asked")).to_be_visible()
    page.get_by_role("button", name="Có ích").click()
    expect(page.get_by_role("heading", name="Cảm ơn bạn")).to_be_visible()
    assert "cases: 0" in said_by(house, CASES) and "answered: 1" in said_by(house, USES)


def test_words_the_base_does_not_know_go_to_the_form_as_they_are(browser: Browser, house: House) -> None:
    page = browser.new_page(locale="vi-VN")
    page.goto(house.url)
    page.get_by_label("Bạn cần gì?").fill("bao giờ chiếu lại phim tối qua")
    page.get_by_role("button", name="Tìm").click()
    expect(page.get_by_role("heading", name="Chưa có câu trả lời sẵn")).to_be_visible()

    page.get_by_role("button", name="Gửi câu hỏi này").click()

    expect(page.locator("textarea[name=text]")).to_have_value("bao giờ chiếu lại phim tối qua")


def test_the_nearest_counter_is_found_by_where_the_phone_stands(browser: Browser, house: House) -> None:
    here = {"latitude": 20.8561, "longitude": 106.6822}
    context = browser.new_context(locale="vi-VN", geolocation=here, permissions=["geolocation"])
    page = context.new_page()
    page.goto(house.url + "/bang/mot-cua/")
    page.get_by_role("button", name="Gần tôi nhất").click()

    expect(page.locator(".hits .kind").first).to_contain_text("cách")
    assert "20.85" not in page.url


def test_an_editor_answers_what_found_nothing_and_the_next_citizen_is_told(browser: Browser, house: House) -> None:
    desk = at_the_desk(browser, house, "dieu-phoi")
    desk.goto(house.url + "/ban/kho/")
    asked = desk.locator(".asked-list li", has_text="bao gio chieu lai phim toi qua")
    asked.get_by_role("button", name="Viết câu trả lời").click()
    desk.get_by_label("Câu hỏi").fill("Bao giờ chiếu lại phim tối qua?")
    desk.get_by_label("Trả lời", exact=True).fill("Lịch chiếu do rạp đăng, 1022 không có lịch này.")
    desk.get_by_label("Người dân gọi là").fill("chiếu lại phim tối qua")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("Đã lưu bản nháp")).to_be_visible()
    where = desk.url

    chief = at_the_desk(browser, house, "giam-sat", **PHONE)  # who approves has a telephone in her hand
    chief.goto(where)
    chief.get_by_role("button", name="Duyệt").tap()
    expect(chief.get_by_role("button", name="Công khai")).to_be_visible()
    assert violations(chief) == []
    assert too_wide(chief) <= 0
    chief.get_by_role("button", name="Công khai").tap()
    expect(chief.get_by_text("Mọi kênh trả lời theo bản này")).to_be_visible()

    page = browser.new_page(locale="vi-VN")
    page.goto(house.url + "/tim/?q=chieu+lai+phim+toi+qua")
    for _wait in range(40):  # the process that serves it looks at the revision every two seconds
        if page.get_by_role("link", name="Bao giờ chiếu lại phim tối qua?").count():
            break
        page.wait_for_timeout(250)
        page.reload()
    page.get_by_role("link", name="Bao giờ chiếu lại phim tối qua?").click()
    expect(page.get_by_text("Lịch chiếu do rạp đăng")).to_be_visible()


def test_a_file_of_procedures_is_sent_without_javascript_and_another_takes_it_in_on_a_phone(
    browser: Browser, house: House
) -> None:
    sender = at_the_desk(browser, house, "dieu-phoi", java_script_enabled=False)
    sender.goto(house.url + "/ban/kho/nap-thu-tuc/")
    table = "Mã thủ tục;Tên thủ tục;Kết quả\n9.000001;Cấp giấy phép nuôi ong trong phố;Giấy phép\n"
    sender.get_by_label("Tệp", exact=True).set_input_files(
        {"name": "thu-tuc.csv", "mimeType": "text/csv", "buffer": table.encode("utf-8-sig")}
    )
    sender.get_by_role("button", name="Xem sẽ đổi gì").click()
    expect(sender.get_by_text("Thủ tục mới: 1")).to_be_visible()
    expect(sender.get_by_role("button", name="Nạp tệp này")).to_be_disabled()
    where = sender.url

    chief = at_the_desk(browser, house, "giam-sat", **PHONE)
    chief.goto(where)
    assert violations(chief) == []
    chief.get_by_role("button", name="Nạp tệp này").tap()
    expect(chief.get_by_text("Đang nạp").first).to_be_visible()
    page = browser.new_page(locale="vi-VN")
    for _wait in range(60):  # by a job
        if (answer := page.goto(house.url + "/thu-tuc/9.000001/")) and answer.status == 200:
            break
        page.wait_for_timeout(250)
    expect(page.get_by_role("heading", name="Cấp giấy phép nuôi ong trong phố")).to_be_visible()


def at_the_desk(browser: Browser, house: House, name: str, **how: Any) -> Page:
    page = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "locale": "vi-VN"} | how).new_page()
    page.goto(house.url + "/ban/vao/")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_label("Mật khẩu").press("Enter")
    page.wait_for_url(lambda url: "/vao/" not in url)
    return page
