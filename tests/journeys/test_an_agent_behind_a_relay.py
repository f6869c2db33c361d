"""An agent whose network reaches the page and no voice: it goes by a TURN server (coturn), with the pass the page was given."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import HEADLESS, WHOLE
from tests.house import House, free_port
from tests.peers.hearing import loudness, wait_until
from tongdai.channels.voice.asterisk.ice import turn_pass
from tongdai.platform.clock import now

from .networks import EDGE, EDGE_INSIDE, HOUSE, Networks, can_be_made
from .telephones import (
    AGENTS,
    CITIZENS,
    CITY,
    NEEDS_TELEPHONES,
    RECORDING,
    agents_voice,
    answer,
    at_work,
    dial,
    hang_up,
    hears_only,
    sides,
    told,
)  # fmt: skip

pytestmark = [
    *NEEDS_TELEPHONES,
    pytest.mark.skipif(not shutil.which("turnserver"), reason="needs Debian's coturn"),
    pytest.mark.skipif(not can_be_made(), reason="needs root and network namespaces (ip netns)"),
]
SECRET = "khóa-thử"
CHOSEN = """async () => {
  const found = [];
  for (const report of (await window.connections.at(-1).getStats()).values())
    if (report.type === "local-candidate") found.push(report.candidateType);
  return found;
}"""


class Agents(House):
    """The house as the agents' browsers find it: at the edge."""

    @property
    def url(self) -> str:
        return f"http://{EDGE_INSIDE}:{self.port}"


@pytest.fixture(scope="module")
def networks() -> Iterator[Networks]:
    with Networks() as made:
        yield made


@pytest.fixture(scope="module")
def turn(networks: Networks, tmp_path_factory: pytest.TempPathFactory) -> int:
    """coturn in the edge, as docs/deploy.md sets it up; its port."""
    port, folder = free_port(), tmp_path_factory.mktemp("turn")
    networks.start(
        networks.edge, "turnserver", "-n", "--use-auth-secret", f"--static-auth-secret={SECRET}", "--realm=1022",
        f"--listening-ip={EDGE_INSIDE}", f"--listening-port={port}", f"--relay-ip={EDGE}", "--no-tls", "--no-dtls", "--no-cli",
        "--no-multicast-peers", "--fingerprint",
        "--denied-peer-ip=0.0.0.0-255.255.255.255", "--denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        f"--allowed-peer-ip={HOUSE}", f"--pidfile={folder}/pid",
        f"--userdb={folder}/users", "--log-file=stdout", log=folder / "log",
    )  # fmt: skip
    networks.until_it_listens(networks.office, EDGE_INSIDE, port)
    return port


@pytest.fixture(scope="module")
def house(networks: Networks, turn: int) -> Iterator[Agents]:
    ports = {"TONGDAI_SIP_PORT": str(free_port())}
    turned = {"TONGDAI_TURN": f"turn:{EDGE_INSIDE}:{turn}?transport=udp", "TONGDAI_TURN_SECRET": SECRET}
    with Agents(**ports, **turned, TONGDAI_RTP_PORTS="45000-45999", TONGDAI_HOST="0.0.0.0") as house:
        house.told(CITY)
        assert house.run("exchange", "configure").returncode == 0
        networks.carry(house.port, int(house.environment["TONGDAI_LIVE_PORT"]))
        networks.until_it_listens(networks.office, EDGE_INSIDE, house.port)
        yield house


@pytest.fixture(scope="module")
def office_browser(networks: Networks, house: Agents, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    folder = tmp_path_factory.mktemp("office")
    voice = agents_voice(folder)
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=networks.program(networks.office, WHOLE, folder),
            args=[*HEADLESS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
                  f"--use-file-for-fake-audio-capture={voice}",
                  f"--unsafely-treat-insecure-origin-as-secure={house.url}"],
        )  # fmt: skip
        yield browser
        browser.close()


def test_both_hear_each_other_though_no_packet_comes_straight_to_the_exchange(
    networks: Networks, house: Agents, office_browser: Browser, tmp_path: Path
) -> None:
    assert not networks.reaches(networks.office, HOUSE, house.port)
    context, page = at_work(office_browser, house, "nghe-may")
    caller = dial(house, number="0912000041")
    answer(page)
    hears_only(page, {CITIZENS})
    assert "relay" in page.evaluate(CHOSEN)
    time.sleep(1)
    hang_up(page, caller)
    context.close()
    asked = RECORDING.format(number="+84912000041")
    wait_until(lambda: told(house, asked) != "", within=60)
    citizen, city = sides(house, told(house, asked), tmp_path)
    assert loudness(citizen, CITIZENS) > 0.8 and loudness(city, AGENTS) > 0.8


@pytest.mark.parametrize(("secret", "hours", "taken"), [(SECRET, 1, True), ("another", 1, False), (SECRET, -1, False)])
def test_coturn_takes_our_pass_until_its_time_and_no_other(
    networks: Networks, turn: int, secret: str, hours: int, taken: bool
) -> None:
    name, password = turn_pass("line-7", secret=secret, until=now() + timedelta(hours=hours))
    asked = networks.run(
        networks.office, "turnutils_uclient", "-u", name, "-w", password, "-p", str(turn), "-n", "2", "-m", "1", "-c",
        "-e", HOUSE, "-r", "9", EDGE_INSIDE,
    )  # fmt: skip
    said = asked.stdout + asked.stderr
    assert ("allocate response received: success" in said or "total connect time" in said.lower()) == taken, said
