"""What an agent does beside talking: rings back, hands on, stops the recording; things go wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.axe import too_wide, violations
from tests.browser import CHROMIUM, HEADLESS
from tests.house import House
from tests.peers.hearing import loudness, wait_until
from tongdai.peers.sip.caller import Caller
from tongdai.peers.sip.telephone import Telephones

from .telephones import (
    AGENTS,
    CARRIER,
    CITIZENS,
    NEEDS_TELEPHONES,
    OUTCOME,
    OUTSIDE,
    answer,
    at_work,
    dial,
    hang_up,
    hears_only,
    phone,
    shoot,
    sides,
    told,
)

pytestmark = NEEDS_TELEPHONES

CONTACTS = """
from tongdai.channels.voice.asterisk.exchange import exchange
print(*[line for line in exchange().ask("pjsip show contacts").splitlines() if "trunk" in line])
"""
CALLBACK = """
from tongdai.channels.voice.models import Callback
print(*[(c.state, c.tries) for c in Callback.objects.filter(contact__phone="{number}")])
"""
WHICH = """
from tongdai.channels.voice.models import Callback
print(Callback.objects.get(contact__phone="{number}").pk)
"""
READ_OUT = """
from tongdai.channels.voice.models import Order
print(*Order.objects.filter(kind="read_code", refused="").exclude(done_at=None))
"""
SECONDS = """
from tongdai.channels.voice.models import Call
c = Call.objects.get(number="{number}"); r = c.recordings.filter(kind="talk").first()
print((c.ended_at - c.came_at).total_seconds() - r.seconds if r else "")
"""

HIDDEN = """
from tongdai.channels.voice.records import call_records
from tongdai.channels.voice.models import Callback, Recording
from tongdai.platform.clock import now
for silent in (True, False):
    call = call_records.came(channel=f"hidden-{silent}", number="", dialled="1022").pk
    call_records.ended(call, path=["message"], outcome="message")
    Recording.objects.create(
        call_id=call, kind="message", file="x", seconds=9, size=1, sha256=str(silent), silent=silent, made_at=now()
    )
print(*Callback.objects.filter(contact=None).order_by("pk").values_list("pk", flat=True))
"""


@pytest.fixture(scope="module")
def outside(ringing_house: House) -> Iterator[Telephones]:
    """Every number the carrier can reach: taken up after a second, and spoken into until we hang up."""
    exchange = ("127.0.0.1", int(ringing_house.environment["TONGDAI_SIP_PORT"]))
    found = Telephones(exchange, [], after=1, hertz=OUTSIDE, port=CARRIER)
    wait_until(
        lambda: "Avail" in told(ringing_house, CONTACTS), within=40
    )  # the exchange has asked whether it is there
    yield found
    found.stop()


def test_who_met_nobody_is_rung_back_with_one_key(
    agents_browser: Browser, ringing_house: House, outside: Telephones, tmp_path: Path
) -> None:
    house, number = ringing_house, "+84912000031"
    dial(house, 3.0, number="0912000031").done()
    wait_until(lambda: told(house, CALLBACK.format(number=number)) == "('waiting', 0)")
    context, page = at_work(agents_browser, house, "nghe-may")
    page.goto(f"{house.url}/ban/goi-lai/")
    page.locator(f"#r-{told(house, WHICH.format(number=number))}").click()
    expect(page.get_by_role("button", name="Gọi ngay")).to_be_visible()
    page.keyboard.press("c")
    phone(page, "talking")
    hears_only(page, {OUTSIDE})
    shoot(page, "ringing-back")
    time.sleep(1)
    page.keyboard.press("F8")
    phone(page, "after_call")
    page.get_by_role("button", name="Gặp được").click()
    page.keyboard.press("F2")
    phone(page, "ready")
    context.close()
    assert told(house, CALLBACK.format(number=number)) == "('reached', 1)"
    kept = f"""
from tongdai.channels.voice.models import Recording
print(*[r.file for r in Recording.objects.filter(call__number="{number}", call__direction="out")])
"""
    wait_until(lambda: told(house, kept) != "")
    citizen, city = sides(house, told(house, kept), tmp_path)
    assert loudness(citizen, OUTSIDE) > 0.8 and loudness(city, AGENTS) > 0.8


def test_a_caller_is_handed_to_a_number_outside_and_the_agent_is_free(
    agents_browser: Browser, ringing_house: House, outside: Telephones
) -> None:
    house = ringing_house
    context, page = at_work(agents_browser, house, "nghe-may")
    caller = dial(house, 16.0, number="0912000032")
    answer(page)
    hears_only(page, {CITIZENS})
    page.get_by_text("Chuyển", exact=True).click()
    page.locator("#transfer-to").select_option(label="Số ở ô dưới")
    page.locator("#transfer-number").fill("115")
    page.get_by_role("button", name="Chuyển ngay").click()
    phone(page, "after_call")
    page.keyboard.press("F2")
    phone(page, "ready")
    caller.done()
    wait_until(lambda: told(house, OUTCOME.format(number="+84912000032")) == "ended transferred -")
    context.close()


def test_with_a_third_there_each_key_does_what_stands_on_it_and_never_cuts_the_citizen(
    agents_browser: Browser, ringing_house: House, outside: Telephones
) -> None:
    house, found = ringing_house, {}
    context, page = at_work(agents_browser, house, "nghe-may")
    caller = dial(house, number="0912000039")
    answer(page)
    hears_only(page, {CITIZENS})

    def look(state: str) -> None:
        for width in (768, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            found[state, width] = violations(page)
            assert too_wide(page) <= 0, (state, width)
            shoot(page, f"third-{state}-{width}")

    page.get_by_text("Chuyển", exact=True).click()
    page.locator("#transfer-to").select_option(label="Số ở ô dưới")
    page.locator("#transfer-number").fill("115")
    page.get_by_role("button", name="Hỏi trước").click()
    expect(page.get_by_role("button", name="Nói ba bên")).to_be_visible()
    hears_only(page, {OUTSIDE})
    look("apart")
    page.get_by_role("button", name="Nói ba bên").click()
    expect(page.get_by_role("button", name="Rời máy")).to_be_visible()
    hears_only(page, {OUTSIDE, CITIZENS})
    look("together")
    page.keyboard.press("F8")
    phone(page, "after_call")
    look("left")
    page.get_by_role("button", name="Lấy lại người gọi").click()
    phone(page, "talking")
    expect(page.locator("#strip")).not_to_contain_text("đang giữ máy")
    hears_only(page, {CITIZENS})
    assert {where: wrong for where, wrong in found.items() if wrong} == {}
    hang_up(page, caller)
    context.close()


def test_a_recording_stops_while_something_sensitive_is_said_and_the_machine_reads_the_code(
    agents_browser: Browser, ringing_house: House
) -> None:
    house = ringing_house
    context, page = at_work(agents_browser, house, "nghe-may")
    caller = dial(house, number="0912000033")
    answer(page)
    page.get_by_role("button", name="Ngừng ghi âm").click()
    expect(page.locator("#strip")).to_contain_text("không ghi âm")
    time.sleep(4)
    page.get_by_role("button", name="Ghi âm tiếp").click()
    expect(page.get_by_role("button", name="Ngừng ghi âm")).to_be_visible()
    page.get_by_label("Lời kể của người gọi").fill("Đèn đường hỏng")
    page.get_by_label("Lời kể của người gọi").press("Control+Enter")
    page.wait_for_url("**/goi/xong/**")
    page.get_by_role("button", name="Máy đọc mã").click()
    wait_until(lambda: told(house, READ_OUT) != "")
    hang_up(page, caller)
    wait_until(lambda: told(house, SECONDS.format(number="+84912000033")) != "", within=30)
    assert 2.5 < float(told(house, SECONDS.format(number="+84912000033"))) < 8
    context.close()


def test_two_tabs_of_one_agent_are_one_telephone(agents_browser: Browser, ringing_house: House) -> None:
    house = ringing_house
    context, first = at_work(agents_browser, house, "nghe-may")
    second = context.new_page()
    second.goto(f"{house.url}/ban/")
    phone(second, "ready")
    caller = dial(house, number="0912000035")
    phone(first, "ringing")
    phone(second, "ringing")
    second.keyboard.press("F2")  # the first holds the telephone and is told
    phone(second, "talking")
    phone(first, "talking")
    assert first.evaluate("window.connections.length") == 1
    assert second.evaluate("window.connections.length") == 0
    hears_only(first, {CITIZENS})
    hang_up(second, caller)
    context.close()


def test_a_voice_that_does_not_come_is_told(agents_browser: Browser, ringing_house: House) -> None:
    house = ringing_house
    context, page = at_work(agents_browser, house, "nghe-may")
    exchange = ("127.0.0.1", int(house.environment["TONGDAI_SIP_PORT"]))
    caller = Caller(exchange, number="0912000038", waits_for_bye=True)  # sends no voice at all
    answer(page)
    expect(page.locator("#strip")).to_contain_text("không có tiếng người gọi", timeout=20_000)
    hang_up(page, caller)
    context.close()


def test_without_a_microphone_the_agent_is_paused_and_told_and_nobody_is_lost(
    agents_browser: Browser, ringing_house: House
) -> None:
    house = ringing_house
    refuses = agents_browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*HEADLESS, "--deny-permission-prompts"]
    )
    context, page = at_work(refuses, house, "nghe-may", microphone=False)
    caller = dial(house, 25.0, number="0912000036")
    phone(page, "ringing")
    page.keyboard.press("F2")
    phone(page, "paused")
    expect(page.locator("#strip")).to_contain_text("micrô")
    shoot(page, "no-microphone")
    caller.done()
    wait_until(lambda: told(house, CALLBACK.format(number="+84912000036")) == "('waiting', 0)")
    page.keyboard.press("F2")
    phone(page, "ready")
    refuses.close()


def test_what_a_hidden_number_left_is_heard_and_settled_with_one_key(
    agents_browser: Browser, ringing_house: House
) -> None:
    house = ringing_house
    silent, said = told(house, HIDDEN).split()
    context, page = at_work(agents_browser, house, "nghe-may")
    page.goto(f"{house.url}/ban/goi-lai/{said}/")
    rows = page.locator("#rows [data-row]").evaluate_all("rows => rows.map(row => row.dataset.row)")
    assert rows.index(said) < rows.index(silent) == len(rows) - 1
    page.keyboard.press("a")
    expect(page.locator(f"#r-{said}")).to_have_count(0)
    context.close()


def test_a_supervisor_takes_figures_out(agents_browser: Browser, ringing_house: House) -> None:
    context, page = at_work(agents_browser, ringing_house, "giam-sat")
    page.goto(f"{ringing_house.url}/ban/phong/lich-su/")
    page.get_by_label("Bảng", exact=True).select_option("call_takers")
    for name in ("Tải CSV", "Tải XLSX"):
        with page.expect_download() as taken:
            page.get_by_role("button", name=name).click()
        assert taken.value.suggested_filename.startswith("1022-call_takers-")
    context.close()
