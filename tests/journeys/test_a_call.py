"""1022 rings: a citizen with a telephone (sipp), an agent in a browser, voice both ways, and what is left of it."""

from __future__ import annotations

import array
import math
import os
import re
import shutil
import socket
import subprocess
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.house import House, free_port
from tests.peers.hearing import loudness, wait_until
from tongdai.channels.voice.exchange.home import Exchange
from tongdai.channels.voice.exchange.install import is_installed
from tongdai.channels.voice.speech import program
from tongdai.platform.home import beside_the_code
from tongdai.scenarios.sip_peers.caller import Caller

CHROMIUM, PASSWORD = "/usr/bin/chromium", "quản trị thử 1022"
SHOTS = os.environ.get("DESK_SHOTS", "")
CITIZENS, AGENTS = 440, 700  # hertz: whose voice is whose


def another_interface() -> bool:
    """WebRTC runs over an address of the machine's own beside loopback; nothing leaves it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return False
        return not str(probe.getsockname()[0]).startswith("127.")


pytestmark = [
    pytest.mark.skipif(
        not (is_installed(beside_the_code("asterisk")) and shutil.which("sipp")),
        reason="needs `make voice` (Asterisk) and Debian's sip-tester (sipp)",
    ),
    pytest.mark.skipif(not another_interface(), reason="WebRTC needs a network interface beside loopback"),
]

# The greeting is switched off: who calls stands in the queue at once.
CITY = f"""
from tongdai.accounts.models import User
from tongdai.channels.voice import menu
from tongdai.channels.voice.models import Step, Trunk
from tongdai.directory.load_places import load_province
from tongdai.directory.models import City
from tongdai.platform import wake
City.objects.update_or_create(pk=1, defaults={{"name": "Hải Phòng", "province_code": "31"}})
load_province("31")
for name, role in (("nghe-may", "call_taker"), ("nghe-may-2", "call_taker"), ("giam-sat", "supervisor"), ("can-bo", "officer")):
    User.objects.create_user(username=name, password="{PASSWORD}", full_name=name, role=role)
Trunk.objects.create(name="nhà mạng thử", host="127.0.0.1:5099", addresses=["127.0.0.1/32"])
menu.write_the_usual_one()
Step.objects.filter(code="greeting").update(active=False)
wake.wake("menu", [1])
import time; time.sleep(1)
"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    ports = {"TONGDAI_SIP_PORT": str(free_port()), "TONGDAI_EXCHANGE_PORT": str(free_port())}
    with House(**ports, TONGDAI_RTP_PORTS="44000-44999") as house:
        made = house.run("django", "shell", "-v", "0", "-c", CITY)
        assert made.returncode == 0, made.stdout + made.stderr
        assert house.run("exchange", "configure").returncode == 0
        yield house


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    voice = tmp_path_factory.mktemp("voice") / "agent.wav"
    with wave.open(str(voice), "wb") as file:
        file.setparams((1, 2, 48000, 0, "NONE", ""))
        file.writeframes(
            array.array("h", (int(12000 * math.sin(2 * math.pi * AGENTS * n / 48000)) for n in range(96000))).tobytes()
        )
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--use-fake-ui-for-media-stream",
                  "--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={voice}"],
        )  # fmt: skip
        yield browser
        browser.close()


def at_work(browser: Browser, house: House, name: str) -> tuple[BrowserContext, Page]:
    """Signed in, the shift begun, the telephone there."""
    context, page = signed_in(browser, house, name)
    if page.locator("#may[data-state=out]").count():
        page.get_by_role("button", name="Vào ca").click()
    expect(page.locator("#may .warn")).to_have_count(0, timeout=15_000)
    return context, page


def signed_in(browser: Browser, house: House, name: str) -> tuple[BrowserContext, Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN")
    context.grant_permissions(["microphone"], origin=house.url)
    page = context.new_page()
    page.goto(house.url + "/ban/vao/")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ban/")
    return context, page


def dial(house: House, *, number: str) -> Caller:
    """She speaks all the while, and stays until the other end hangs up."""
    exchange = ("127.0.0.1", int(house.environment["TONGDAI_SIP_PORT"]))
    return Caller(exchange, number=number, hertz=CITIZENS, waits_for_bye=True)


def phone(page: Page, state: str) -> None:
    expect(page.locator(f"#may[data-state={state}]")).to_be_visible(timeout=20_000)


def told(house: House, asked: str) -> str:
    done = house.run("django", "shell", "-v", "0", "-c", asked)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")


RECORDING = """
from tongdai.channels.voice.models import Recording
r = Recording.objects.filter(call__number="{number}", kind="talk").first()
print(r.file if r else "")
"""
OUTCOME = """
from tongdai.channels.voice.models import Call
c = Call.objects.filter(number="{number}").latest("pk"); print(c.state, c.outcome, c.case.code if c.case else "-")
"""


def sides(house: House, file: str, folder: Path) -> tuple[Path, Path]:
    """The citizen's channel and the city's of a stored recording, as 16-bit WAV."""
    tree = beside_the_code("asterisk")
    sox = program("sox", Exchange(folder, tree, "", "", 0, 0, 0, 0))
    found = (folder / "citizen.wav", folder / "city.wav")
    for number, side in enumerate(found, 1):
        stored = house.folder / "var" / "files" / file
        subprocess.run([*sox, str(stored), "-b", "16", str(side), "remix", str(number)], check=True)
    return found


def test_a_citizen_and_an_agent_talk_and_the_case_keeps_what_was_said(
    browser: Browser, house: House, tmp_path: Path
) -> None:
    context, page = at_work(browser, house, "nghe-may")
    caller = dial(house, number="0912000021")
    phone(page, "ringing")
    expect(page.locator("#may")).to_contain_text("0912 000 021")
    expect(page.locator("#may")).to_contain_text("Gặp người")
    shoot(page, "ringing")
    page.keyboard.press("Enter")
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
    expect(page.locator("#may")).to_contain_text("lập phiếu")
    page.keyboard.press("F2")
    phone(page, "ready")

    number = "+84912000021"
    assert told(house, OUTCOME.format(number=number)) == f"ended registered {code}"
    wait_until(lambda: told(house, RECORDING.format(number=number)) != "")
    citizen, city = sides(house, told(house, RECORDING.format(number=number)), tmp_path)
    assert loudness(citizen, CITIZENS) > 0.8 > loudness(citizen, AGENTS)
    assert loudness(city, AGENTS) > 0.8 > loudness(city, CITIZENS)

    page.goto(f"{house.url}/ban/phieu/{code}/")
    player = page.locator(".player audio")
    expect(player).to_be_visible()
    player.evaluate("audio => { audio.muted = true; return audio.play() }")
    page.wait_for_function("() => document.querySelector('.player audio').currentTime > 0.5")
    player.evaluate("audio => { audio.currentTime = 5 }")
    page.wait_for_function("() => document.querySelector('.player audio').currentTime > 5.2")
    shoot(page, "timeline")
    listened = "from tongdai.people.models import Disclosure as D; print(D.objects.filter(what='recording').count())"
    assert told(house, listened) == "1"
    context.close()


def test_who_does_not_answer_is_paused_and_told_and_the_next_is_rung(browser: Browser, house: House) -> None:
    first, one = at_work(browser, house, "nghe-may")
    one.wait_for_timeout(500)
    second, two = at_work(browser, house, "nghe-may-2")
    caller = dial(house, number="0912000022")
    phone(one, "ringing")
    phone(one, "paused")
    expect(one.locator("#may")).to_contain_text("không nghe máy")
    phone(two, "ringing")
    two.keyboard.press("Enter")
    phone(two, "talking")

    # a colleague is asked first, then the caller is handed to her
    one.keyboard.press("F2")
    phone(one, "ready")
    two.get_by_text("Chuyển", exact=True).click()
    two.locator("#chuyen-den").select_option(label="nghe-may")
    two.get_by_role("button", name="Hỏi trước").click()
    phone(one, "ringing")
    one.keyboard.press("Enter")
    phone(one, "talking")
    expect(two.get_by_role("button", name="Nối hai bên")).to_be_visible(timeout=10_000)
    shoot(two, "asking")
    two.get_by_role("button", name="Nối hai bên").click()
    phone(two, "after_call")
    phone(one, "talking")
    one.keyboard.press("F4")
    expect(one.locator("#may")).to_contain_text("đang giữ máy", timeout=10_000)
    one.keyboard.press("F4")
    expect(one.locator("#may")).not_to_contain_text("đang giữ máy", timeout=10_000)
    one.keyboard.press("F8")
    caller.done()
    phone(one, "after_call")
    one.get_by_text("Kết quả", exact=True).click()
    one.get_by_role("button", name="Đã trả lời ngay").click()
    phone(one, "ready")
    assert told(house, OUTCOME.format(number="+84912000022")) == "ended answered -"
    for each in (first, second):
        each.close()


def test_a_recording_is_heard_by_those_who_may_and_by_nobody_else(browser: Browser, house: House) -> None:
    number = "+84912000022"
    wait_until(lambda: told(house, RECORDING.format(number=number)) != "")
    asked = "from tongdai.channels.voice.models import Recording; print(Recording.objects.get(call__number='{}').pk)"
    which = told(house, asked.format(number))
    for name, status in (("can-bo", 403), ("nghe-may-2", 404), ("nghe-may", 200), ("giam-sat", 200)):
        context, page = signed_in(browser, house, name)
        assert page.request.get(f"{house.url}/ban/ghi-am/{which}/").status == status, name
        context.close()
    context, page = signed_in(browser, house, "giam-sat")
    part = page.request.get(f"{house.url}/ban/ghi-am/{which}/", headers={"Range": "bytes=0-99"})
    assert (part.status, len(part.body())) == (206, 100)
    packed = page.request.get(f"{house.url}/ban/ghi-am/{which}/tai/")
    assert packed.status == 200 and b"SHA256SUMS" in packed.body()
    context.close()
