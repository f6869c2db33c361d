"""The house that rings, started once for all journeys by telephone; and the browser of those who answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser import CHROMIUM, HEADLESS
from tests.house import House, free_port

from .telephones import CITY, agents_voice, told

expect.set_options(
    timeout=20_000
)  # beside other work a page takes its time; where soon is promised, a story says how soon
END_ALL = """
from tongdai.channels.voice.asterisk.exchange import exchange
from tongdai.channels.voice.models import Agent
exchange().ask("channel request hangup all")
Agent.objects.update(state="out", call=None)
"""


@pytest.fixture(scope="session")
def ringing_house() -> Iterator[House]:
    ports = {"TONGDAI_SIP_PORT": str(free_port())}
    with House(**ports, TONGDAI_RTP_PORTS="44000-44999") as house:
        house.told(CITY)
        assert house.run("exchange", "configure").returncode == 0
        yield house


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For those who hear and say nothing."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=HEADLESS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def agents_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    voice = agents_voice(tmp_path_factory.mktemp("voice"))
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM,
            args=[*HEADLESS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
                  f"--use-file-for-fake-audio-capture={voice}"],
        )  # fmt: skip
        yield browser
        browser.close()


@pytest.fixture
def nobody_is_left(ringing_house: House, agents_browser: Browser) -> Iterator[None]:
    """Whatever a test leaves when it fails: nobody of it calls, is rung, or sits at an open page in the next."""
    yield
    for context in agents_browser.contexts:
        context.close()
    told(ringing_house, END_ALL)
