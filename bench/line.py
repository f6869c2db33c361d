"""A house with a telephone line to measure: a carrier's trunk from loopback, and agents with plain SIP telephones."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.house import House, free_port

CITY = """
from tongdai.accounts.models import User
from tongdai.channels.voice.menu import menu
from tongdai.channels.voice.agents import states
from tongdai.channels.voice.models import Line, Step, Trunk
from tongdai.directory.models import City
from tongdai.platform import wake
City.objects.update_or_create(pk=1, defaults={{"name": "Hải Phòng", "province_code": "31"}})
Trunk.objects.create(name="nhà mạng", host="127.0.0.1:5099", addresses=["127.0.0.1/32"])
menu.write_the_usual_one()
Step.objects.filter(code="greeting").update(active={greeting})
for n in range({agents}):
    user = User.objects.create_user(username=f"nghemay{{n}}", password="{password}", full_name=f"Nghe máy {{n}}", role="call_taker")
    line = Line.objects.create(user=user, kind="sip")
    states.set_state(user, "ready")
    print(line.endpoint, line.secret)
wake.wake("menu", [1]); wake.wake("lines", [1])
import time; time.sleep(2)
"""
PASSWORD = "nghe máy thử 1022"


@contextmanager
def line(*, agents: int = 0, greeting: bool) -> Iterator[tuple[House, list[tuple[str, str]]]]:
    """The running house and its agents' lines (endpoint, secret)."""
    names = ("TONGDAI_SIP_PORT", "TONGDAI_PHONES_PORT", "TONGDAI_EXCHANGE_PORT")
    ports = {name: str(free_port()) for name in names}
    with House(TONGDAI_RTP_PORTS="46000-49999", **ports) as house:  # type: ignore[arg-type]
        said = told(house, CITY.format(greeting=greeting, agents=agents, password=PASSWORD))
        assert house.run("exchange", "configure").returncode == 0
        yield house, [(name, secret) for name, secret in (row.split() for row in said.splitlines())]


def told(house: House, asked: str) -> str:
    done = house.run("django", "shell", "-v", "0", "-c", asked)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def sip(house: House) -> tuple[str, int]:
    """Where the carrier calls in."""
    return "127.0.0.1", int(house.environment["TONGDAI_SIP_PORT"])


def phones(house: House) -> tuple[str, int]:
    """Where the agents' SIP telephones register."""
    return "127.0.0.1", int(house.environment["TONGDAI_PHONES_PORT"])


def cpu_seconds(pids: list[int]) -> float:
    """User and system time these processes have used so far."""
    ticks = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            fields = stat.read().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def asterisk(house: House, words: str) -> str:
    """What the house's Asterisk answers on its own command line."""
    asked = f"from tongdai.channels.voice.asterisk.exchange import exchange; print(exchange().ask({words!r}))"
    return told(house, asked)


def pid_of_asterisk(house: House) -> list[int]:
    found = subprocess.run(
        ["pgrep", "-f", str(house.folder / "var" / "exchange")], capture_output=True, text=True, check=False
    )
    return [int(pid) for pid in found.stdout.split()]
