"""Agents in browsers and citizens with telephones: a house that rings, who sits at its desks, what is left of a call."""

from __future__ import annotations

import array
import math
import os
import shutil
import time
import wave
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as Timeout

from tests.house import House, free_port
from tests.peers.hearing import as_samples, out_of_storage
from tongdai.channels.voice.asterisk.install import is_installed
from tongdai.channels.voice.status import speaks_to_browsers
from tongdai.peers.sip.caller import Caller
from tongdai.platform.home import beside_the_code

PASSWORD = "quản trị thử 1022"
CARRIER = free_port()  # the port that numbers outside are dialled at
SHOTS = os.environ.get("DESK_SHOTS", "")
CITIZENS, AGENTS, OUTSIDE = 440, 700, 1100  # hertz: whose voice is whose


NEEDS_TELEPHONES = [
    pytest.mark.skipif(
        not (is_installed(beside_the_code("asterisk")) and shutil.which("sipp")),
        reason="needs `make voice` (Asterisk) and Debian's sip-tester (sipp)",
    ),
    pytest.mark.skipif(not speaks_to_browsers(), reason="WebRTC needs a network interface beside loopback"),
]

# The greeting is switched off: who calls stands in the queue at once.
CITY = f"""
from tongdai.accounts.models import User
from tongdai.channels.voice.menu import menu
from tongdai.channels.voice.models import Step, Trunk
from tongdai.directory.places.loading import load_province
from tongdai.directory.models import City
from tongdai.platform import wake
City.objects.update_or_create(pk=1, defaults={{"name": "Hải Phòng", "province_code": "31"}})
load_province("31")
for name, role in (("nghe-may", "call_taker"), ("nghe-may-2", "call_taker"), ("giam-sat", "supervisor"), ("can-bo", "officer")):
    User.objects.create_user(username=name, password="{PASSWORD}", full_name=name, role=role)
Trunk.objects.create(name="nhà mạng thử", host="127.0.0.1:{CARRIER}", addresses=["127.0.0.1/32"])
menu.write_the_usual_one()
Step.objects.filter(code="greeting").update(active=False)
wake.wake("menu", [1])
import time; time.sleep(1)
"""


def agents_voice(folder: Path) -> Path:
    """What an agent's microphone hears: a tone."""
    voice = folder / "agent.wav"
    with wave.open(str(voice), "wb") as file:
        file.setparams((1, 2, 48000, 0, "NONE", ""))
        file.writeframes(
            array.array("h", (int(12000 * math.sin(2 * math.pi * AGENTS * n / 48000)) for n in range(96000))).tobytes()
        )
    return voice


def at_work(browser: Browser, house: House, name: str, *, microphone: bool = True) -> tuple[BrowserContext, Page]:
    """Signed in, the shift begun, the telephone there."""
    context, page = signed_in(browser, house, name, microphone=microphone)
    if page.locator("#strip[data-state=out]").count():
        page.get_by_role("button", name="Vào ca").click()
        expect(page.locator("#strip:not([data-state=out])")).to_be_visible(timeout=20_000)
    elif page.locator("#strip[data-state=paused]").count():  # the page that had the telephone before was closed
        with suppress(Timeout):  # its telephone being back, she may be ready by herself before it is pressed
            page.get_by_role("button", name="Sẵn sàng").click(timeout=5_000)
        expect(page.locator("#strip:not([data-state=paused])")).to_be_visible(timeout=20_000)
    expect(page.locator("#strip .warn")).to_have_count(0, timeout=15_000)
    return context, page


# What a page's telephone connects stays within the test's reach.
KEEP_CONNECTIONS = """
const Connection = window.RTCPeerConnection;
window.connections = [];
window.RTCPeerConnection = class extends Connection { constructor(...given) { super(...given); window.connections.push(this); } };
"""
LOUDNESS = """async (pitches) => {
  const track = window.connections.at(-1).getReceivers()[0].track, context = new AudioContext();
  const ear = context.createAnalyser();
  ear.fftSize = 8192;
  context.createMediaStreamSource(new MediaStream([track])).connect(ear);
  await context.resume();
  await new Promise((go) => setTimeout(go, 1500));
  const loud = new Float32Array(ear.frequencyBinCount);
  ear.getFloatFrequencyData(loud);
  await context.close();
  return pitches.map((hertz) => loud[Math.round((hertz * ear.fftSize) / context.sampleRate)]);
}"""


def hears(page: Page) -> set[int]:
    """Whose voices come out of this page's telephone: those of a citizen, an agent, somebody outside."""
    pitches = (CITIZENS, AGENTS, OUTSIDE)
    return {hertz for hertz, decibels in zip(pitches, page.evaluate(LOUDNESS, pitches), strict=True) if decibels > -60}


def hears_only(page: Page, voices: set[int]) -> None:
    """These, once the exchange has joined them so; on a busy machine a voice may stutter."""
    end = time.monotonic() + 60
    while (heard := hears(page)) != voices:
        assert time.monotonic() < end, heard


def signed_in(browser: Browser, house: House, name: str, *, microphone: bool = True) -> tuple[BrowserContext, Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN")
    if microphone:
        context.grant_permissions(["microphone"], origin=house.url)
    context.add_init_script(KEEP_CONNECTIONS)
    page = context.new_page()
    page.goto(house.url + "/ban/vao/")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ban/")
    return context, page


def dial(house: House, *seconds: float, number: str) -> Caller:
    """She speaks all the while; after so many seconds she hangs up, else she stays until the other end does."""
    exchange = ("127.0.0.1", int(house.environment["TONGDAI_SIP_PORT"]))
    return Caller(exchange, *seconds, number=number, hertz=CITIZENS, waits_for_bye=not seconds)


def phone(page: Page, state: str, *, within: float = 20) -> None:
    expect(page.locator(f"#strip[data-state={state}]")).to_be_visible(timeout=within * 1000)


def answer(page: Page) -> None:
    """With the key, as soon as it rings."""
    phone(page, "ringing")
    page.keyboard.press("F2")
    phone(page, "talking")


def hang_up(page: Page, caller: Caller, *, then: str = "ready") -> None:
    """The agent does, and is ready for the next call: who waits already rings at once."""
    page.keyboard.press("F8")
    caller.done()
    phone(page, "after_call")
    page.keyboard.press("F2")
    phone(page, then)


def told(house: House, asked: str) -> str:
    return house.told(asked)


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


def sides(house: House, file: str, folder: Path) -> list[Path]:
    """The citizen's channel and the city's of a stored recording."""
    stored = out_of_storage(house, file)
    return [as_samples(stored, folder / f"{number}.wav", channel=number) for number in (1, 2)]
