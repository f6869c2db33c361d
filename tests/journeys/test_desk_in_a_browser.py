"""The desk in a real browser: keys, live changes, what is typed, every page to axe's satisfaction."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.house import House

CHROMIUM = "/usr/bin/chromium"
PASSWORD = "quản trị thử 1022"
SHOTS = os.environ.get("DESK_SHOTS", "")


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with House() as house:
        made = house.run("django", "shell", "-c", CITY)
        assert made.returncode == 0, made.stdout + made.stderr
        yield house


CITY = f"""
from tongdai.accounts.models import User
from tongdai.directory.models import Agency, City, Topic
City.objects.update_or_create(pk=1, defaults={{"name": "Hải Phòng", "province_code": "31"}})
agency = Agency(code="thu-moi-truong", name="Công ty Môi trường đô thị"); agency.clean_names(); agency.save()
topic = Topic(code="thu-rac", name="Rác thải", agency=agency, keywords="rác"); topic.clean_names(); topic.save()
for name, role, where in (("dieu-phoi", "coordinator", None), ("can-bo", "officer", agency)):
    User.objects.create_user(username=name, password="{PASSWORD}", full_name=name, role=role, agency=where)
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


def at_the_desk(browser: Browser, house: House, name: str, **options: object) -> tuple[BrowserContext, Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN", **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(house.url + "/ban/vao/")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ban/")
    return context, page


def write_a_call(page: Page, house: House, *, text: str, phone: str = "0912 345 678") -> str:
    page.goto(house.url + "/ban/goi/")
    page.get_by_label("Số điện thoại").fill(phone)
    page.get_by_label("Lời kể của người gọi").fill(text)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/goi/xong/**")
    return page.url.rstrip("/").rsplit("/", 1)[1]


def test_a_new_case_appears_by_itself_and_goes_by_one_key_to_the_agency(browser: Browser, house: House) -> None:
    taker, calls = at_the_desk(browser, house, "dieu-phoi")
    context, desk = at_the_desk(browser, house, "dieu-phoi")
    _other, officer = at_the_desk(browser, house, "can-bo")
    code = write_a_call(calls, house, text="Rác tràn ra hè phố trước số 14")

    expect(desk.locator(f"#r-{code}")).to_be_visible(timeout=20_000)
    desk.keyboard.press("j")
    expect(desk.locator("#work")).to_have_attribute("data-code", code)
    desk.keyboard.press("a")
    expect(desk.get_by_role("status").first).to_contain_text("Đã chuyển phiếu")
    expect(desk.locator(f"#r-{code}")).to_have_count(0)

    expect(officer.locator(f"#r-{code}")).to_be_visible(timeout=20_000)
    officer.keyboard.press("j")
    expect(officer.locator("#work")).to_have_attribute("data-code", code)
    officer.keyboard.press("a")
    expect(officer.get_by_role("status").first).to_contain_text("đã nhận")
    officer.keyboard.press("r")
    officer.get_by_label("Câu trả lời").fill("Tổ môi trường đã dọn sáng nay.")
    officer.keyboard.press("Control+Enter")
    expect(officer.get_by_role("status").first).to_contain_text("Đã trả lời")
    expect(desk.locator("#tale")).to_contain_text("Tổ môi trường đã dọn sáng nay.", timeout=20_000)
    for each in (taker, context, _other):
        each.close()


def test_what_is_typed_survives_a_reload(browser: Browser, house: House) -> None:
    context, page = at_the_desk(browser, house, "dieu-phoi")
    page.goto(house.url + "/ban/goi/")
    page.get_by_label("Lời kể của người gọi").fill("Đang kể dở thì máy tắt")
    page.reload()
    expect(page.get_by_label("Lời kể của người gọi")).to_have_value("Đang kể dở thì máy tắt")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, house: House, scheme: str) -> None:
    context, page = at_the_desk(browser, house, "dieu-phoi", color_scheme=scheme)
    code = write_a_call(page, house, text="Rác trước cổng trường chưa ai dọn", phone="0912 345 679")
    pages = ["", f"phieu/{code}/", f"phieu/{code}/tu-choi/", f"phieu/{code}/chuyen/", "goi/", f"goi/xong/{code}/",
             "goi-lai/", "tim/?q=rac", "tim/?q=khongcogi", "cong-ket-noi/", "phieu/00000000000/"]  # fmt: skip
    found = {}
    for width in (360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900 if width > 400 else 740})
        for path in pages:
            page.goto(f"{house.url}/ban/{path}")
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, (width, path)
            if SHOTS:
                name = path.replace("/", "_").replace("?", "_") or "inbox"
                page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}-{scheme}.png"))
            if width != 768:
                wrong = Axe().run(page).response["violations"]
                if wrong:
                    found[width, path] = [(one["id"], one["nodes"][0]["html"][:160]) for one in wrong]
    assert found == {}
    context.close()
