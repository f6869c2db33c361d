"""A day at the line in minutes: callers, agents and their telephones do what comes into their heads, by a seed.

What must be true is looked at each half second, from the rows, the telephones and the callers' own ears:

* *stranded*: a ready agent whose telephone is there stands beside a waiting caller whom they haven't declined, over 2 s.
* *zombie*: somebody rings or talks on record and not at their telephone, or the other way round, over 5 s.
* *ghost*: a call goes on though its caller is gone, over 5 s; or two rows are one call (*doubled*).
* *cut*: the exchange hangs up on a caller whom nobody has hung up on.
* *lost*: at the end a caller met nobody, left no message and isn't to be rung back.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.house import House
from tongdai.peers.sip.crowd import Call, Crowd
from tongdai.peers.sip.desks import Desks, Leg

from .line import line, phones, sip

STRANDED_AFTER, STALE_AFTER, LOOKS_EVERY = 2.0, 5.0, 0.5
SLACK = 1.0  # seconds, for a look that comes late
DRIVER = """
import json, sys
from tongdai.accounts.models import User
from tongdai.channels.voice.records import orders
from tongdai.channels.voice.agents import states
from tongdai.channels.voice.models import Agent, Call, Callback, Order
from tongdai.platform.clock import now
def look(**_):
    return {
        "calls": list(Call.objects.exclude(state="ended").values("pk", "number", "state", "agent__username", "queue_id")),
        "agents": list(Agent.objects.values("user__username", "user_id", "state", "online", "call_id")),
    }
def order(kind, call, by, target=""):
    given = orders.give(Order.Kind[kind], by=User.objects.get(username=by), call=Call.objects.get(pk=call), target=target, at=now())
    return given.pk
def refused(order):
    given = Order.objects.get(pk=order)
    return given.done_at is not None, given.refused
def state(agent, to):
    return states.set_state(User.objects.get(username=agent), to).state
def tally(**_):
    rows = list(Call.objects.filter(direction="in").values("pk", "number", "state", "outcome", "answered_at"))
    for row in rows:
        row["answered_at"] = row["answered_at"] and row["answered_at"].timestamp()
    return {"calls": rows, "owed": list(Callback.objects.values_list("contact__phone", flat=True))}
for line in sys.stdin:
    asked = json.loads(line)
    try:
        said = {"look": look, "order": order, "refused": refused, "state": state, "tally": tally}[asked.pop("do")](**asked)
    except Exception as broken:
        said = {"error": repr(broken)}
    print(json.dumps(said), flush=True)
"""


class Driver:
    """The desk's buttons and the rows, asked of one process that stays."""

    def __init__(self, house: House) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tongdai", "django", "shell", "-v", "0", "-c", DRIVER],
            cwd=house.folder, env=house.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._turn = asyncio.Lock()

    async def ask(self, do: str, **more: object) -> Any:
        async with self._turn:
            return await asyncio.to_thread(self._ask, {"do": do} | more)

    def _ask(self, asked: dict[str, object]) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)


@dataclass
class Found:
    """What wasn't as it must be, each told once."""

    stranded: list[str] = field(default_factory=list)
    zombies: list[str] = field(default_factory=list)
    ghosts: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)  # rows that say otherwise than the telephones

    def all(self) -> list[str]:
        return [f"{name}: {each}" for name, found in vars(self).items() for each in found]


class Since:
    """For how long something has been so without a break."""

    def __init__(self) -> None:
        self._since: dict[Any, float] = {}

    def over(self, now_so: set[Any], *, longer: float, at: float) -> set[Any]:
        """Those that have been so for longer, each said once."""
        self._since = {each: self._since.get(each, at) for each in now_so}
        late = {each for each, since in self._since.items() if at - since > longer}
        for each in late:
            self._since[each] = float("inf")
        return late


class Room:
    """The callers, the agents at their telephones, and who looks whether all is as it must be."""

    def __init__(self, house: House, lines: list[tuple[str, str]], *, seed: int) -> None:
        self.house, self.seed = house, seed
        self.chance = random.Random(seed)
        self.desks = Desks(phones(house), dict(lines), rings=self._rings)
        self.driver = Driver(house)
        self.found = Found()
        self.callers: dict[str, Call] = {}  # by number, E.164
        self.met: set[str] = set()  # numbers somebody talks with, or has talked with and not handed on
        self.taken: set[str] = set()  # … whom somebody's telephone was taken up for
        self.talked: set[str] = set()  # … and talked with for longer than a moment
        self.hung_up_on: set[str] = set()
        self.declined: set[tuple[int, str]] = set()  # (call, endpoint)
        self.story: list[str] = []
        self.begun = time.monotonic()
        self._number_of: dict[int, str] = {}
        self._name_of: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._beside, self._records, self._telephones, self._gone = Since(), Since(), Since(), Since()

    async def run(self, *, callers: int, seconds: float) -> Found:
        """So many callers, spread over so many seconds; then until all is over."""
        crowd = await Crowd(sip(self.house)).open()
        await self.desks.open()
        for agent in (await self.driver.ask("look"))["agents"]:
            self._name_of[f"line-{agent['user_id']}"] = agent["user__username"]
        looking = asyncio.create_task(self._look_on())
        begun = time.monotonic()
        calls = []
        for number in range(callers):
            await asyncio.sleep(max(0.0, begun + seconds * number / callers - time.monotonic()))
            call = Call(crowd, f"0912{number:06}")
            self.callers[f"+84{call.number[1:]}"] = call
            calls.append(asyncio.create_task(self._caller(call)))
        await asyncio.gather(*calls)
        await self._until_quiet()
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        await self._reckon()
        for task in self._tasks:
            task.cancel()
        crowd.close()
        self.desks.close()
        self.driver.stop()
        return self.found

    # ── callers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _caller(self, call: Call) -> None:
        number = f"+84{call.number[1:]}"
        patience, talk = (
            self.chance.choice((3, 8, 20, 60, 90)) * self.chance.uniform(0.3, 1),
            self.chance.uniform(2, 12),
        )
        rings_off_in_talk = self.chance.random() < 0.5
        await call.dial()
        speaking = asyncio.create_task(self._speak(call))
        end = time.monotonic() + patience
        while not call.ended.is_set() and time.monotonic() < end and number not in self.met:
            await asyncio.sleep(0.1)
        if number in self.met and not call.ended.is_set():
            if rings_off_in_talk:
                await self._ended(call, within=talk)
            else:
                await self._ended(call, within=90)
        if not call.ended.is_set():
            self._tell(f"{number} hangs up{' in a talk' if number in self.met else ''}")
            call.hang_up()
        elif number not in self.hung_up_on:
            self.found.cut.append(f"{number} {call.refused}")
        speaking.cancel()

    async def _speak(self, call: Call) -> None:
        await call.answered.wait()
        while not call.ended.is_set():
            await call.speak(0.02)
            await asyncio.sleep(0.5)

    async def _ended(self, call: Call, *, within: float) -> None:
        try:
            async with asyncio.timeout(within):
                await call.ended.wait()
        except TimeoutError:
            return

    # ── agents ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _rings(self, leg: Leg) -> None:
        task = asyncio.create_task(self._agent(leg))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _agent(self, leg: Leg) -> None:
        name, mood = self._name_of.get(leg.endpoint, leg.endpoint), self.chance.random()
        await asyncio.sleep(self.chance.uniform(0.1, 2.5))
        if mood < 0.10:
            self._tell(f"{name} declines {leg.call}")
            self.declined.add((leg.call, leg.endpoint))
            leg.refuse(self.chance.choice(("486 Busy Here", "603 Decline", "480 Temporarily Unavailable")))
        elif mood < 0.15:
            self._tell(f"{name} doesn't hear {leg.call}")
            await self._over(leg, within=30)
            self.declined.add((leg.call, leg.endpoint))
        elif await leg.take():
            await self._talk(leg, name)
        await self._back_to_work(name)

    async def _talk(self, leg: Leg, name: str) -> None:
        number = await self._number(leg.call)
        self.taken.add(number)
        await self._over(leg, within=1.5)
        if leg.over.is_set():
            return
        self.met.add(number)
        self.talked.add(number)
        mood = self.chance.random()
        await self._over(leg, within=self.chance.uniform(1, 6))
        if leg.over.is_set():
            return
        if mood < 0.12:
            await self._order("TRANSFER", leg, name, target=f"queue:{self.chance.randint(1, 4)}")
            self.met.discard(number)
        elif mood < 0.24:
            await self._order("TRANSFER", leg, name, target=f"agent:{self._another(leg)}")
        elif mood < 0.36:
            await self._order("CONSULT", leg, name, target=f"agent:{self._another(leg)}")
            await self._over(leg, within=self.chance.uniform(0.5, 8))
            await self._order(self.chance.choice(("COME_BACK", "HAND_OVER")), leg, name)
        elif mood < 0.5:
            await self._order("HOLD", leg, name)
            await self._over(leg, within=self.chance.uniform(0.2, 3))
            await self._order("RESUME", leg, name)
        await self._over(leg, within=self.chance.uniform(1, 8))
        if not leg.over.is_set():
            if self.chance.random() < 0.3:
                await self._over(leg, within=30)  # until the caller has had enough
            self.hung_up_on.add(number)
            if self.chance.random() < 0.5:
                await self._order("HANG_UP", leg, name)
                await self._over(leg, within=5)
            leg.hang_up()

    def _another(self, leg: Leg) -> int:
        return int(self.chance.choice([each for each in self.desks.lines if each != leg.endpoint])[5:])

    async def _order(self, kind: str, leg: Leg, name: str, *, target: str = "") -> None:
        if not leg.over.is_set():
            self._tell(f"{name} {kind} {target} of {leg.call}")
            await self.driver.ask("order", kind=kind, call=leg.call, by=name, target=target)

    async def _back_to_work(self, name: str) -> None:
        for _ in range(20):
            await asyncio.sleep(self.chance.uniform(0.5, 1.5))
            if await self.driver.ask("state", agent=name, to="ready") == "ready":
                return

    async def _over(self, leg: Leg, *, within: float) -> None:
        try:
            async with asyncio.timeout(within):
                await leg.over.wait()
        except TimeoutError:
            return

    async def _number(self, call: int) -> str:
        if call not in self._number_of:
            for each in (await self.driver.ask("look"))["calls"]:
                self._number_of[each["pk"]] = each["number"]
        return self._number_of.get(call, "")

    # ── what must be true ────────────────────────────────────────────────────────────────────────────────────────────

    async def _look_on(self) -> None:
        while True:
            self._compare(await self.driver.ask("look"), at=time.monotonic())
            await asyncio.sleep(LOOKS_EVERY)

    def _compare(self, seen: dict[str, Any], *, at: float) -> None:
        agents = {f"line-{each['user_id']}": each for each in seen["agents"]}
        ready = {
            name for name, each in agents.items()
            if each["state"] == "ready" and name in self.desks.registered and not self.desks.of(name)
        }  # fmt: skip
        waiting = {each["pk"] for each in seen["calls"] if each["state"] == "waiting"}
        beside = {(call, name) for call in waiting for name in ready} - self.declined
        for call, name in self._beside.over(beside, longer=STRANDED_AFTER + SLACK, at=at):
            self._say(self.found.stranded, f"call {call} beside {agents[name]['user__username']}")

        busy = {name for name, each in agents.items() if each["state"] in ("ringing", "talking")}
        legs = {leg.endpoint for leg in self.desks.legs.values()}
        for name in self._records.over(busy - legs, longer=STALE_AFTER, at=at):
            self._say(
                self.found.zombies, f"{agents[name]['user__username']} is {agents[name]['state']} at no telephone"
            )
        for name in self._telephones.over(legs - busy, longer=STALE_AFTER, at=at):
            state = agents[name]["state"] if name in agents else "?"
            self._say(self.found.zombies, f"{name}'s telephone is busy, on record {state}")

        gone = {
            each["pk"] for each in seen["calls"]
            if (caller := self.callers.get(each["number"])) is not None and caller.ended.is_set()
        }  # fmt: skip
        for call in self._gone.over(gone, longer=STALE_AFTER, at=at):
            state = next(each["state"] for each in seen["calls"] if each["pk"] == call)
            self._say(self.found.ghosts, f"call {call} is {state} and its caller gone")

    async def _until_quiet(self) -> None:
        end = time.monotonic() + 40
        while time.monotonic() < end:
            if not (await self.driver.ask("look"))["calls"] and not self.desks.legs:
                return
            await asyncio.sleep(0.5)

    async def _reckon(self) -> None:
        """The rows beside what the telephones know."""
        tally = await self.driver.ask("tally")
        rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in tally["calls"]:
            rows[row["number"]].append(row)
        owed = set(tally["owed"])
        for number in self.callers:
            if len(rows[number]) != 1:
                self._say(self.found.doubled, f"{number} has {len(rows[number])} rows")
                continue
            [row] = rows[number]
            if not row["answered_at"] and row["outcome"] != "message" and number not in owed:
                self._say(self.found.lost, f"{number}: {row['outcome']}")
            if number in self.talked and not row["answered_at"] or row["answered_at"] and number not in self.taken:
                self._say(self.found.figures, f"{number} answered on record: {bool(row['answered_at'])}")
            if row["answered_at"] and row["outcome"] == "abandoned":
                self._say(self.found.figures, f"{number} was answered, its outcome is abandoned")

    def _say(self, where: list[str], what: str) -> None:
        self._tell(f"!! {what}")
        where.append(what)

    def _tell(self, what: str) -> None:
        self.story.append(f"{time.monotonic() - self.begun:7.1f} {what}")


def main() -> int:
    """One run, told whole: `python -m bench.random_calls --callers 60 --seed 7`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--callers", type=int, default=100)
    parser.add_argument("--agents", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=300)
    given = parser.parse_args()
    with line(agents=given.agents, greeting=False) as (house, lines):
        room = Room(house, lines, seed=given.seed)
        found = asyncio.run(room.run(callers=given.callers, seconds=given.seconds))
        log = house.printed()
    print("\n".join(room.story))
    counts = "; ".join(f"{name} {len(each)}" for name, each in vars(found).items())
    on_record = f"stranded on record {log.count('voice.stranded')}, put right {log.count('voice.put_right')}"
    print(f"seed {given.seed}: {len(room.callers)} callers, {len(room.talked)} talked; {on_record}; {counts}")
    return 1 if found.all() else 0


if __name__ == "__main__":
    raise SystemExit(main())
