"""The desk in a real browser: keys, live changes, what is typed, every page to axe's satisfaction."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.axe import violations
from tests.house import House

PASSWORD = "quản trị thử 1022"
SHOTS = os.environ.get("DESK_SHOTS", "")


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with House() as house:
        house.told(CITY)
        yield house


CITY = f"""
from tongdai.accounts.models import User
from tongdai.directory.places.loading import load_province
from tongdai.directory.models import Agency, City, Topic
City.objects.update_or_create(pk=1, defaults={{"name": "Hải Phòng", "province_code": "31"}})
load_province("31")
agency = Agency(code="thu-moi-truong", name="Công ty Môi trường đô thị"); agency.clean_names(); agency.save()
topic = Topic(code="thu-rac", name="Rác thải", agency=agency, keywords="rác"); topic.clean_names(); topic.save()
for name, role, where in (("dieu-phoi", "coordinator", None), ("can-bo", "officer", agency), ("lanh-dao", "leader", None)):
    User.objects.create_user(username=name, password="{PASSWORD}", full_name=name, role=role, agency=where)
"""


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
    expect(officer.locator("#list-heading")).to_contain_text("1 phiếu")  # what a screen reader says of the list
    officer.keyboard.press("j")
    expect(officer.locator("#work")).to_have_attribute("data-code", code)
    officer.keyboard.press("a")
    expect(officer.get_by_role("status").first).to_contain_text("đã nhận")
    officer.keyboard.press("r")
    officer.get_by_label("Câu trả lời").fill("Tổ môi trường đã dọn sáng nay.")
    officer.keyboard.press("Control+Enter")
    expect(officer.get_by_role("status").first).to_contain_text("Đã trả lời")
    expect(desk.locator("#history")).to_contain_text("Tổ môi trường đã dọn sáng nay.", timeout=20_000)
    for each in (taker, context, _other):
        each.close()


def test_a_row_that_is_being_pressed_outlives_the_news(browser: Browser, house: House) -> None:
    taker, calls = at_the_desk(browser, house, "dieu-phoi")
    code = write_a_call(calls, house, text="Cột điện nghiêng trước số 20")
    context, desk = at_the_desk(browser, house, "dieu-phoi")
    row = desk.locator(f"#r-{code}")
    expect(row).to_be_visible()
    box = row.bounding_box()
    assert box
    desk.mouse.move(box["x"] + 20, box["y"] + 10)
    desk.mouse.down()
    with desk.expect_response("**/phieu/**?khung=inbox"), desk.expect_response("**khung=inbox"):
        desk.evaluate("document.body.dispatchEvent(new CustomEvent('desk:changed'))")
        desk.wait_for_timeout(500)
        desk.mouse.up()
    expect(desk.locator("#work")).to_have_attribute("data-code", code)
    for each in (taker, context):
        each.close()


def accepted(browser: Browser, house: House, text: str) -> tuple[list[BrowserContext], Page, str]:
    """A case that its officer has just accepted, open before them."""
    taker, calls = at_the_desk(browser, house, "dieu-phoi")
    code = write_a_call(calls, house, text=text)
    calls.goto(f"{house.url}/ban/phieu/{code}/")
    calls.keyboard.press("a")
    expect(calls.get_by_role("status").first).to_contain_text("Đã chuyển phiếu")
    other, officer = at_the_desk(browser, house, "can-bo")
    officer.goto(f"{house.url}/ban/phieu/{code}/")
    expect_the_stream(officer)
    with officer.expect_response(anew(code)):  # one's own step is news too
        officer.keyboard.press("a")
        expect(officer.get_by_role("status").first).to_contain_text("đã nhận")
    return [taker, other], officer, code


def expect_the_stream(page: Page) -> None:
    """That the page is told what happens."""
    expect(page.locator("[data-live-words]")).not_to_have_text("Trang lúc")


def anew(code: str) -> re.Pattern[str]:
    """The open case, fetched by the page itself: nobody pressed anything."""
    return re.compile(rf"/ban/phieu/{code}/\?")


SOMETHING_HAPPENED = "new BroadcastChannel('desk.live').postMessage({news: {ids: null}})"


def test_what_was_just_done_stands_there_after_the_news_of_it_came(browser: Browser, house: House) -> None:
    windows, officer, code = accepted(browser, house, "Rác đầy trước số 31")
    with officer.expect_response(anew(code)):
        officer.evaluate(SOMETHING_HAPPENED)
    officer.wait_for_timeout(300)
    expect(officer.get_by_role("status").first).to_contain_text("đã nhận")  # and, where it is on, the way back
    for each in windows:
        each.close()


def test_a_form_opened_while_the_case_is_fetched_anew_keeps_what_is_written(browser: Browser, house: House) -> None:
    windows, officer, code = accepted(browser, house, "Rác đầy trước số 33")
    held = []
    officer.route(anew(code), lambda route: held.append(route))
    with officer.expect_request(anew(code)):
        officer.evaluate(SOMETHING_HAPPENED)
    officer.keyboard.press("r")
    words = officer.get_by_label("Câu trả lời")
    words.fill("Đã dọn.")
    with officer.expect_response(anew(code)):
        held[0].continue_()
    officer.wait_for_timeout(300)
    expect(words).to_have_value("Đã dọn.")
    officer.unroute(anew(code))
    officer.keyboard.press("Control+Enter")
    expect(officer.get_by_role("status").first).to_contain_text("Đã trả lời")
    for each in windows:
        each.close()


def test_a_form_that_is_on_its_way_comes_though_the_case_was_fetched_anew(browser: Browser, house: House) -> None:
    windows, officer, code = accepted(browser, house, "Rác đầy trước số 35")
    held = []
    form = re.compile(rf"/ban/phieu/{code}/tra-loi/")
    officer.route(form, lambda route: held.append(route))
    with officer.expect_request(form):
        officer.keyboard.press("r")
    with officer.expect_response(anew(code)):
        officer.evaluate(SOMETHING_HAPPENED)
    officer.wait_for_timeout(300)
    held[0].continue_()
    expect(officer.get_by_label("Câu trả lời")).to_be_visible()
    for each in windows:
        each.close()


def test_a_case_that_is_on_its_way_comes_though_the_one_before_was_fetched_anew(browser: Browser, house: House) -> None:
    context, desk = at_the_desk(browser, house, "dieu-phoi")
    first, second = (
        write_a_call(desk, house, text=f"Rác {where} để lâu", phone=phone)
        for where, phone in (("ở bến", "0912 345 674"), ("ở chợ", "0912 345 675"))
    )
    desk.goto(house.url + "/ban/")
    desk.locator(f"#r-{first}").click()
    expect(desk.locator("#work")).to_have_attribute("data-code", first)
    expect_the_stream(desk)
    held = []
    desk.route(anew(second), lambda route: held.append(route))
    with desk.expect_request(anew(second)):
        desk.locator(f"#r-{second}").click()
    with desk.expect_response(anew(first)):
        desk.evaluate(SOMETHING_HAPPENED)
    desk.wait_for_timeout(300)
    held[0].continue_()
    expect(desk.locator("#work")).to_have_attribute("data-code", second)
    context.close()


def test_what_happened_before_the_stream_was_open_is_shown_all_the_same(browser: Browser, house: House) -> None:
    taker, calls = at_the_desk(browser, house, "dieu-phoi")
    code = write_a_call(calls, house, text="Rác đầy trước số 37")
    context, desk = at_the_desk(browser, house, "dieu-phoi")
    expect_the_stream(desk)
    held = []
    desk.route(re.compile(r"/live\b"), lambda route: held.append(route))
    with desk.expect_request(re.compile(r"/live\b")):
        desk.goto(f"{house.url}/ban/phieu/{code}/")
    calls.goto(f"{house.url}/ban/phieu/{code}/")
    calls.keyboard.press("a")
    expect(calls.get_by_role("status").first).to_contain_text("Đã chuyển phiếu")
    held[0].continue_()
    expect(desk.locator("#history")).to_contain_text("Công ty Môi trường đô thị", timeout=10_000)
    for each in (taker, context):
        each.close()


HELPER = f"""
from tongdai.accounts.models import User
from tongdai.directory.models import Agency
agency = Agency(code="thu-dien", name="Công ty Điện lực"); agency.clean_names(); agency.save()
User.objects.create_user(username="dien-luc", password="{PASSWORD}", full_name="dien-luc", role="officer", agency=agency)
"""


def test_another_agency_is_asked_to_help_and_its_answer_comes_by_itself(browser: Browser, house: House) -> None:
    house.told(HELPER)
    contexts, officer, code = accepted(browser, house, "Rác vướng vào tủ điện trước số 62")
    other, helper = at_the_desk(browser, house, "dien-luc")
    helper.get_by_role("link", name="Phối hợp").click()
    expect_the_stream(helper)

    officer.keyboard.press("n")
    officer.get_by_label("Công ty Điện lực").check()
    officer.get_by_label("Nhờ việc gì").fill("Cho biết tủ này của ai, có ngắt điện để dọn được không.")
    until = house.told("from tongdai.cases.models import Case; print(f'{Case.objects.latest(\"pk\").due_at:%Y-%m-%d}')")
    officer.get_by_role("textbox", name="Trả lời bạn chậm nhất ngày").fill("/".join(reversed(until.split("-"))))
    officer.keyboard.press("Control+Enter")
    expect(officer.get_by_role("status").first).to_contain_text("Đã nhờ Công ty Điện lực phối hợp")

    officer.get_by_role("link", name="Nhờ phối hợp").click()
    expect(officer.get_by_label("Nhờ việc gì")).to_have_value("")  # what was sent is no draft any more
    officer.keyboard.press("Escape")

    expect(helper.locator(f"#r-{code}")).to_be_visible(timeout=20_000)
    helper.keyboard.press("j")
    expect(helper.locator("#work")).to_have_attribute("data-code", code)
    expect(helper.locator("#work")).to_contain_text("Cơ quan bạn phối hợp nên không thấy ai gửi")
    expect(helper.locator("#work")).not_to_contain_text("0912")
    assert violations(helper) == []
    helper.keyboard.press("r")
    helper.get_by_label("Đã làm gì, kết quả thế nào").fill("Tủ của chúng tôi, sáng mai ngắt điện một giờ.")
    helper.keyboard.press("Control+Enter")
    expect(helper.get_by_role("status").first).to_contain_text("Đã gửi kết quả")

    expect(officer.locator("#history")).to_contain_text("sáng mai ngắt điện một giờ", timeout=20_000)
    expect(officer.locator("#work")).not_to_contain_text("Đang nhờ phối hợp")
    for each in (*contexts, other):
        each.close()


def test_what_is_typed_survives_a_reload(browser: Browser, house: House) -> None:
    context, page = at_the_desk(browser, house, "dieu-phoi")
    page.goto(house.url + "/ban/goi/")
    page.get_by_label("Lời kể của người gọi").fill("Đang kể dở thì máy tắt")
    page.reload()
    expect(page.get_by_label("Lời kể của người gọi")).to_have_value("Đang kể dở thì máy tắt")
    context.close()


def test_a_place_is_picked_by_a_name_it_has_no_more(browser: Browser, house: House) -> None:
    context, page = at_the_desk(browser, house, "dieu-phoi")
    page.goto(house.url + "/ban/goi/")
    sift = page.get_by_label("Lọc: Ở phường, xã nào")
    for typed, note in (("minh khai hong bang", "Phường Minh Khai, Quận Hồng Bàng"), ("ha ly", "")):
        sift.fill(typed)
        choice = page.locator("[data-pick]:has([name=place]) label:visible", has_text="Phường Hồng Bàng")
        expect(choice.locator("small")).to_have_text(note)
    sift.press("Enter")
    expect(choice.locator("input")).to_be_checked()
    context.close()


def test_a_key_pressed_before_the_next_case_is_there_waits_for_it(browser: Browser, house: House) -> None:
    context, page = at_the_desk(browser, house, "dieu-phoi")
    first, second = (
        write_a_call(page, house, text=f"Rác {where} để lâu", phone=phone)
        for where, phone in (("ở bến", "0912 345 671"), ("ở chợ", "0912 345 672"))
    )
    page.goto(house.url + "/ban/")
    page.locator(f"#r-{first}").click()
    expect(page.locator("#work")).to_have_attribute("data-code", first)
    page.route(f"**/phieu/{second}/**", lambda route: (page.wait_for_timeout(600), route.continue_()))
    for _ in range(20):
        page.keyboard.press("j")
        if page.locator(f"#r-{second}").evaluate("row => row === document.activeElement"):
            break
    page.keyboard.press("a")
    expect(page.get_by_role("status").first).to_contain_text(f"{second[:4]}")
    expect(page.locator(f"#r-{second}")).to_have_count(0)
    expect(page.locator(f"#r-{first}")).to_have_count(1)
    page.unroute_all(behavior="ignoreErrors")  # what the page still says in the background needn't be waited for
    context.close()


def test_going_back_to_a_form_that_was_sent_shows_the_case_as_it_is_now(browser: Browser, house: House) -> None:
    _taker, calls = at_the_desk(browser, house, "dieu-phoi")
    code = write_a_call(calls, house, text="Rác sau chợ bốc mùi", phone="0912 345 673")
    context, page = at_the_desk(browser, house, "dieu-phoi")
    form = f"{house.url}/ban/phieu/{code}/tu-choi/"
    page.goto(form)
    page.get_by_label("Lời nói với người dân").fill("Xin cho biết chợ nào.")
    page.locator("[name=ground]").first.check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã từ chối")
    page.go_back()
    expect(page.locator("#next")).to_contain_text(re.compile("chưa được báo|Đang báo cho người dân"))
    expect(page.get_by_label("Lời nói với người dân")).to_have_count(0)
    assert house.told(REJECTIONS.format(code=code)) == "1"
    for each in (_taker, context):
        each.close()


REJECTIONS = (
    "from tongdai.cases.models import Event; print(Event.objects.filter(case__code='{code}', action='reject').count())"
)


def test_one_stream_serves_all_tabs_and_the_next_takes_over_when_its_tab_closes(browser: Browser, house: House) -> None:
    taker, calls = at_the_desk(browser, house, "dieu-phoi")
    context, first = at_the_desk(browser, house, "dieu-phoi")
    second = context.new_page()
    second.goto(house.url + "/ban/")
    code = write_a_call(calls, house, text="Rác ở cả hai thẻ", phone="0912 345 674")
    for tab in (first, second):
        expect(tab.locator(f"#r-{code}")).to_be_visible(timeout=10_000)
    first.close()
    code = write_a_call(calls, house, text="Rác ở thẻ còn lại", phone="0912 345 675")
    expect(second.locator(f"#r-{code}")).to_be_visible(timeout=10_000)
    for each in (taker, context):
        each.close()


def test_what_happened_while_the_live_process_was_away_appears_when_it_is_back(browser: Browser, house: House) -> None:
    taker, calls = at_the_desk(browser, house, "dieu-phoi")
    context, desk = at_the_desk(browser, house, "dieu-phoi")
    expect(desk.locator(".live")).not_to_have_class("live away")
    for pid in house.pids("tongdai.platform.live.server"):
        os.kill(pid, signal.SIGKILL)
    code = write_a_call(calls, house, text="Rác trong lúc mất kết nối", phone="0912 345 676")
    expect(desk.locator(f"#r-{code}")).to_be_visible(timeout=30_000)
    for each in (taker, context):
        each.close()


def test_an_answered_call_asks_to_be_rung_back_and_is_worked_off(browser: Browser, house: House) -> None:
    taker, calls = at_the_desk(browser, house, "dieu-phoi")
    code = write_a_call(calls, house, text="Rác ở ngõ tôi chưa ai dọn", phone="0225 3842 123")
    calls.goto(house.url + "/ban/goi-lai/")
    waiting = int(calls.locator("#callback-count").inner_text() or 0)
    house.told(ANSWERED.format(code=code))
    expect(calls.locator("#callback-count")).to_have_text(str(waiting + 1), timeout=20_000)
    calls.get_by_role("link", name="Rác ở ngõ tôi").click()
    expect(calls.locator("#work")).to_contain_text("đã trả lời phiếu")
    expect(calls.locator("#work")).to_contain_text("Số chưa xác nhận")  # it was typed: nobody rang from it
    expect(calls.locator("#work")).not_to_contain_text("Đã dọn chiều nay.")
    for width in (360, 768, 1440):
        calls.set_viewport_size({"width": width, "height": 900})
        assert violations(calls) == []
    calls.get_by_role("button", name="Gặp được").click()
    expect(calls.locator("#callback-count")).to_have_text(str(waiting or ""))
    taker.close()


ANSWERED = """
from tongdai.accounts.models import User
from tongdai.cases.actions import accept, answer, assign
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.platform.clock import now
case, officer = Case.objects.get(code="{code}"), User.objects.get(username="can-bo")
assign.assign(case, by=Actor.staff(User.objects.get(username="dieu-phoi")), agency=officer.agency, at=now())
accept.accept(case, by=Actor.staff(officer), at=now())
answer.answer(case, by=Actor.staff(officer), text="Đã dọn chiều nay.", at=now())
"""


def test_the_desk_works_without_javascript(browser: Browser, house: House) -> None:
    context, page = at_the_desk(browser, house, "dieu-phoi", java_script_enabled=False)
    page.goto(house.url + "/ban/goi/")
    page.get_by_label("Số điện thoại").fill("0912 345 677")
    page.get_by_label("Lời kể của người gọi").fill("Rác, gõ không cần máy mạnh")
    page.get_by_role("button", name="Lưu, lấy mã").click()
    code = page.url.rstrip("/").rsplit("/", 1)[1]
    page.goto(f"{house.url}/ban/phieu/{code}/chuyen/")
    page.get_by_role("radio", name="Công ty Môi trường đô thị").check()
    page.locator("form.action button[data-submit]").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã chuyển phiếu")
    context.close()

    context, page = at_the_desk(browser, house, "can-bo", java_script_enabled=False)
    page.goto(f"{house.url}/ban/phieu/{code}/")
    page.get_by_role("button", name="Nhận").click()
    page.goto(f"{house.url}/ban/phieu/{code}/tra-loi/")
    page.get_by_label("Câu trả lời").fill("Đã dọn.")
    page.locator("form.action button[data-submit]").click()
    expect(page.locator("#history")).to_contain_text("Đã dọn.")
    context.close()
