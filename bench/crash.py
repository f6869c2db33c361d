"""`make bench NAME=crash`: what befalls everybody on the line when a part of the house goes.

Greeting on: 50 talk, 20 wait, 5 leave a message, 10 are in the menu; then the voice process is killed (-9), or hangs
20 s (SIGSTOP), or the database hangs 20 s, or Asterisk is killed. After each:

* `dropped`: callers whom the exchange cut (of Asterisk's own death: those to whom no call-back is owed).
* `lost`: callers who met nobody, left no message and aren't to be rung back; a message that can't be heard counts, too.
* `stranded`: ready agents beside waiting callers over 2 s, counted from the tenth second after the return.
* `doubled`: callers with more than one row. `broken`: talks whose recording is missing or shorter than the talk by over 3 s.
* `recovery_s`: from the return until what an agent presses is done again.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import time
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass
from typing import Any

from tests.house import House
from tongdai.peers.sip.crowd import Call, Crowd
from tongdai.peers.sip.desks import Desks, Leg

from .figures import Figures, arguments
from .line import line, phones, pid_of_asterisk, sip, told
from .random_calls import STRANDED_AFTER, Driver, Since

TALKS, WAITS, MESSAGES, MENU = 50, 20, 5, 10
HUNG_FOR, SETTLES, WITHIN = 20.0, 10.0, 5.0
SHORTER_BY = 3  # seconds
ROUNDS = ("voice_killed", "voice_hung", "database_hung", "asterisk_killed")
OWED = """
import json
from collections import Counter
from tongdai.channels.voice.models import Call, Callback
calls = list(Call.objects.filter(number__in={numbers!r}))
rows = Counter(call.number for call in calls)
owed = set(Callback.objects.filter(contact__phone__in={numbers!r}).values_list("contact__phone", flat=True))
met = {{call.number for call in calls if call.answered_at}}
heard = {{call.number for call in calls if call.recordings.filter(kind="message").exists()}}
talked = {{call.number: sum(each.seconds for each in call.recordings.filter(kind="talk")) for call in calls}}
print(json.dumps({{"rows": rows, "owed": list(owed), "met": list(met), "heard": list(heard), "recorded": talked}}))
"""


@dataclass
class Round:
    """What one of them did to those on the line."""

    recovery_s: float = 0.0
    dropped: int = 0
    lost: int = 0
    stranded: int = 0
    doubled: int = 0
    broken: int = 0


def main() -> int:
    parser = arguments(__doc__ or "")
    parser.add_argument("--only", choices=ROUNDS, action="append")
    given = parser.parse_args()
    rounds = {}
    for name in given.only or ROUNDS:
        with line(agents=TALKS, greeting=True) as (house, lines):
            rounds[name] = asyncio.run(_Line(house, lines).round(name))
        print(name, rounds[name], flush=True)
    extra: dict[str, float | int | str] = {}
    for what in ("dropped", "stranded", "broken"):
        extra[what] = sum(getattr(each, what) for each in rounds.values())
    for name, each in rounds.items():
        extra |= {f"{what}_{name}": value for what, value in asdict(each).items()}
    recovery = max(each.recovery_s for each in rounds.values())
    figures = Figures(
        name="crash", value=recovery, unit="s until under control", most=1.0, ratio=recovery / WITHIN,
        lost=sum(each.lost for each in rounds.values()), doubled=sum(each.doubled for each in rounds.values()),
        failed=sum(each.dropped + each.stranded + each.broken for each in rounds.values()), extra=extra,
    )  # fmt: skip
    return figures.publish(given.json)


class _Line:
    """Everybody on it, as they are when it happens."""

    def __init__(self, house: House, lines: list[tuple[str, str]]) -> None:
        self.house = house
        self.driver = Driver(house)
        self.desks = Desks(phones(house), dict(lines), rings=lambda leg: self._keep(self._take(leg)))
        self.groups: dict[str, list[Call]] = {"talking": [], "waiting": [], "message": [], "menu": []}
        self.talk_began: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._number = 0
        self._died = 0.0  # when the exchange did

    async def round(self, name: str) -> Round:
        self.crowd = await Crowd(sip(self.house)).open()
        await self.desks.open()
        found = Round()
        await self._fill()
        back = await getattr(self, f"_{name}")()
        if name != "asterisk_killed":
            found.recovery_s = await self._is_obeyed() - back
        await asyncio.sleep(SETTLES)
        found.stranded = await self._stranded()
        if name != "asterisk_killed":
            found.dropped = sum(call.ended.is_set() for call in self._all(but="message"))
        ended = time.time()
        for call in self._all():
            call.hang_up()
        await asyncio.sleep(5)  # rows are settled
        raw = self.house.folder / "var" / "exchange" / "recordings"
        with contextlib.suppress(TimeoutError):  # what then still isn't in storage counts as broken
            await _until(lambda: not list(raw.glob("*-in.wav")), within=180)
        await self._reckon(found, ended=ended, cut=name == "asterisk_killed")
        for task in self._tasks:
            task.cancel()
        self.crowd.close()
        self.desks.close()
        self.driver.stop()
        return found

    async def _fill(self) -> None:
        """50 who talk, 20 who wait, 5 who leave a message, 10 in the menu: these last, for one is led on from there."""
        for _ in range(TALKS):
            await self._dials("talking", press="0", speaks=True)  # a recording holds what came: here, every packet
            await asyncio.sleep(0.1)
        await _until(lambda: len(self.talk_began) >= TALKS, within=90)
        for _ in range(WAITS):
            await self._dials("waiting", press="0")
        for _ in range(MESSAGES):
            await self._dials("message", press="9", speaks=True)
        await asyncio.sleep(14)  # the words of the machine, and the tone
        for _ in range(MENU):
            await self._dials("menu")
        await asyncio.sleep(3)

    async def _dials(self, group: str, *, press: str = "", speaks: bool = False) -> None:
        self._number += 1
        call = await Call(self.crowd, f"0912{self._number:06}").dial()
        self.groups[group].append(call)
        self._keep(self._calls(call, press=press, speaks=speaks))

    async def _calls(self, call: Call, *, press: str, speaks: bool) -> None:
        await call.heard.wait()
        if press:
            await asyncio.sleep(0.5)
            await call.press(press)
        while not call.ended.is_set():
            await call.speak(1.0 if speaks else 0.02)
            await asyncio.sleep(0.0 if speaks else 0.5)

    async def _take(self, leg: Leg) -> None:
        await asyncio.sleep(0.3)
        if await leg.take():
            began = time.time()
            for each in (await self.driver.ask("look"))["calls"]:
                if each["pk"] == leg.call:
                    self.talk_began.setdefault(each["number"], began)

    # ── what happens ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _voice_killed(self) -> float:
        [voice] = self.house.pids("run voice")
        os.kill(voice, signal.SIGKILL)
        await _until(lambda: self.house.pids("run voice") not in ([], [voice]), within=30)
        return time.time()

    async def _voice_hung(self) -> float:
        [voice] = self.house.pids("run voice")
        return await self._stopped([voice])

    async def _database_hung(self) -> float:
        return await self._stopped(self.house.pids("postgres"))

    async def _asterisk_killed(self) -> float:
        for pid in pid_of_asterisk(self.house):
            os.kill(pid, signal.SIGKILL)
        self._died = time.time()
        await asyncio.sleep(15)
        return time.time()

    async def _stopped(self, pids: list[int]) -> float:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(HUNG_FOR)
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        return time.time()

    # ── what came of it ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _is_obeyed(self) -> float:
        """When an agent's button was done again."""
        end = time.time() + 60
        while time.time() < end:
            talking = [each for each in (await self.driver.ask("look"))["calls"] if each["state"] == "talking"]
            for each in talking[:1]:
                order = await self.driver.ask("order", kind="HOLD", call=each["pk"], by=each["agent__username"])
                for _ in range(30):
                    done, why = await self.driver.ask("refused", order=order)
                    if done and not why:
                        return time.time()
                    await asyncio.sleep(0.1)
            await asyncio.sleep(0.1)
        return end

    async def _stranded(self) -> int:
        beside, found = Since(), 0
        for _ in range(12):
            seen = await self.driver.ask("look")
            ready = {f"line-{each['user_id']}" for each in seen["agents"] if each["state"] == "ready"}
            free = {name for name in ready & self.desks.registered if not self.desks.of(name)}
            waiting = {each["pk"] for each in seen["calls"] if each["state"] == "waiting"}
            pairs = {(call, name) for call in waiting for name in free}
            found += len(beside.over(pairs, longer=STRANDED_AFTER, at=time.monotonic()))
            await asyncio.sleep(0.5)
        return found

    async def _reckon(self, found: Round, *, ended: float, cut: bool) -> None:
        numbers = [f"+84{call.number[1:]}" for call in self._all()]
        said = json.loads(await asyncio.to_thread(told, self.house, OWED.format(numbers=numbers)))
        owed, met, heard = set(said["owed"]), set(said["met"]), set(said["heard"])
        found.doubled = sum(count > 1 for count in said["rows"].values())
        served = owed if cut else owed | met
        found.lost = len(set(numbers) - served)
        found.lost += sum(f"+84{call.number[1:]}" not in heard for call in self.groups["message"])
        for call in self.groups["talking"]:
            number = f"+84{call.number[1:]}"
            if (began := self.talk_began.get(number)) is None:
                continue
            until = min(call.ended_at or ended, self._died or ended)
            found.broken += said["recorded"].get(number, 0) < until - began - SHORTER_BY

    def _all(self, *, but: str = "") -> list[Call]:
        return [call for group, calls in self.groups.items() if group != but for call in calls]

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _until(true: Callable[[], object], *, within: float) -> None:
    end = time.monotonic() + within
    while not true():
        if time.monotonic() > end:
            raise TimeoutError("it did not come true in time")
        await asyncio.sleep(0.2)


if __name__ == "__main__":
    raise SystemExit(main())
