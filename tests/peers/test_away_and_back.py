"""The network, our process, Asterisk: each goes away and comes back, and nobody who was on the line is lost by it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.house import House, free_port
from tongdai.channels.voice.conversation.lost_voice import LOOKS_EVERY
from tongdai.peers.sip.caller import Caller
from tongdai.peers.sip.crowd import Call, Crowd
from tongdai.peers.sip.telephone import Telephones

from .hearing import wait_until
from .line import NEEDS_EXCHANGE, heard

pytestmark = [NEEDS_EXCHANGE, pytest.mark.long(seconds=400)]
LONG = 90.0  # seconds for what takes a while, on a slow machine
SECOND = 16000  # octets of a message

CITY = """
from tongdai.accounts.models import User
from tongdai.channels.voice.menu import menu
from tongdai.channels.voice.models import Line, Step, Trunk
from tongdai.directory.models import City
from tongdai.platform import wake
City.objects.update_or_create(pk=1, defaults={"name": "Hải Phòng", "province_code": "31"})
Trunk.objects.create(name="nhà mạng thử", host="127.0.0.1:9", addresses=["127.0.0.1/32"])
menu.write_the_usual_one()
Step.objects.filter(code="greeting").update(active=False)
for name in ("a", "b", "c"):
    line = Line.objects.create(user=User.objects.create_user(username=name, full_name=name, role="call_taker"), kind="sip")
    print(line.endpoint, line.secret)
wake.wake("menu", [1])
"""
ROWS = """
import json
from tongdai.channels.voice.models import Agent, Call, Callback
print(json.dumps({
    "calls": {c.number[-2:]: [c.state, c.outcome, c.agent.username if c.agent else "", c.held, c.path, bool(c.answered_at)]
              for c in Call.objects.select_related("agent").order_by("pk")},
    "agents": {a.user.username: a.state for a in Agent.objects.select_related("user")},
    "owed": {c.contact.phone[-2:]: [c.missed, c.call.outcome] for c in Callback.objects.filter(state="waiting")},
}))
"""
CHANNELS = (
    "from tongdai.channels.voice.asterisk.exchange import exchange; print(exchange().ask('core show channels concise'))"
)
STATE = """
from tongdai.accounts.models import User
from tongdai.channels.voice.agents import states
from tongdai.channels.voice.models import Step
from tongdai.platform import wake
for name, state in {states!r}.items():
    states.set_state(User.objects.get(username=name), state)
"""
GREETING = """
from tongdai.channels.voice.models import Step
from tongdai.platform import wake
Step.objects.filter(code="greeting").update(active={active})
wake.wake("menu", [1])
"""
ORDER = """
from tongdai.channels.voice.records import orders
from tongdai.channels.voice.models import Call, Order
from tongdai.accounts.models import User
from tongdai.platform.clock import now
call = Call.objects.get(number__endswith="{number}", state="talking")
target = "{target}" and "agent:%s" % User.objects.get(username="{target}").pk
order = orders.give(Order.Kind.{kind}, by=call.agent, call=call, at=now(), target=target)
import time
for _ in range(50):
    order.refresh_from_db()
    if order.done_at: break
    time.sleep(0.1)
print(order.refused)
"""


class People:
    """Citizens who do as the test says: speak and press keys in one call, hang up when it suits."""

    def __init__(self, house: House) -> None:
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.crowd = self._do(Crowd(("127.0.0.1", int(house.environment["TONGDAI_SIP_PORT"]))).open())

    def dial(self, number: str) -> Call:
        call: Call = self._do(Call(self.crowd, f"09120000{number}").dial())
        return call

    def press(self, call: Call, key: str) -> None:
        self._do(call.press(key))

    def speaks(self, call: Call, seconds: float) -> Future[None]:
        """From now on, or until it is cancelled."""
        return asyncio.run_coroutine_threadsafe(call.speak(seconds), self.loop)

    def hangs_up(self, *calls: Call) -> None:
        for call in calls:
            self.loop.call_soon_threadsafe(call.hang_up)

    def _do(self, what: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(30)


class Desk:
    """The house, and the telephones of three agents, each of which may lose its network."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.people = People(house)
        phones = ("127.0.0.1", int(house.environment["TONGDAI_PHONES_PORT"]))
        lines = [tuple(line.split()) for line in house.told(CITY).splitlines()]
        assert house.run("exchange", "configure").returncode == 0
        self.endpoints = {name: f"PJSIP/{line[0]}" for name, line in zip("abc", lines, strict=True)}
        self.telephones = {
            name: Telephones(phones, [line], hertz=hertz)  # type: ignore[list-item]
            for name, line, hertz in zip("abc", lines, (700, 900, 1100), strict=True)
        }

    def dial(self, number: str, *steps: float | str, **how: Any) -> Caller:
        exchange = ("127.0.0.1", int(self.house.environment["TONGDAI_SIP_PORT"]))
        return Caller(
            exchange, *steps, number=f"09120000{number}", **({"hertz": 440, "waits_for_bye": not steps} | how)
        )

    def rows(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.house.told(ROWS))
        return found

    def states(self, **states: str) -> None:
        self.house.told(STATE, states=states)
        heard(self.house)

    def greets(self, active: bool) -> None:
        self.house.told(GREETING, active=active)
        heard(self.house)

    def order(self, kind: str, number: str, target: str = "") -> str:
        return self.house.told(ORDER, kind=kind, number=number, target=target)

    def leaves_a_message(self, call: Call, number: str) -> None:
        """Who waits, and would rather not."""
        before = self.messages()
        self.people.press(call, "9")
        wait_until(lambda: self.rows()["calls"][number][4][-1] == "instead", LONG)
        self.people.press(call, "2")
        self.people.speaks(call, 600)
        wait_until(lambda: self.messages() - before, LONG)

    def messages(self) -> set[Path]:
        """Those of a second at least that are being left, or lie there until the archive has them."""
        spool = self.house.folder / "var" / "exchange" / "spool" / "recording"
        return {file for file in spool.glob("message-*") if file.stat().st_size > SECOND}

    def trunk(self) -> int:
        """How many citizens' channels Asterisk has."""
        return self.house.told(CHANNELS).count("PJSIP/trunk-")

    def is_so(self, number: str, state: str, agent: str | None = None) -> bool:
        row = self.rows()["calls"].get(number, ["", "", ""])
        return row[0] == state and agent in (None, row[2])

    def until(self, number: str, state: str, agent: str | None = None, within: float = LONG) -> None:
        try:
            wait_until(lambda: self.is_so(number, state, agent), within)
        except AssertionError as late:
            late.add_note(f"{number} {state} {agent}: {self.rows()}\n{self.house.printed()[-3000:]}")
            raise

    def pid(self, name: str) -> int:
        [found] = self.house.pids(name)
        return found

    def kill(self, name: str) -> None:
        """And wait until another is there."""
        old = self.pid(name)
        os.kill(old, signal.SIGKILL)
        wait_until(lambda: self.house.pids(name) not in ([], [old]), LONG)


def column(log: Path, event: str, which: int) -> set[str]:
    """Of the net's notes of this event, each once: 1: the caller's channel, 3: the agent's telephone."""
    rows = [line.split("|") for line in log.read_text().splitlines()]
    return {row[which] for row in rows if row[4:5] == [event]}


@contextmanager
def stopped(*pids: int, group: bool = False) -> Iterator[None]:
    """Neither a packet nor a word comes from these, or a process hangs."""
    for pid in pids:
        (os.killpg if group else os.kill)(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):  # it was killed meanwhile
                (os.killpg if group else os.kill)(pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    names = ("TONGDAI_SIP_PORT", "TONGDAI_PHONES_PORT", "TONGDAI_EXCHANGE_PORT")
    ports = {name: str(free_port()) for name in names}
    with House(**ports, TONGDAI_RTP_PORTS="46000-46999") as house:
        desk = Desk(house)
        yield desk
        for telephone in desk.telephones.values():
            telephone.stop()


@pytest.fixture(autouse=True)
def nobody_is_left(desk: Desk) -> Iterator[None]:
    yield
    desk.greets(False)
    desk.people.hangs_up(*desk.people.crowd.calls.values())
    wait_until(lambda: all(row[0] == "ended" for row in desk.rows()["calls"].values()), LONG)


def talk(desk: Desk, one: str, other: str) -> tuple[Call, Call, Future[None]]:
    """Two citizens, who speak with a and b; the second's voice ends when it is cancelled."""
    desk.states(a="ready", b="paused", c="paused")
    first = desk.people.dial(one)
    desk.people.speaks(first, 600)
    desk.until(one, "talking", "a")
    desk.states(b="ready")
    second = desk.people.dial(other)
    voice = desk.people.speaks(second, 600)
    desk.until(other, "talking", "b")
    time.sleep(2 * LOOKS_EVERY)  # their voices have been seen to come
    return first, second, voice


def test_a_network_that_is_gone_for_a_while_cuts_nobody(desk: Desk) -> None:
    first, second, voice = talk(desk, "11", "12")
    voice.cancel()
    with stopped(desk.telephones["a"].process.pid, group=True):
        begun = time.monotonic()
        wait_until(lambda: desk.rows()["calls"]["11"][3], LONG)  # she hears music
        time.sleep(max(0.0, begun + 20 - time.monotonic()))
    desk.people.speaks(second, 600)
    wait_until(lambda: not desk.rows()["calls"]["11"][3], LONG)
    assert desk.is_so("11", "talking", "a") and desk.is_so("12", "talking", "b")
    assert not (first.ended.is_set() or second.ended.is_set())


@pytest.mark.soak  # a citizen's voice is given up after a minute
def test_a_network_that_is_gone_for_good_ends_in_another_agent_or_a_call_back(desk: Desk) -> None:
    first, _second, voice = talk(desk, "14", "15")
    silent = desk.dial(
        "16", 70.0, hertz=0, headers="Privacy: id\r\nP-Asserted-Identity: <sip:0912000016@127.0.0.1>\r\n"
    )
    voice.cancel()
    with stopped(desk.telephones["a"].process.pid, group=True):
        desk.until("14", "waiting")
        desk.until("15", "ended")
        rows = desk.rows()
        assert rows["calls"]["15"][1] == "cut" and rows["owed"] == {"15": [1, "cut"]}
        desk.states(b="ready")
        desk.until("14", "talking", "b")
    assert not first.ended.is_set()
    silent.done()  # by herself


def test_whom_asterisk_has_while_our_process_hangs_she_keeps_until_she_is_done(desk: Desk) -> None:
    people = desk.people
    desk.states(a="ready", b="paused", c="paused")
    talks = people.dial("21")
    desk.until("21", "talking", "a")
    desk.states(b="ready")
    before = people.dial("22")
    desk.until("22", "talking", "b")
    both = {number: people.dial(number) for number in ("23", "24")}
    for number in both:
        desk.until(number, "waiting")
    desk.order("HANG_UP", "22")  # b writes after it: on shift, and rung for nobody just now
    log = desk.house.folder / "var" / "exchange" / "log" / "net"
    with stopped(desk.house.process.pid, desk.pid("run voice")):  # the supervisor would put another in its place
        wait_until(lambda: len(column(log, "OPEN", 1)) == 2, LONG)  # the net serves as they come to it
        new = people.dial("25")
        wait_until(lambda: len(column(log, "ENTERQUEUE", 1)) == 3 and column(log, "CONNECT", 1), LONG)
        rung = column(log, "ADDMEMBER", 3)
    assert rung == {desk.endpoints[name] for name in "ab"}, "the net rings who is on shift"
    wait_until(lambda: any(desk.is_so(number, "talking", "b") for number in both), LONG)
    joined, waits = sorted(both, key=lambda number: not desk.is_so(number, "talking"))
    assert before.ended.is_set()
    assert not any(call.ended.is_set() for call in (*both.values(), new)), "cut when we came back"
    assert desk.is_so("21", "talking", "a") and not talks.ended.is_set()
    assert desk.rows()["agents"]["c"] == "paused"
    wait_until(lambda: len(column(log, "OPEN", 1)) == 1, LONG)  # the others are back with us
    people.hangs_up(both[joined])
    desk.until(joined, "ended")
    wait_until(lambda: desk.rows()["agents"]["b"] == "after_call", LONG)
    desk.states(b="ready")
    desk.until(waits, "talking", "b")  # in her place: before whoever came later
    rows = desk.rows()
    assert rows["calls"][joined][1:3] == ["answered", "b"] and rows["calls"]["25"][0] == "waiting"
    people.hangs_up(both[waits], new, talks)
    desk.until("25", "ended")
    assert not {"21", "22", "23", "24"} & set(desk.rows()["owed"]) and "25" in desk.rows()["owed"]
    wait_until(lambda: not log.read_text().strip(" \n"))  # it holds no number any more


@pytest.mark.parametrize(("how", "talks", "waits"), [(signal.SIGKILL, "71", "72"), (signal.SIGTERM, "73", "74")])
def test_whom_asterisk_alone_had_when_it_closed_down_is_rung_back(
    desk: Desk, how: signal.Signals, talks: str, waits: str
) -> None:
    people, log = desk.people, desk.house.folder / "var" / "exchange" / "log" / "net"
    desk.states(a="ready", b="paused", c="paused")
    first = people.dial("70")
    desk.until("70", "talking", "a")  # the telephone is there
    people.hangs_up(first)
    desk.until("70", "ended")
    desk.states(a="ready")
    [asterisk] = desk.house.pids("asterisk.conf -f")
    with stopped(desk.house.process.pid, desk.pid("run voice"), desk.pid("run archive")):
        people.dial(talks)
        wait_until(lambda: column(log, "CONNECT", 1), LONG)
        people.dial(waits)
        wait_until(lambda: len(column(log, "ENTERQUEUE", 1)) == 2, LONG)
        os.kill(asterisk, how)
        wait_until(lambda: asterisk not in desk.house.pids("asterisk.conf -f"), LONG)
    wait_until(lambda: desk.house.pids("asterisk.conf -f") not in ([], [asterisk]), LONG)
    for number in (talks, waits):
        desk.until(number, "ended")
    rows = desk.rows()
    assert [rows["calls"][number][1] for number in (talks, waits)] == ["cut", "cut"]
    assert [rows["owed"][number] for number in (talks, waits)] == [[1, "cut"], [1, "cut"]]


def test_a_killed_process_is_followed_by_one_that_goes_on_where_each_was(desk: Desk) -> None:
    people = desk.people
    desk.states(a="ready", b="paused", c="paused")
    asked = people.dial("31")
    desk.until("31", "talking", "a")
    desk.states(c="ready")
    held = people.dial("32")
    desk.until("32", "talking", "c")
    desk.states(b="ready")
    assert desk.order("CONSULT", "31", "b") == "" and desk.order("HOLD", "32") == ""
    wait_until(lambda: desk.rows()["agents"]["b"] == "talking", LONG)
    desk.greets(True)
    menu, gone, leaves, left = (people.dial(number) for number in ("33", "34", "35", "36"))
    wait_until(lambda: all(call.heard.is_set() for call in (menu, gone, leaves, left)), LONG)
    before, there = desk.messages(), desk.trunk()
    for call in (leaves, left):
        people.press(call, "9")
        people.speaks(call, 600)
    wait_until(lambda: len(desk.messages() - before) == 2, LONG)
    voice = desk.pid("run voice")
    with stopped(desk.house.process.pid), stopped(voice):
        people.hangs_up(gone, left)
        wait_until(lambda: desk.trunk() == there - 2, LONG)
        os.kill(voice, signal.SIGKILL)
    wait_until(lambda: desk.house.pids("run voice") not in ([], [voice]), LONG)
    desk.until("34", "ended")
    desk.until("36", "ended")
    people.press(menu, "3")
    wait_until(lambda: desk.rows()["calls"]["33"][0] == "waiting", LONG)
    people.hangs_up(leaves)
    desk.until("35", "ended")
    rows = desk.rows()
    assert rows["calls"]["33"][4][-1] == "procedures"
    assert [rows["calls"][number][1] for number in ("34", "35", "36")] == ["abandoned", "message", "message"]
    assert rows["owed"].items() >= {"34": [1, "abandoned"], "35": [1, "message"], "36": [1, "message"]}.items()
    assert [rows["calls"][number][0:4:3] for number in ("31", "32")] == [["talking", True], ["talking", True]]
    assert rows["agents"] == {"a": "talking", "b": "talking", "c": "talking"}
    assert desk.order("COME_BACK", "31") == "" and desk.order("RESUME", "32") == ""
    wait_until(lambda: not any(desk.rows()["calls"][number][3] for number in ("31", "32")), LONG)
    wait_until(lambda: desk.rows()["calls"]["33"][2] == "b", LONG)  # who was asked is free, and rung
    people.hangs_up(menu)
    assert not (asked.ended.is_set() or held.ended.is_set())
    people.hangs_up(asked, held)
    desk.until("32", "ended")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_whoever_is_cut_off_with_asterisk_is_rung_back_once_answered_or_not(desk: Desk, how: signal.Signals) -> None:
    people, (talks, done, waits, leaves, menu) = desk.people, {
        signal.SIGKILL: ("41", "42", "43", "44", "45"), signal.SIGTERM: ("51", "52", "53", "54", "55"),
    }[how]  # fmt: skip
    desk.states(a="ready", b="paused", c="paused")
    bye = people.dial(done)
    desk.until(done, "talking", "a")
    people.hangs_up(bye)
    desk.until(done, "ended")
    desk.states(a="ready")
    people.dial(talks)
    desk.until(talks, "talking", "a")
    people.dial(waits)
    leaver = people.dial(leaves)
    desk.until(leaves, "waiting")
    desk.leaves_a_message(leaver, leaves)
    desk.greets(True)
    greeted = people.dial(menu)
    wait_until(greeted.heard.is_set, LONG)
    [asterisk] = desk.house.pids("asterisk.conf -f")
    os.kill(asterisk, how)
    wait_until(lambda: desk.house.pids("asterisk.conf -f") not in ([], [asterisk]), LONG)
    for number in (talks, waits, leaves, menu):
        desk.until(number, "ended")
    desk.greets(False)  # and time for whatever would tell of it twice
    rows = desk.rows()
    assert {number: rows["calls"][number][1] for number in (talks, waits, menu)} == dict.fromkeys(
        (talks, waits, menu), "cut"
    )
    assert rows["calls"][talks][5] and rows["calls"][leaves][1] == "message"
    assert {number: rows["owed"].get(number, [0])[0] for number in (talks, waits, leaves, menu, done)} == {
        talks: 1, waits: 1, leaves: 1, menu: 1, done: 0,
    }  # fmt: skip
    wait_until(lambda: desk.rows()["agents"]["a"] != "talking", LONG)
