"""The strip of the telephone on an agent's page: a call rings while she writes, clicks, reads anew, is elsewhere, goes."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, expect

from tests.axe import too_wide, violations
from tests.browser import CHROMIUM, HEADLESS
from tests.house import House
from tests.peers.hearing import loudness, wait_until
from tongdai.channels.voice.conversation.reconnection import BACK_WITHIN

from .telephones import (
    AGENTS,
    CITIZENS,
    NEEDS_TELEPHONES,
    OUTCOME,
    RECORDING,
    at_work,
    dial,
    hang_up,
    hears_only,
    phone,
    shoot,
    sides,
    signed_in,
    told,
)

pytestmark = [*NEEDS_TELEPHONES, pytest.mark.usefixtures("nobody_is_left")]

CASES = "from tongdai.cases.models import Case; print(Case.objects.count())"
DECLINED = """
from tongdai.channels.voice.models import Order
print(*[(o.by.username, o.call.number, bool(o.done_at), o.refused) for o in Order.objects.filter(kind="decline")])
"""
AGENT = """
from tongdai.channels.voice.models import Agent
a = Agent.objects.get(user__username="{name}"); print(a.state, a.reason)
"""
END_SESSIONS = """
from tongdai.accounts.sign_in import sessions
from tongdai.accounts.models import User
print(sessions.end_all(User.objects.get(username="{name}")))
import time; time.sleep(1)
"""


def writes_half_a_case(page: Page, house: House) -> None:
    page.goto(f"{house.url}/ban/goi/")
    page.get_by_label("Số điện thoại").fill("0912 000 999")
    page.get_by_label("Lời kể của người gọi").fill("Nước ngập nửa nhà")
    expect(page.locator("#strip .warn")).to_have_count(0, timeout=15_000)


# ── a call rings while something is written ──────────────────────────────────────────────────────────────────────────


def test_a_call_that_rings_sends_nothing_of_what_is_being_written(
    agents_browser: Browser, ringing_house: House
) -> None:
    house = ringing_house
    context, page = at_work(agents_browser, house, "nghe-may")
    writes_half_a_case(page, house)
    before = told(house, CASES)
    caller = dial(house, number="0912000051")
    phone(page, "ringing")
    expect(page.locator("#strip .in-hand")).to_contain_text("chờ 0:0")
    for width in (768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        shoot(page, f"strip-ringing-{width}")
    name = page.get_by_label("Tên người gọi")
    for field in (name, page.get_by_label("Số điện thoại"), page.get_by_label("Khẩn:")):
        field.focus()
        page.keyboard.press("Enter")
    page.locator("body").evaluate("body => document.activeElement.blur()")
    page.keyboard.press("Enter")  # a form is in hand: no key but the telephone's own answers
    # Vietnamese letters that are being composed (as ibus and the systems' own keyboards do) stay as they are
    name.focus()
    letters = context.new_cdp_session(page)
    letters.send("Input.imeSetComposition", {"text": "Nguyê", "selectionStart": 5, "selectionEnd": 5})
    expect(name).to_have_value("Nguyê")
    page.wait_for_timeout(300)
    assert page.locator("#strip").get_attribute("data-state") == "ringing"
    page.keyboard.press("F2")
    phone(page, "talking")
    expect(page).to_have_url(f"{house.url}/ban/goi/")
    letters.send("Input.insertText", {"text": "Nguyễn"})
    expect(name).to_have_value("Nguyễn")
    expect(page.get_by_label("Lời kể của người gọi")).to_have_value("Nước ngập nửa nhà")
    assert told(house, CASES) == before
    expect(page.locator("#strip .in-hand")).to_contain_text("đã chờ 0:")
    page.keyboard.press("F7")  # and this call's own form is a key away
    expect(page.get_by_label("Số điện thoại")).to_have_value("0912\u00a0000\u00a0051")
    hang_up(page, caller)
    context.close()


def test_enter_answers_where_nothing_else_has_the_keyboard(agents_browser: Browser, ringing_house: House) -> None:
    house = ringing_house
    context, page = at_work(agents_browser, house, "nghe-may")
    caller = dial(house, number="0912000052")
    phone(page, "ringing")
    page.locator("details.me summary").focus()
    page.keyboard.press("Enter")  # opens the menu, as it says
    expect(page.locator("details.me")).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Enter")
    phone(page, "talking")
    hang_up(page, caller)
    context.close()


def test_enter_in_the_strips_own_fields_does_what_stands_beside_them(
    agents_browser: Browser, ringing_house: House
) -> None:
    """A browser's Enter presses the first button of a form: it put callers on hold, and concluded their calls."""
    house = ringing_house
    context, page = at_work(agents_browser, house, "nghe-may")
    caller = dial(house, number="0912000053")
    phone(page, "ringing")
    page.keyboard.press("F2")
    phone(page, "talking")
    expect(page.get_by_label("Số điện thoại")).to_have_value("0912\u00a0000\u00a0053")
    page.get_by_text("Kết quả", exact=True).click()
    page.locator("#add-to").fill("123")
    page.keyboard.press("Enter")
    expect(page.locator("#strip [role=alert]")).to_contain_text("Không có phiếu nào mang mã")
    assert told(house, OUTCOME.format(number="+84912000053")) == "talking  -"
    page.get_by_text("Chuyển", exact=True).click()
    page.locator("#transfer-number").fill("abc")
    page.locator("#transfer-number").press("Enter")
    expect(page.locator("#strip [role=alert]")).to_contain_text("Chọn nơi chuyển đến")
    expect(page.locator("#strip")).not_to_contain_text("đang giữ máy")
    hang_up(page, caller)
    context.close()


def test_who_declines_is_not_paused_and_the_next_is_rung(agents_browser: Browser, ringing_house: House) -> None:
    house = ringing_house
    first, one = at_work(agents_browser, house, "nghe-may")
    caller = dial(house, number="0912000054")
    phone(one, "ringing")
    second, two = at_work(agents_browser, house, "nghe-may-2")
    one.keyboard.press("F8")
    phone(two, "ringing")
    phone(one, "ready")
    assert "('nghe-may', '+84912000054', True, '')" in told(house, DECLINED)
    two.get_by_role("button", name="Từ chối").click()
    phone(two, "ready")
    # Nobody else is there: she waits, and is offered again after a while, to either of them.
    wait_until(lambda: _rung(one, two) is not None, within=60)
    rung = _rung(one, two)
    assert rung
    rung.keyboard.press("F2")
    phone(rung, "talking")
    hang_up(rung, caller)
    for each in (first, second):
        each.close()


def _rung(*pages: Page) -> Page | None:
    return next((each for each in pages if each.locator("#strip[data-state=ringing]").count()), None)


# ── the strip is refreshed under a hand ──────────────────────────────────────────────────────────────────────────────


def test_news_take_nothing_from_under_a_hand(agents_browser: Browser, ringing_house: House) -> None:
    """The strip is fetched anew as a button is pressed, a menu stands open, a number is typed: all of it stays."""
    house = ringing_house
    context, page = at_work(agents_browser, house, "nghe-may")
    caller = dial(house, number="0912000055")
    phone(page, "ringing")
    page.keyboard.press("F2")
    phone(page, "talking")
    news = "document.body.dispatchEvent(new CustomEvent('desk:phone'))"
    fetched = lambda: page.expect_response(lambda answer: answer.url.endswith("/ban/may/"))  # noqa: E731

    page.get_by_text("Chuyển", exact=True).click()
    page.locator("#transfer-to").select_option(label="Số ở ô dưới")
    page.locator("#transfer-number").press_sequentially("02253")
    with fetched():
        page.evaluate(news)
    page.keyboard.type("842123")
    expect(page.locator("#transfer-number")).to_have_value("02253842123")
    expect(page.locator("#transfer-to")).to_have_value("")
    page.get_by_text("Chuyển", exact=True).click()

    hold = page.get_by_role("button", name="Giữ máy")
    box = hold.bounding_box()
    assert box
    page.mouse.move(box["x"] + 12, box["y"] + 12)
    page.mouse.down()
    with fetched():
        page.evaluate(news)
    page.wait_for_timeout(100)
    page.mouse.up()
    expect(page.locator("#strip")).to_contain_text("đang giữ máy", timeout=10_000)

    # an answer on its way when the next key is pressed swallows neither
    page.route("**/ban/may/lenh/", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.keyboard.press("F4")
    page.keyboard.press("F8")
    phone(page, "after_call")
    caller.done()
    page.keyboard.press("F2")
    phone(page, "ready")
    context.close()


def test_the_page_of_the_calls_form_comes_late_and_takes_nothing_from_a_hand(
    agents_browser: Browser, ringing_house: House
) -> None:
    """The strip is used while the form is on its way: a menu that is open, what is typed, a button that is being pressed."""
    house = ringing_house
    context, page = at_work(agents_browser, house, "nghe-may")
    forms: list[Route] = []
    page.route("**/ban/goi/?cuoc=*", lambda route: forms.append(route))
    form = page.get_by_label("Số điện thoại")

    def comes(number: str) -> None:
        wait_until(lambda: page.wait_for_timeout(50) or forms)
        forms.pop().continue_()
        expect(form).to_have_value(number)

    caller = dial(house, number="0912000056")
    phone(page, "ringing")
    page.keyboard.press("F2")
    phone(page, "talking")
    page.get_by_text("Kết quả", exact=True).click()
    page.locator("#add-to").press_sequentially("12")
    comes("0912\u00a0000\u00a0056")
    page.keyboard.type("3")
    expect(page.locator("#add-to")).to_have_value("123")
    page.keyboard.press("Enter")
    expect(page.locator("#strip [role=alert]")).to_contain_text("Không có phiếu nào mang mã")

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("F7")
    wait_until(lambda: page.wait_for_timeout(50) or forms)
    box = page.get_by_role("button", name="Giữ máy").bounding_box()
    assert box
    page.mouse.move(box["x"] + 12, box["y"] + 12)
    page.mouse.down()
    comes("0912\u00a0000\u00a0056")
    page.mouse.up()
    expect(page.locator("#strip")).to_contain_text("đang giữ máy", timeout=10_000)
    page.keyboard.press("F4")
    expect(page.locator("#strip")).not_to_contain_text("đang giữ máy", timeout=10_000)
    hang_up(page, caller)
    context.close()


def test_what_happens_while_the_strip_asks_is_asked_for_next(agents_browser: Browser, ringing_house: House) -> None:
    """What was first asked by a page that had just come forgot the next: a call that was taken went on ringing there."""
    house = ringing_house
    context, _first = at_work(agents_browser, house, "nghe-may")
    page = context.new_page()  # a second tab, which asks nothing by itself
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    def happens() -> None:
        page.evaluate("() => document.body.dispatchEvent(new CustomEvent('desk:phone'))")

    page.route("**/ban/may/", hold)
    page.goto(f"{house.url}/ban/goi/")
    wait_until(lambda: happens() or page.wait_for_timeout(100) or held)
    happens()
    route, what_was_then = held[0]
    with page.expect_request("**/ban/may/", timeout=10_000):
        route.fulfill(response=what_was_then)
    context.close()


# ── after a call ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_after_a_call_the_seconds_are_counted_and_typing_renews_them(
    agents_browser: Browser, ringing_house: House
) -> None:
    house = ringing_house
    context, page = at_work(agents_browser, house, "nghe-may")
    caller = dial(house, number="0912000056")
    phone(page, "ringing")
    page.keyboard.press("F2")
    phone(page, "talking")
    page.keyboard.press("F8")
    caller.done()
    phone(page, "after_call")
    for width in (768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        shoot(page, f"strip-after-call-{width}")
    left = page.locator("#strip [data-left]")
    wait_until(lambda: int(left.get_attribute("data-left") or 0) < 26)
    page.get_by_label("Lời kể của người gọi").press_sequentially("Còn", delay=20)
    wait_until(lambda: int(left.get_attribute("data-left") or 0) >= 28)
    page.get_by_role("button", name="Thêm giờ").click()
    wait_until(lambda: int(left.get_attribute("data-left") or 0) > 120)
    page.get_by_role("button", name="Xong").click()
    phone(page, "ready")
    context.close()


# ── read anew, at another browser, out, gone ─────────────────────────────────────────────────────────────────────────


def take(page: Page) -> None:
    """With the key, once more where the page that was just read anew had no ear for it yet."""
    for _ in range(10):
        if page.locator("#strip[data-state=ringing]").count():
            page.keyboard.press("F2")
        with contextlib.suppress(AssertionError):
            phone(page, "talking", within=3)
            return
    phone(page, "talking")


def test_a_page_read_anew_comes_back_ringing_held_and_muted(
    agents_browser: Browser, ringing_house: House, tmp_path: Path
) -> None:
    house, number = ringing_house, "+84912000057"
    context, page = at_work(agents_browser, house, "nghe-may")
    context.add_init_script(
        "const add = RTCPeerConnection.prototype.addTrack; window.sent = [];"
        "RTCPeerConnection.prototype.addTrack = function (track, ...more)"
        " { window.sent.push(track.enabled); return add.call(this, track, ...more); };"
    )
    began = time.monotonic()
    caller = dial(house, number="0912000057")
    phone(page, "ringing")
    page.reload()
    phone(page, "ringing")
    take(page)
    hears_only(page, {CITIZENS})

    page.keyboard.press("F6")
    expect(page.locator('[data-phone="mute"]')).to_have_attribute("aria-pressed", "true")
    muted_after = time.monotonic() - began + 1
    page.reload()
    phone(page, "talking")
    expect(page.locator('[data-phone="mute"]')).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("() => window.sent.length")
    assert page.evaluate("window.sent") == [False]  # from the first sound on
    page.evaluate("localStorage.removeItem('phone.muted')")  # at another browser only the server knows
    page.reload()
    page.wait_for_function("() => window.sent.length")
    assert page.evaluate("window.sent") == [False]
    hears_only(page, {CITIZENS})  # while a line comes back she is held, too

    hold, resume = (page.locator(f'#strip [data-key="F4"][value="{kind}"]') for kind in ("hold", "resume"))
    expect(hold).to_be_visible()
    page.keyboard.press("F4")
    expect(resume).to_be_visible(timeout=10_000)
    expect(page.locator("#strip")).to_contain_text("đang giữ máy")
    page.reload()
    page.wait_for_function(
        "() => window.connections.length && window.connections.at(-1).connectionState === 'connected'"
    )
    expect(page.locator("#strip")).to_contain_text("đang giữ máy")
    for width in (768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        shoot(page, f"strip-held-muted-{width}")
    assert violations(page) == [] and too_wide(page) <= 0
    page.keyboard.press("F4")
    expect(hold).to_be_visible(timeout=10_000)
    expect(page.locator("#strip")).not_to_contain_text("đang giữ máy")
    hears_only(page, {CITIZENS})
    hang_up(page, caller)
    context.close()
    wait_until(lambda: told(house, RECORDING.format(number=number)) != "")
    _citizen, city = sides(house, told(house, RECORDING.format(number=number)), tmp_path)
    assert loudness(city, AGENTS) > 0.8 > loudness(city, AGENTS, since=muted_after)


def test_of_two_browsers_the_one_that_cannot_answer_says_so_and_takes_the_telephone_when_asked(
    agents_browser: Browser, ringing_house: House
) -> None:
    house = ringing_house
    first, one = at_work(agents_browser, house, "nghe-may")
    second, two = signed_in(agents_browser, house, "nghe-may")
    expect(two.locator("#strip .warn")).to_have_count(0, timeout=15_000)
    elsewhere = "đang ở trình duyệt khác"
    expect(one.get_by_text(elsewhere)).to_be_visible()
    one.reload()  # and takes nothing back by itself
    expect(one.get_by_text(elsewhere)).to_be_visible()
    caller = dial(house, number="0912000058")
    phone(one, "ringing")
    expect(one.get_by_role("link", name="Nghe máy")).to_be_hidden()
    for width in (768, 1440):
        one.set_viewport_size({"width": width, "height": 900})
        shoot(one, f"strip-elsewhere-{width}")
    assert violations(one) == [] and too_wide(one) <= 0
    two.keyboard.press("F2")
    phone(two, "talking")
    hears_only(two, {CITIZENS})
    one.get_by_role("button", name="Dùng máy này").click()  # the talk comes along
    one.wait_for_function(
        "() => window.connections.length && window.connections.at(-1).connectionState === 'connected'"
    )
    hears_only(one, {CITIZENS})
    expect(two.get_by_text(elsewhere)).to_be_visible()
    third, three = signed_in(agents_browser, house, "nghe-may")  # opened in a call: it takes nothing
    expect(three.get_by_text(elsewhere)).to_be_visible()
    hang_up(one, caller)
    for each in (first, second, third):
        each.close()


def test_nobody_signs_out_of_a_call(agents_browser: Browser, ringing_house: House) -> None:
    house = ringing_house
    context, page = at_work(agents_browser, house, "nghe-may")
    page.goto(f"{house.url}/ban/goi/")
    caller = dial(house, number="0912000059")
    phone(page, "ringing")
    page.keyboard.press("F2")
    phone(page, "talking")
    page.get_by_label("Lời kể của người gọi").fill("Đang nói")
    page.locator("details.me summary").click()
    page.get_by_role("button", name="Ra", exact=True).click()
    expect(page.locator("#strip [role=alert]")).to_contain_text("Hãy gác máy")
    shoot(page, "strip-no-sign-out-1440")
    tab = context.new_page()  # where no strip may say so, the server does
    tab.goto(f"{house.url}/ban/")
    tab.evaluate("document.getElementById('strip').remove()")
    tab.locator("details.me summary").click()
    tab.get_by_role("button", name="Ra", exact=True).click()
    expect(tab.get_by_text("Hãy gác máy").first).to_be_visible()
    hears_only(page, {CITIZENS})
    expect(page.get_by_label("Lời kể của người gọi")).to_have_value("Đang nói")
    hang_up(page, caller)
    tab.close()
    page.locator("details.me summary").click()
    page.get_by_role("button", name="Ra", exact=True).click()
    page.wait_for_url("**/ban/vao/")
    context.close()


def test_a_session_ended_from_afar_silences_the_page_and_the_citizen_meets_another(
    agents_browser: Browser, ringing_house: House
) -> None:
    house = ringing_house
    first, one = at_work(agents_browser, house, "nghe-may")
    caller = dial(house, number="0912000060")
    phone(one, "ringing")
    one.keyboard.press("F2")
    phone(one, "talking")
    second, two = at_work(agents_browser, house, "nghe-may-2")
    told(house, END_SESSIONS.format(name="nghe-may"))
    one.wait_for_function("() => window.connections.at(-1).connectionState === 'closed'", timeout=10_000)
    expect(one.get_by_text("không còn ai nghe thấy bạn")).to_be_visible()
    shoot(one, "strip-session-ended-1440")
    phone(two, "ringing", within=20 + BACK_WITHIN)  # the first may sign in again until then, and go on
    two.keyboard.press("F2")
    phone(two, "talking")
    hears_only(two, {CITIZENS})
    hang_up(two, caller)
    for each in (first, second):
        each.close()


@pytest.mark.parametrize("how", ["closed", "asleep"])
def test_a_browser_that_is_gone_is_not_ready_and_the_room_is_told(
    agents_browser: Browser, ringing_house: House, how: str
) -> None:
    house = ringing_house
    other = agents_browser.browser_type.launch(
        executable_path=CHROMIUM,
        args=[*HEADLESS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"],
    )
    told_by = other.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    context, page = at_work(other, house, "nghe-may")
    phone(page, "ready")
    processes: list[int] = []
    if how == "closed":
        context.close()
    else:  # no goodbye: the network is off, the machine sleeps
        found = other.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        processes = [each["id"] for each in (*told_by, *found)]
        for process in processes:
            os.kill(process, signal.SIGSTOP)
    try:
        wait_until(lambda: told(house, AGENT.format(name="nghe-may")) == "paused gone", within=30)
        second, room = signed_in(agents_browser, house, "giam-sat")
        room.set_viewport_size({"width": 1920, "height": 1080})
        room.goto(f"{house.url}/ban/phong/")
        expect(room.get_by_text("Máy đã đóng hay mất mạng: nghe-may")).to_be_visible()
        shoot(room, f"strip-gone-room-{how}")
        assert violations(room) == []
        second.close()
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)
    if how == "asleep":
        phone(page, "ready")  # it wakes up, and goes on
    other.close()
