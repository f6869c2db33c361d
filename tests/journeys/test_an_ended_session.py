"""A session ends while somebody works, in a real browser: what was typed is kept, it says so, and one goes on where one was."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.axe import violations
from tests.browser import CHROMIUM, HEADLESS
from tests.house import House

PASSWORD = "ghế tre phơi nắng"
CITY = f"""
from tongdai.accounts.models import User
from tongdai.directory.models import Agency, City
City.objects.update_or_create(pk=1, defaults={{"name": "Hải Phòng", "province_code": "31"}})
for name, role in (("dieu-phoi", "coordinator"), ("giam-sat", "supervisor")):
    User.objects.create_user(username=name, password="{PASSWORD}", full_name=name, role=role)
"""
ENDED = """
from allauth.usersessions.models import UserSession
for row in UserSession.objects.filter(user__username="{name}"): row.end()
"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with House() as house:
        made = house.run("django", "shell", "-c", CITY)
        assert made.returncode == 0, made.stdout + made.stderr
        yield house


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=HEADLESS)
        yield browser
        browser.close()


def at_work(browser: Browser, house: House, name: str) -> tuple[BrowserContext, Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN")
    page = context.new_page()
    page.goto(house.url + "/ban/vao/")
    come_in(page, name)
    page.wait_for_url(lambda url: not url.endswith("/vao/"))
    return context, page


def come_in(page: Page, name: str) -> None:
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")


def end_session(house: House, name: str) -> None:
    assert house.run("django", "shell", "-c", ENDED.format(name=name)).returncode == 0


def test_a_form_within_the_page_keeps_its_words_and_is_sent_once_one_is_back(browser: Browser, house: House) -> None:
    context, page = at_work(browser, house, "dieu-phoi")
    page.goto(house.url + "/ban/goi/")
    page.get_by_label("Số điện thoại").fill("0912 345 678")
    page.get_by_label("Lời kể của người gọi").fill("Rác tràn ra hè phố trước số 14")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/goi/xong/**")
    code = page.url.rstrip("/").rsplit("/", 1)[1]
    page.goto(house.url + f"/ban/phieu/{code}/tu-choi/")
    page.locator("[name=ground][value=no_content]").check()
    reason = page.locator("[name=reason]")
    reason.fill("Xin cho biết số nhà và ngõ.")
    end_session(house, "dieu-phoi")
    page.get_by_role("button", name="Từ chối và báo người dân").click()

    covered = page.locator("dialog.signed-out")
    expect(covered).to_be_visible()
    expect(covered).to_contain_text("vẫn còn trên trang này")
    expect(reason).to_have_value("Xin cho biết số nhà và ngõ.")
    with context.expect_page() as opened:
        covered.get_by_role("link", name="Đăng nhập lại").click()
    beside = opened.value
    come_in(beside, "dieu-phoi")
    beside.wait_for_url(lambda url: "/vao/" not in url)
    beside.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(covered).not_to_be_visible()
    expect(reason).to_have_value("Xin cho biết số nhà và ngõ.")
    page.get_by_role("button", name="Từ chối và báo người dân").click()
    expect(page.locator("#history")).to_contain_text("Xin cho biết số nhà và ngõ.")
    context.close()


def test_a_form_sent_elsewhere_comes_back_filled_in_on_its_page(browser: Browser, house: House) -> None:
    context, page = at_work(browser, house, "dieu-phoi")
    page.goto(house.url + "/ban/kho/tu-ngu/")
    form = page.locator("form[action$='/tu-ngu/luu/']").first
    form.locator("[name=written]").fill("cccd gc")
    form.locator("[name=meanings]").fill("căn cước gắn chíp")
    end_session(house, "dieu-phoi")
    form.locator("button").click()
    expect(page.get_by_role("status")).to_contain_text("được giữ nguyên")
    come_in(page, "dieu-phoi")
    page.wait_for_url(lambda url: url.endswith("/ban/kho/tu-ngu/"))
    expect(page.locator("[data-saved-input]")).to_contain_text("đã được điền lại vào ô bên dưới")
    expect(form.locator("[name=written]")).to_have_value("cccd gc")
    expect(form.locator("[name=meanings]")).to_have_value("căn cước gắn chíp")
    assert violations(page) == []
    form.locator("button").click()
    expect(page.locator("main")).to_contain_text("cccd gc")
    context.close()


def test_the_wall_says_that_its_figures_are_old_and_goes_on_once_somebody_signs_in(
    browser: Browser, house: House
) -> None:
    context, page = at_work(browser, house, "giam-sat")
    page.goto(house.url + "/ban/phong/")
    lost = page.locator("[data-wall-lost]")
    expect(page.locator("section.wait")).to_be_visible()
    expect(lost).not_to_contain_text(re.compile("Phiên đã hết|Mất kết nối"), use_inner_text=True)
    context.set_offline(True)
    expect(lost).to_contain_text("Mất kết nối", timeout=20_000, use_inner_text=True)
    context.set_offline(False)
    expect(lost).not_to_contain_text("Mất kết nối", timeout=20_000, use_inner_text=True)
    end_session(house, "giam-sat")
    expect(lost).to_contain_text("Phiên đã hết", timeout=20_000, use_inner_text=True)
    expect(page.locator("section.wait")).to_be_visible()
    page.get_by_role("link", name="Đăng nhập lại").click()
    come_in(page, "giam-sat")
    page.wait_for_url(lambda url: "/vao/" not in url)
    expect(lost).not_to_contain_text("Phiên đã hết", use_inner_text=True)
    context.close()
