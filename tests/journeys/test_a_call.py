"""1022 rings: a citizen with a telephone (sipp), an agent in a browser, voice both ways, and what is left of it."""

from __future__ import annotations

import re
import time
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.house import House
from tests.peers.hearing import loudness, wait_until
from tests.peers.line import heard

from .telephones import (
    AGENTS,
    CITIZENS,
    NEEDS_TELEPHONES,
    OUTCOME,
    RECORDING,
    at_work,
    dial,
    phone,
    shoot,
    sides,
    signed_in,
    told,
)

pytestmark = NEEDS_TELEPHONES


LISTENED = """
from tongdai.audit.models import Entry
print(Entry.objects.filter(kind="read", action="recording", case_code="{code}").count())
"""


def test_a_citizen_and_an_agent_talk_and_the_case_keeps_what_was_said(
    agents_browser: Browser, ringing_house: House, tmp_path: Path
) -> None:
    context, page = at_work(agents_browser, ringing_house, "nghe-may")
    caller = dial(ringing_house, number="0912000021")
    phone(page, "ringing")
    expect(page.locator("#strip")).to_contain_text("0912 000 021")
    expect(page.locator("#strip")).to_contain_text("Gặp người")
    shoot(page, "ringing")
    page.keyboard.press("F2")
    phone(page, "talking")
    expect(page).to_have_url(re.compile("/ban/goi/"))
    expect(page.get_by_label("Số điện thoại")).to_have_value("0912 000 021".replace(" ", "\u00a0"))
    page.get_by_label("Lời kể của người gọi").fill("Rác tràn ra hè phố")
    time.sleep(2)
    shoot(page, "talking")

    page.reload()  # her telephone goes with the page, and is back: the caller hears a word and music
    phone(page, "talking")
    expect(page.get_by_label("Lời kể của người gọi")).to_have_value("Rác tràn ra hè phố")
    time.sleep(4)

    page.get_by_label("Lời kể của người gọi").press("Control+Enter")
    page.wait_for_url("**/goi/xong/**")  # shown in place: the line is not cut
    code = page.url.rstrip("/").rsplit("/", 1)[1]
    phone(page, "talking")
    page.keyboard.press("F8")
    caller.done()
    phone(page, "after_call")
    expect(page.locator("#strip")).to_contain_text("lập phiếu")
    page.keyboard.press("F2")
    phone(page, "ready")

    number = "+84912000021"
    assert told(ringing_house, OUTCOME.format(number=number)) == f"ended registered {code}"
    wait_until(lambda: told(ringing_house, RECORDING.format(number=number)) != "")
    citizen, city = sides(ringing_house, told(ringing_house, RECORDING.format(number=number)), tmp_path)
    assert loudness(citizen, CITIZENS) > 0.8 > loudness(citizen, AGENTS)
    assert loudness(city, AGENTS) > 0.8 > loudness(city, CITIZENS)

    page.goto(f"{ringing_house.url}/ban/phieu/{code}/")
    player = page.locator(".player audio")
    expect(player).to_be_visible()
    player.evaluate("audio => { audio.muted = true; return audio.play() }")
    page.wait_for_function("() => document.querySelector('.player audio').currentTime > 0.5")
    player.evaluate("audio => { audio.currentTime = 5 }")
    page.wait_for_function("() => document.querySelector('.player audio').currentTime > 5.2")
    shoot(page, "timeline")
    assert told(ringing_house, LISTENED.format(code=code)) == "1"
    context.close()


IDLE_LONGEST = """
from datetime import timedelta
from tongdai.channels.voice.models import Agent
from tongdai.platform import wake
from tongdai.platform.clock import now
agent = Agent.objects.get(user__username="nghe-may")
Agent.objects.filter(pk=agent.pk).update(idle_since=now() - timedelta(hours=1))
wake.wake("agents", [agent.user_id])
"""


def test_who_does_not_answer_is_paused_and_told_and_the_next_is_rung(
    agents_browser: Browser, ringing_house: House
) -> None:
    first, one = at_work(agents_browser, ringing_house, "nghe-may")
    second, two = at_work(agents_browser, ringing_house, "nghe-may-2")
    told(ringing_house, IDLE_LONGEST)
    heard(ringing_house)
    caller = dial(ringing_house, number="0912000022")
    phone(one, "ringing")
    phone(one, "paused")
    expect(one.locator("#strip")).to_contain_text("không nghe máy")
    phone(two, "ringing")
    two.keyboard.press("F2")
    phone(two, "talking")

    # a colleague is asked first, then the caller is handed to her
    one.keyboard.press("F2")
    phone(one, "ready")
    two.get_by_text("Chuyển", exact=True).click()
    two.locator("#transfer-to").select_option(label="nghe-may")
    two.get_by_role("button", name="Hỏi trước").click()
    phone(one, "ringing")
    one.keyboard.press("F2")
    phone(one, "talking")
    expect(two.get_by_role("button", name="Nối hai bên")).to_be_visible(timeout=10_000)
    shoot(two, "asking")
    two.get_by_role("button", name="Nối hai bên").click()
    phone(two, "after_call")
    phone(one, "talking")
    one.keyboard.press("F4")
    expect(one.locator("#strip")).to_contain_text("đang giữ máy", timeout=10_000)
    one.keyboard.press("F4")
    expect(one.locator("#strip")).not_to_contain_text("đang giữ máy", timeout=10_000)
    one.keyboard.press("F8")
    caller.done()
    phone(one, "after_call")
    one.get_by_text("Kết quả", exact=True).click()
    one.get_by_role("button", name="Đã trả lời ngay").click()
    phone(one, "ready")
    assert told(ringing_house, OUTCOME.format(number="+84912000022")) == "ended answered -"
    for each in (first, second):
        each.close()


def test_a_recording_is_heard_by_those_who_may_and_by_nobody_else(
    agents_browser: Browser, ringing_house: House
) -> None:
    number = "+84912000022"
    wait_until(lambda: told(ringing_house, RECORDING.format(number=number)) != "")
    asked = "from tongdai.channels.voice.models import Recording; print(Recording.objects.get(call__number='{}').pk)"
    which = told(ringing_house, asked.format(number))
    for name, status in (("can-bo", 403), ("nghe-may-2", 404), ("nghe-may", 200), ("giam-sat", 200)):
        context, page = signed_in(agents_browser, ringing_house, name)
        assert page.request.get(f"{ringing_house.url}/ban/ghi-am/{which}/").status == status, name
        context.close()
    context, page = signed_in(agents_browser, ringing_house, "giam-sat")
    part = page.request.get(f"{ringing_house.url}/ban/ghi-am/{which}/", headers={"Range": "bytes=0-99"})
    assert (part.status, len(part.body())) == (206, 100)
    packed = page.request.get(f"{ringing_house.url}/ban/ghi-am/{which}/tai/")
    assert packed.status == 200 and b"SHA256SUMS" in packed.body()
    context.close()
