"""`make bench NAME=calls`: 100 callers, 20 new a second, for 20 agents without browsers.

Each agent's desk is played as a browser would: it listens to the live stream, fetches the strip when it is told that
something rings, and presses "ready" when the talk is over. `p99_ms`: from the ring until the card is there, alone;
`pressed_p99_ms`: while others take both cores. Then five minutes of random actions (random_calls.py), by a seed that is told.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import aiohttp

from tests.house import House
from tongdai.peers.sip.crowd import Call, Crowd
from tongdai.peers.sip.telephone import Telephones

from . import random_calls
from .figures import Figures, arguments, percentile
from .line import PASSWORD, line, phones, sip, told

AGENTS, CALLERS, A_SECOND, TALK = 20, 100, 20, 3.0
MOST_MS, MOST_PRESSED_MS = 300, 600  # alone, and under `stress-ng --cpu 2`
SECONDS = 300.0  # of random actions
RANG = """
from tongdai.channels.voice.models import Call
for call in Call.objects.filter(rang_at__isnull=False):
    print(call.pk, call.rang_at.timestamp())
"""


def main() -> int:
    parser = arguments(__doc__ or "")
    parser.add_argument("--seed", type=int, default=1022)
    given = parser.parse_args()
    alone = _cards()
    print(f"alone {alone}", flush=True)
    with _stress():
        pressed = _cards()
    print(f"under stress {pressed}", flush=True)
    with line(agents=AGENTS, greeting=False) as (house, lines):
        room = random_calls.Room(house, lines, seed=given.seed)
        found = asyncio.run(room.run(callers=CALLERS, seconds=SECONDS))
    for wrong in found.all():
        print(f"seed {given.seed}: {wrong}", flush=True)
    counts = {name: len(each) for name, each in vars(found).items()}
    figures = Figures(
        name="calls", value=alone.p99, unit="ms from ring to card", most=1.0,
        ratio=max(alone.p99 / MOST_MS, pressed.p99 / MOST_PRESSED_MS), p50_ms=alone.p50, p99_ms=alone.p99,
        failed=alone.failed + pressed.failed + sum(counts[each] for each in ("stranded", "zombies", "ghosts", "cut", "figures")),
        lost=alone.lost + pressed.lost + counts.pop("lost"), doubled=counts.pop("doubled"),
        extra={"pressed_p50_ms": pressed.p50, "pressed_p99_ms": pressed.p99, "callers": len(room.callers),
               "talked": len(room.talked), "seed": given.seed, **counts},
    )  # fmt: skip
    return figures.publish(given.json)


@dataclass(frozen=True)
class Cards:
    """From ring to card (ms), and who wasn't reached or had no card."""

    p50: float
    p99: float
    failed: int
    lost: int


def _cards() -> Cards:
    with line(agents=AGENTS, greeting=False) as (house, lines):
        telephones = Telephones(phones(house), lines, after=1.0)
        _talking.clear()
        try:
            shown, talked = asyncio.run(_run(house))
        finally:
            telephones.stop()
        rang = {int(pk): float(at) for pk, at, *_ in (row.split() for row in told(house, RANG).splitlines())}
    waits = [1000 * (at - rang[call]) for call, at in shown.items() if call in rang]
    return Cards(percentile(waits, 0.5), percentile(waits, 0.99), CALLERS - talked, CALLERS - len(waits))


@contextmanager
def _stress() -> Iterator[None]:
    """Both cores taken by somebody else: stress-ng (Debian), or shells that turn in circles where it isn't."""
    command = (
        ["stress-ng", "--cpu", "1", "--quiet"] if shutil.which("stress-ng") else ["sh", "-c", "while :; do :; done"]
    )
    others = [subprocess.Popen(command) for _ in range(2)]
    try:
        yield
    finally:
        for other in others:
            other.terminate()
            other.wait()


async def _run(house: House) -> tuple[dict[int, float], int]:
    shown: dict[int, float] = {}
    desks = [asyncio.create_task(_desk(house, f"nghemay{number}", shown)) for number in range(AGENTS)]
    await asyncio.sleep(8)  # all are signed in and listen
    crowd = await Crowd(sip(house)).open()
    begun, callers = time.monotonic(), []
    for number in range(CALLERS):
        await asyncio.sleep(max(0.0, begun + number / A_SECOND - time.monotonic()))
        callers.append(asyncio.create_task(_call(Call(crowd, f"0912{number:06}"), house)))
    done = await asyncio.gather(*callers)
    for desk in desks:
        desk.cancel()
    await asyncio.gather(*desks, return_exceptions=True)
    crowd.close()
    return shown, sum(done)


async def _call(call: Call, house: House) -> bool:
    """Wait for a person, talk for a while, hang up: whether somebody was reached and nothing broke."""
    await call.dial()
    await call.answered.wait()
    number = f"+84{call.number[1:]}"
    end = time.monotonic() + 240
    while time.monotonic() < end and not call.ended.is_set():
        if number in _talking:
            await call.speak(TALK)
            good = not call.ended.is_set()
            call.hang_up()
            return good
        await asyncio.sleep(0.1)
    return False


_talking: set[str] = set()


async def _desk(house: House, name: str, shown: dict[int, float]) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, timeout=aiohttp.ClientTimeout(total=None)) as web:
        page = await (await web.get(f"{house.url}/ban/vao/")).text()
        token = _token(page)
        await web.post(
            f"{house.url}/ban/vao/", data={"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token},
            headers={"Referer": f"{house.url}/ban/vao/"},
        )  # fmt: skip
        live = f"http://127.0.0.1:{house.environment['TONGDAI_LIVE_PORT']}/live"
        async with web.get(live) as stream:
            async for line_ in stream.content:
                if not line_.startswith(b"event: ") or line_[7:].strip() not in (b"calls", b"agents"):
                    continue
                strip = await (await web.get(f"{house.url}/ban/may/", headers={"HX-Request": "true"})).text()
                call = re.search(r'data-call="(\d+)"', strip)
                state = (re.search(r'data-state="(\w+)"', strip) or [""])[0]
                if call and "ringing" in state:
                    shown.setdefault(int(call[1]), time.time())
                elif "talking" in state and (number := re.search(r'<b class="num">([^<]+)</b>', strip)):
                    _talking.add("+84" + re.sub(r"\D", "", number[1])[1:])
                elif "after_call" in state:
                    await web.post(
                        f"{house.url}/ban/may/trang-thai/", data={"state": "ready", "csrfmiddlewaretoken": _token(strip)},
                        headers={"HX-Request": "true", "Referer": house.url},
                    )  # fmt: skip


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


if __name__ == "__main__":
    raise SystemExit(main())
