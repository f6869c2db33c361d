"""A supervisor in a browser beside an agent and a citizen who talk: who hears whom, and what is left of it on record."""

from __future__ import annotations

import array
import math
import time
import wave
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import CHROMIUM, HEADLESS
from tests.house import House
from tests.peers.hearing import loudness, wait_until

from .telephones import (
    AGENTS,
    CITIZENS,
    NEEDS_TELEPHONES,
    OUTCOME,
    RECORDING,
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
from .telephones import OUTSIDE as SUPERVISORS

pytestmark = [*NEEDS_TELEPHONES, pytest.mark.usefixtures("nobody_is_left")]

PAGE = "/ban/phong/giam-sat/"
ON_RECORD = """
from tongdai.audit.models import Entry
from tongdai.channels.voice.models import Call
call = Call.objects.filter(number="{number}").latest("pk")
print(*Entry.objects.filter(kind="supervise", what=f"call {{call.pk}}").order_by("pk").values_list("action", flat=True))
"""
HELD_BY = """
from tongdai.channels.voice.models import Call
print(Call.objects.filter(number="{number}").latest("pk").agent)
"""
BLOCK = 16_000 // 2 * 2  # octets of half a second


@pytest.fixture(scope="module")
def supervisors_browser(agents_browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Somebody else's voice."""
    voice = tmp_path_factory.mktemp("voice") / "supervisor.wav"
    tone = (int(12000 * math.sin(2 * math.pi * SUPERVISORS * n / 48000)) for n in range(96000))
    with wave.open(str(voice), "wb") as file:
        file.setparams((1, 2, 48000, 0, "NONE", ""))
        file.writeframes(array.array("h", tone).tobytes())
    browser = agents_browser.browser_type.launch(
        executable_path=CHROMIUM,
        args=[*HEADLESS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
              f"--use-file-for-fake-audio-capture={voice}"],
    )  # fmt: skip
    yield browser
    browser.close()


def row(page: Page, name: str):  # type: ignore[no-untyped-def]
    return page.locator(".at-work > li", has=page.locator(".who b").get_by_text(name, exact=True))


def ready(page: Page) -> None:
    page.keyboard.press("F2")
    phone(page, "ready")


def mode(page: Page, name: str) -> None:
    expect(page.get_by_role("button", name=name, pressed=True).first).to_be_visible(timeout=10_000)


def they_hear(supervisor: Page, agent: Page, one: set[int], other: set[int]) -> None:
    hears_only(supervisor, one)
    hears_only(agent, other)


def is_hers_alone(file: Path) -> bool:
    """Whether the last second of what is being recorded is the supervisor's voice and nobody else's."""
    raw = file.read_bytes()
    end = raw[:44] + raw[max(len(raw) - 2 * BLOCK, 44) :]
    return loudness(end, SUPERVISORS) > 0.8 and loudness(end, AGENTS) < 0.15


def in_turn(file: Path) -> list[set[int]]:
    """Whose voices are in it, one set after the other as they change; from the agent's first word on."""
    raw = file.read_bytes()
    blocks = [raw[:44] + raw[at : at + BLOCK] for at in range(44, len(raw) - BLOCK, BLOCK)]
    found = [{hertz for hertz in (AGENTS, SUPERVISORS) if loudness(block, hertz) > 0.15} for block in blocks]
    first = next(n for n, block in enumerate(blocks) if loudness(block, AGENTS) > 0.8)
    return [voices for voices, _same in groupby(found[first:]) if voices]


def test_a_key_changes_who_hears_whom_and_the_citizen_is_never_cut(
    agents_browser: Browser, supervisors_browser: Browser, ringing_house: House, tmp_path: Path
) -> None:
    house, number = ringing_house, "+84912000041"
    first, agent = at_work(agents_browser, house, "nghe-may")
    second, supervisor = at_work(supervisors_browser, house, "giam-sat")
    supervisor.goto(house.url + PAGE)
    expect(supervisor.locator("#strip .warn")).to_have_count(0, timeout=15_000)
    caller = dial(house, number="0912000041")
    answer(agent)

    row(supervisor, "nghe-may").get_by_role("button", name="Nghe cùng").click()
    mode(supervisor, "Nghe cùng")
    supervisor.wait_for_function("() => window.connections.at(-1)?.connectionState === 'connected'")
    they_hear(supervisor, agent, {CITIZENS, AGENTS}, {CITIZENS})
    expect(agent.locator("#strip")).to_contain_text("giam-sat: nghe cùng")
    shoot(supervisor, "supervise-listening")

    supervisor.keyboard.press("2")
    mode(supervisor, "Nhắc riêng")
    they_hear(supervisor, agent, {CITIZENS, AGENTS}, {CITIZENS, SUPERVISORS})
    expect(agent.locator("#strip")).to_contain_text("giam-sat: nhắc riêng")
    shoot(agent, "supervise-whispered-to")

    supervisor.keyboard.press("1")
    mode(supervisor, "Nghe cùng")
    they_hear(supervisor, agent, {CITIZENS, AGENTS}, {CITIZENS})

    supervisor.keyboard.press("3")
    mode(supervisor, "Cùng nói")
    they_hear(supervisor, agent, {CITIZENS, AGENTS}, {CITIZENS, SUPERVISORS})

    supervisor.keyboard.press("4")
    phone(supervisor, "talking")
    phone(agent, "after_call")
    expect(agent.locator("#strip")).to_contain_text("đã nhận cuộc gọi của bạn")
    shoot(agent, "supervise-relieved")
    hears_only(supervisor, {CITIZENS})
    assert told(house, HELD_BY.format(number=number)) == "giam-sat"
    agent.get_by_role("button", name="Đã rõ").click()
    expect(agent.get_by_role("button", name="Đã rõ")).to_have_count(0)
    raw = house.folder / "var" / "exchange" / "recordings"
    wait_until(lambda: any(map(is_hers_alone, raw.glob("*.wav"))))  # a part begins when who talked has left
    supervisor.wait_for_timeout(2000)
    supervisor.keyboard.press("F8")
    caller.done()  # until then nobody had hung up on her
    phone(supervisor, "after_call")
    ready(agent)

    stretches = ("listen", "whisper", "listen", "barge")
    assert told(house, ON_RECORD.format(number=number)).split() == [
        *(each for stretch in stretches for each in (stretch, "stopped")), "take_over",
    ]  # fmt: skip
    wait_until(lambda: told(house, RECORDING.format(number=number)) != "")
    citizen, city = sides(house, told(house, RECORDING.format(number=number)), tmp_path)
    assert loudness(citizen, CITIZENS) > 0.8
    # what the citizen heard: nothing of what was whispered
    assert in_turn(city) == [{AGENTS}, {AGENTS, SUPERVISORS}, {SUPERVISORS}]
    for each in (first, second):
        each.close()


def test_one_key_stops_it_and_the_two_talk_on(
    agents_browser: Browser, supervisors_browser: Browser, ringing_house: House
) -> None:
    house, number = ringing_house, "+84912000042"
    first, agent = at_work(agents_browser, house, "nghe-may")
    second, supervisor = at_work(supervisors_browser, house, "giam-sat")
    supervisor.goto(house.url + PAGE)
    expect(supervisor.locator("#strip .warn")).to_have_count(0, timeout=15_000)
    caller = dial(house, number="0912000042")
    answer(agent)
    row(supervisor, "nghe-may").get_by_role("button", name="Cùng nói").click()
    mode(supervisor, "Cùng nói")
    supervisor.wait_for_function("() => window.connections.at(-1)?.connectionState === 'connected'")
    stop = supervisor.get_by_role("button", name="Thôi nghe")
    expect(stop).to_be_visible()
    supervisor.keyboard.press("F8")
    expect(stop).to_have_count(0)
    hears_only(agent, {CITIZENS})
    agent.keyboard.press("F8")
    caller.done()
    phone(agent, "after_call")
    ready(agent)
    assert told(house, ON_RECORD.format(number=number)) == "barge stopped"
    assert told(house, OUTCOME.format(number=number)).startswith("ended ")
    for each in (first, second):
        each.close()


def test_an_agent_is_freed_and_the_citizen_meets_somebody_else(
    agents_browser: Browser, supervisors_browser: Browser, ringing_house: House
) -> None:
    house = ringing_house
    first, stuck = at_work(agents_browser, house, "nghe-may")
    second, supervisor = at_work(supervisors_browser, house, "giam-sat")
    supervisor.goto(house.url + PAGE)
    caller = dial(house, number="0912000043")
    answer(stuck)
    third, other = at_work(agents_browser, house, "nghe-may-2")
    row(supervisor, "nghe-may").locator("summary").click()
    row(supervisor, "nghe-may").get_by_label("Vì sao").fill("máy treo")
    row(supervisor, "nghe-may").get_by_role("button", name="Gỡ máy bị treo").click()
    phone(stuck, "paused")
    expect(stuck.locator("#strip")).to_contain_text("máy treo")
    answer(other)
    hears_only(other, {CITIZENS})
    hang_up(other, caller)
    for each in (first, second, third):
        each.close()


def test_news_of_the_room_take_nothing_from_under_a_hand(
    agents_browser: Browser, supervisors_browser: Browser, ringing_house: House
) -> None:
    """What was asked before a menu was opened doesn't shut it, and a press begun before the news ends on its button."""
    house = ringing_house
    first, _agent = at_work(agents_browser, house, "nghe-may")
    second, supervisor = at_work(supervisors_browser, house, "giam-sat")
    held: list[Route] = []
    supervisor.route("**/giam-sat/bang/", lambda route: held.append(route))
    supervisor.goto(house.url + PAGE)
    menu = row(supervisor, "nghe-may").locator("summary")
    wait_until(lambda: bool(supervisor.wait_for_timeout(100)) or bool(held))
    box = menu.bounding_box()
    assert box
    supervisor.mouse.move(box["x"] + 5, box["y"] + 5)
    supervisor.mouse.down()
    told_it(supervisor, held.pop(0))
    supervisor.mouse.up()
    expect(row(supervisor, "nghe-may").get_by_label("Vì sao")).to_be_visible()
    menu.click()
    wait_until(lambda: bool(supervisor.wait_for_timeout(100)) or bool(held))
    menu.click()
    row(supervisor, "nghe-may").get_by_label("Vì sao").fill("máy treo")
    told_it(supervisor, held.pop(0))
    expect(row(supervisor, "nghe-may").get_by_label("Vì sao")).to_have_value("máy treo")
    row(supervisor, "nghe-may").get_by_role("button", name="Cho tạm nghỉ").click()
    expect(row(supervisor, "nghe-may").get_by_label("Vì sao")).to_be_hidden()
    for each in (first, second):
        each.close()


def told_it(page: Page, held: Route) -> None:
    """Let the answer come, and the page show it."""
    with page.expect_response(held.request.url):
        held.continue_()
    page.wait_for_timeout(300)


def test_the_list_comes_anew_but_not_while_something_of_it_is_open(
    agents_browser: Browser, supervisors_browser: Browser, ringing_house: House
) -> None:
    house = ringing_house
    first, agent = at_work(agents_browser, house, "nghe-may")
    second, supervisor = at_work(supervisors_browser, house, "giam-sat")
    supervisor.goto(house.url + PAGE)
    caller = dial(house, number="0912000044")
    answer(agent)
    expect(row(supervisor, "nghe-may")).to_contain_text("Đang nói chuyện", timeout=15_000)
    row(supervisor, "nghe-may").locator("summary").click()
    time.sleep(4)  # each three seconds
    expect(row(supervisor, "nghe-may").get_by_label("Vì sao")).to_be_visible()
    hang_up(agent, caller)
    for each in (first, second):
        each.close()
