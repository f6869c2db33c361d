"""The staff's door in a real browser: a passkey, the page that is covered and opens again, who is out while the page is open."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.axe import violations
from tests.house import House

PASSWORD = "ghế tre phơi nắng"
SHOTS = os.environ.get("DESK_SHOTS", "")
CITY = f"""
from tongdai.accounts.models import User
from tongdai.directory.models import Agency, City
City.objects.update_or_create(pk=1, defaults={{"name": "Hải Phòng", "province_code": "31"}})
agency = Agency(code="thu", name="Công ty Môi trường đô thị"); agency.clean_names(); agency.save()
for name, role in (("quan-tri", "admin"), ("dieu-phoi", "coordinator"), ("giam-sat", "supervisor"), ("lanh-dao", "leader"),
                   ):
    User.objects.create_user(username=name, password="{PASSWORD}", full_name=name, role=role)
"""
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
IDLE = """
from django.contrib.sessions.backends.db import SessionStore
from allauth.usersessions.models import UserSession
for row in UserSession.objects.filter(user__username="quan-tri"):
    session = SessionStore(row.session_key); session["seen_at"] -= 3600; session.save()
"""
OUT = """
from tongdai.accounts import people
from tongdai.accounts.models import User
people.deactivate(User.objects.get(username="lanh-dao"), by=None)
import time; time.sleep(0.5)
"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with House(TONGDAI_SECOND_FACTOR="on") as house:
        house.told(CITY)
        yield house


def here(house: House) -> str:
    """A passkey belongs to a name; a browser takes http for safe on this one alone."""
    return f"http://localhost:{house.port}"


def with_a_passkey(browser: Browser, house: House, name: str, **options: object) -> tuple[BrowserContext, Page]:
    """Signed in for the first time, a passkey made, its recovery codes seen."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN", **options)  # type: ignore[arg-type]
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    type_in(page, house, name)
    page.get_by_role("link", name="Khóa truy cập").click()
    page.get_by_role("button", name="Tạo khóa").click()
    expect(page.get_by_role("heading", name="Mã dự phòng")).to_be_visible()
    return context, page


def type_in(page: Page, house: House, name: str) -> None:
    page.goto(here(house) + "/ban/vao/")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/vao/"))


def leave(page: Page) -> None:
    page.locator("details.me > summary").click()
    page.get_by_role("button", name="Ra", exact=True).click()
    page.wait_for_url("**/vao/")


def test_a_passkey_made_at_the_first_sign_in_opens_the_desk_by_itself(browser: Browser, house: House) -> None:
    context, page = with_a_passkey(browser, house, "dieu-phoi")
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.get_by_role("link", name="Tôi đã cất").click()
    page.wait_for_url("**/ban/")
    leave(page)

    page.get_by_role("button", name="Vào bằng khóa truy cập").click()
    page.wait_for_url("**/ban/")
    leave(page)

    type_in(page, house, "dieu-phoi")  # and it is the second proof after a password
    page.get_by_role("button", name="Dùng khóa truy cập").click()
    page.wait_for_url("**/ban/")
    assert [each for each in errors if "Content Security Policy" in each] == []
    context.close()


def test_a_page_left_alone_is_covered_and_opens_with_its_words_when_the_same_person_is_back(
    browser: Browser, house: House
) -> None:
    context, page = with_a_passkey(browser, house, "quan-tri")
    code = page.locator(".codes code").first.inner_text()
    page.clock.install()
    page.goto(here(house) + "/ban/can-bo/moi/")
    name = page.get_by_label("Họ và tên")
    name.fill("Đỗ Thu Hằ")
    house.told(IDLE)
    page.clock.fast_forward(61_000)
    name.press_sequentially("n")
    covered = page.locator("dialog.signed-out")
    expect(covered).to_be_visible()
    expect(name).not_to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(covered).to_be_visible()
    shoot(page, "covered")
    assert violations(page) == []

    with context.expect_page() as opened:
        page.get_by_role("link", name="Đăng nhập lại").click()
    beside = opened.value
    beside.get_by_label("Tên đăng nhập").fill("quan-tri")
    beside.get_by_label("Mật khẩu").fill(PASSWORD)
    beside.keyboard.press("Enter")
    beside.get_by_label("Mã sáu số trên điện thoại, hoặc mã dự phòng").fill(code)
    beside.keyboard.press("Enter")
    beside.wait_for_url("**/can-bo/moi/")
    beside.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(covered).not_to_be_visible()
    expect(name).to_have_value("Đỗ Thu Hằn")
    name.press("End")
    name.press_sequentially("g")
    page.get_by_label("Tên đăng nhập").fill("thu-hang")
    page.get_by_label("Vai trò").select_option("leader")
    page.get_by_role("button", name="Thêm và lấy đường dẫn").click()
    expect(page.get_by_label("Đường dẫn", exact=True)).to_have_value(re.compile("/ban/khoi-dau/"))
    expect(page.get_by_role("heading", name="Đỗ Thu Hằng")).to_be_visible()
    shoot(page, "handed")
    context.close()


def test_who_is_out_sees_nothing_more_within_a_second_and_without_touching_a_key(
    browser: Browser, house: House
) -> None:
    context, page = with_a_passkey(browser, house, "lanh-dao")
    page.goto(here(house) + "/ban/")
    expect(page.locator("[data-live-words]")).to_have_text(re.compile("Tự cập nhật"), timeout=10_000)
    house.told(OUT)
    expect(page.locator("dialog.signed-out")).to_be_visible(timeout=1_000)
    expect(page.locator("#rows")).not_to_be_visible()
    context.close()


def test_whoever_has_the_machine_makes_another_administrator_by_a_link(browser: Browser, house: House) -> None:
    said = house.run("admin", "invite")
    link = re.search(r"/ban/khoi-dau/[\w-]+/", said.stdout)
    assert said.returncode == 0 and link, said.stdout + said.stderr
    page = browser.new_page(locale="vi-VN")
    page.goto(house.url + link[0])
    page.get_by_label("Họ và tên").fill("Phạm Minh Đức")
    page.get_by_label("Tên đăng nhập").fill("minh-duc")
    page.get_by_label("Mật khẩu").fill("Hải Phòng 1022")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Mật khẩu này dễ đoán")).to_be_visible()
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thêm lớp bảo vệ thứ hai")).to_be_visible()
    page.close()
    assert "Không có ai đang làm việc" in house.run("admin", "invite", "khong-co").stdout


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{re.sub(r'[^0-9a-z-]+', '_', name).strip('_')}.png"), full_page=True)
