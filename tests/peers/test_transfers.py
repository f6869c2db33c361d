"""A third in a talk, and callers who leave while it rings: on the wire nobody is cut, nothing rings on, no row stays."""

from __future__ import annotations

import asyncio
import json
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from tests.house import House, free_port
from tests.inside import Inside
from tongdai.channels.voice.records import orders
from tongdai.peers.sip.crowd import Call, Crowd
from tongdai.peers.sip.people import Habit, People
from tongdai.peers.sip.telephone import Telephones

from .hearing import wait_until
from .line import NEEDS_EXCHANGE

pytestmark = NEEDS_EXCHANGE

CITY = """
from tongdai.accounts.models import User
from tongdai.channels.voice.agents import lines
from tongdai.channels.voice.menu import menu
from tongdai.channels.voice.models import Line, Step, Trunk
from tongdai.directory.models import City
from tongdai.platform import wake
City.objects.update_or_create(pk=1, defaults={{"name": "Hải Phòng", "province_code": "31"}})
Trunk.objects.create(name="nhà mạng thử", host="127.0.0.1:{port}", addresses=["127.0.0.1/32"])
menu.write_the_usual_one()
Step.objects.filter(code="greeting").update(active=False)
wake.wake("menu", [1])
for name in ("mot", "hai"):
    user = User.objects.create_user(username=name, full_name=name, role="call_taker")
    Line.objects.create(user=user, kind="sip")
    line = lines.use("sip", by=user)
    print(line.endpoint, line.secret)
"""
READY = """
from tongdai.accounts.models import User
from tongdai.channels.voice.agents import states
for name in ("mot", "hai"):
    states.set_state(User.objects.get(username=name), "ready" if name in {names!r} else "paused")
"""
PRESS = """
from tongdai.accounts.models import User
from tongdai.channels.voice.records import orders
from tongdai.channels.voice.models import Call, Order
from tongdai.platform.clock import now
who = User.objects.get(username="hai")
target = "{target}".replace("hai", str(who.pk))
call = Call.objects.exclude(state="ended").get()
print(orders.give("{kind}", by=User.objects.get(username="{by}"), call=call, at=now(), target=target).pk)
"""
TRUNK = """
from tongdai.channels.voice.models import Trunk
Trunk.objects.update(shows="{shows}", diversion="{diversion}")
"""
NOW = """
import json
from tongdai.channels.voice.asterisk.exchange import exchange
from tongdai.channels.voice.models import Agent, Call, Callback, Order, Repair
call = Call.objects.order_by("-pk").first()
last = Order.objects.order_by("-pk").first()
print(json.dumps({
    "call": call and [call.state, call.third, call.held, call.outcome],
    "going": list(Call.objects.exclude(state="ended").values_list("number", "state")),
    "agents": dict(Agent.objects.values_list("user__username", "state")),
    "refused": last.refused if last else "",
    "told": (last.done_at - last.asked_at).total_seconds() if last and last.done_at else None,
    "callbacks": sorted(Callback.objects.values_list("contact__phone", flat=True)),
    "repairs": list(Repair.objects.values_list("kind", flat=True)),
    "legs": exchange().ask("core show channels concise").count("PJSIP/"),
    "channels": [line.split("!")[0] for line in exchange().ask("core show channels concise").splitlines() if "!" in line],
}))
"""
BACK = ["talking", "", False, ""]  # citizen and agent, as before
NUMBER = "+842253842123"


def now(shell: Inside) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shell.told(NOW))
    return found


def becomes(shell: Inside, true: Callable[[dict[str, Any]], object], *, within: float = 20) -> dict[str, Any]:
    """What stands there once it is so."""
    end = time.monotonic() + within
    while not true(seen := now(shell)):
        assert time.monotonic() < end, seen
        time.sleep(0.1)
    return seen


@pytest.fixture(scope="module")
def people() -> Iterator[People]:
    """What lies behind the carrier."""
    found = People(0, {})
    yield found
    found.stop()


@pytest.fixture(scope="module")
def house(people: People) -> Iterator[House]:
    names = ("TONGDAI_SIP_PORT", "TONGDAI_PHONES_PORT", "TONGDAI_EXCHANGE_PORT")
    ports = {name: str(free_port()) for name in names}
    with House(**ports, TONGDAI_RTP_PORTS="48000-48999") as house:
        yield house


@pytest.fixture(scope="module")
def shell(house: House) -> Inside:
    return house.inside


@pytest.fixture(scope="module")
def lines(house: House, shell: Inside, people: People) -> list[tuple[str, str]]:
    words = shell.told(CITY, port=people.port).split()
    assert house.run("exchange", "configure").returncode == 0
    return list(zip(words[::2], words[1::2], strict=True))


@pytest.fixture(scope="module")
def telephones(house: House, lines: list[tuple[str, str]]) -> Iterator[Telephones]:
    """Those of the two agents: taken up at once."""
    found = Telephones(_phones(house), lines, after=0.1, hertz=700)
    yield found
    found.stop()


def _phones(house: House) -> tuple[str, int]:
    return "127.0.0.1", int(house.environment["TONGDAI_PHONES_PORT"])


class Citizen:
    """One with a telephone, who speaks until she hangs up or is cut."""

    def __init__(self, house: House) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.call = asyncio.run_coroutine_threadsafe(self._dial(house), self._loop).result(20)

    async def _dial(self, house: House) -> Call:
        self._crowd = await Crowd(("127.0.0.1", int(house.environment["TONGDAI_SIP_PORT"]))).open()
        call = await Call(self._crowd, f"09120001{random.randrange(100):02}").dial()
        self._speaks = asyncio.create_task(call.speak(600))
        return call

    @property
    def is_there(self) -> bool:
        return self.call.answered.is_set() and not self.call.ended.is_set()

    def hangs_up(self) -> None:
        self._loop.call_soon_threadsafe(self.call.hang_up)


@pytest.fixture
def talk(house: House, shell: Inside, telephones: Telephones) -> Iterator[Citizen]:
    """A citizen who talks with the first agent, and stays until she is cut; the second agent is free."""
    shell.told(READY, names=("mot",))
    citizen = Citizen(house)
    becomes(shell, lambda seen: seen["call"] and seen["call"][0] == "talking")
    shell.told(READY, names=("hai",))
    yield citizen
    citizen.hangs_up()
    seen = becomes(shell, lambda seen: not seen["going"] and not seen["channels"])
    assert not seen["repairs"], "each was put right at its cause, and not by who looks after it"


def press(shell: Inside, kind: str, target: str = "", *, by: str = "mot") -> None:
    shell.told(PRESS, kind=kind, target=target, by=by)


def is_back(shell: Inside, citizen: Citizen, **agents: str) -> None:
    """An agent talks with the citizen, who was never cut, and nobody else is on the line."""
    becomes(shell, lambda seen: seen["call"] == BACK and seen["legs"] == 2 and agents.items() <= seen["agents"].items())
    assert citizen.is_there, citizen.call.refused


@pytest.mark.parametrize("kind", ["consult", "transfer"])
@pytest.mark.parametrize(
    ("answer", "words"),
    [("486 Busy Here", orders.LINE_BUSY), ("480 Temporarily Unavailable", orders.NOBODY),
     ("603 Decline", orders.DECLINED), ("404 Not Found", orders.NO_SUCH_NUMBER)],
)  # fmt: skip
def test_who_refuses_is_told_in_words_at_once_and_the_citizen_is_not_cut(
    shell: Inside, people: People, talk: Citizen, kind: str, answer: str, words: str
) -> None:
    people.habits[NUMBER] = Habit(refuses=answer)
    press(shell, kind, NUMBER)
    seen = becomes(shell, lambda seen: seen["refused"])  # not after the 43 s that it may ring
    assert seen["refused"] == words and seen["told"] < 10, seen
    is_back(shell, talk)


def test_a_telephone_outside_that_rings_is_taken_back(shell: Inside, people: People, talk: Citizen) -> None:
    people.habits[NUMBER] = Habit(answers=False)
    press(shell, "transfer", NUMBER)
    becomes(shell, lambda seen: seen["call"][1] == "ringing" and seen["legs"] == 3)
    press(shell, "hang_up")  # the key that hangs up, pressed before the page shows that it rings
    is_back(shell, talk)
    wait_until(people.is_quiet)


@pytest.mark.parametrize("who", ["caller", "other", "asker"])
def test_a_consultation_ended_by_any_of_the_three_leaves_the_others_well(
    shell: Inside, talk: Citizen, who: str
) -> None:
    press(shell, "consult", "agent:hai")
    becomes(shell, lambda seen: seen["call"][1] == "apart" and set(seen["agents"].values()) == {"talking"})
    if who == "caller":
        talk.hangs_up()
        becomes(shell, lambda seen: not seen["going"] and not seen["channels"])
        becomes(shell, lambda seen: seen["agents"] == {"mot": "after_call", "hai": "ready"})
        return
    press(shell, "hang_up" if who == "other" else "hand_over", by="hai" if who == "other" else "mot")
    mot, hai = {"other": ("talking", "ready"), "asker": ("after_call", "talking")}[who]
    is_back(shell, talk, mot=mot, hai=hai)


def test_three_talk_the_agent_leaves_and_takes_her_back(shell: Inside, people: People, talk: Citizen) -> None:
    people.habits[NUMBER] = Habit(rings=0.2, speaks=True)
    press(shell, "consult", NUMBER)
    becomes(shell, lambda seen: seen["call"][1] == "apart")
    press(shell, "conference")
    becomes(shell, lambda seen: seen["call"][1:3] == ["together", False] and seen["legs"] == 3)
    press(shell, "hang_up")
    transferred = ["talking", "", False, "transferred"]
    becomes(
        shell, lambda seen: seen["agents"]["mot"] == "after_call" and seen["legs"] == 2 and seen["call"] == transferred
    )
    assert talk.is_there
    assert not people.is_quiet()  # the two talk on
    press(shell, "come_back")
    is_back(shell, talk, mot="talking")
    wait_until(people.is_quiet)


@pytest.mark.parametrize(
    ("shows", "diversion", "who", "asserted", "headers"),
    [
        ("from", "both", "+8491200", "+8491200", ["Diversion", "History-Info"]),
        ("asserted", "diversion", "1022", "+8491200", ["Diversion"]),
        ("ours", "history-info", "1022", "1022", ["History-Info"]),
        ("ours", "none", "1022", "1022", []),
    ],
)
def test_115_is_told_who_calls_and_that_1022_sends_them_on(
    house: House, shell: Inside, people: People, talk: Citizen, shows: str, diversion: str, who: str, asserted: str,
    headers: list[str],
) -> None:  # fmt: skip
    shell.told(TRUNK, shows=shows, diversion=diversion)
    assert house.run("exchange", "configure").returncode == 0
    people.habits["115"] = Habit(refuses="486 Busy Here")
    people.invites.clear()
    press(shell, "transfer", "115")
    becomes(shell, lambda seen: seen["refused"] == orders.LINE_BUSY)
    [invite] = people.invites
    assert field(invite, "From").partition("<sip:")[2].startswith(who)
    assert field(invite, "P-Asserted-Identity").partition("<sip:")[2].startswith(asserted)
    told = {
        "Diversion": "<sip:1022@127.0.0.1>;reason=deflection;counter=1",
        "History-Info": "<sip:1022@127.0.0.1>;index=1, <sip:115@127.0.0.1;cause=487>;index=1.1;mp=1",
    }
    assert {name: field(invite, name) for name in told} == {
        name: value if name in headers else "" for name, value in told.items()
    }
    is_back(shell, talk)


def field(message: str, name: str) -> str:
    """A header of the message, all its values; empty: it has none."""
    lines = message.partition("\r\n\r\n")[0].splitlines()
    return ", ".join(line.partition(":")[2].strip() for line in lines if line.lower().startswith(f"{name.lower()}:"))


def test_twenty_callers_who_leave_while_two_telephones_ring_leave_nothing(
    house: House, shell: Inside, lines: list[tuple[str, str]], telephones: Telephones
) -> None:
    telephones.stop()
    ringing = Telephones(_phones(house), lines, after=60)  # and nobody takes them up
    seed = random.randrange(1_000_000)
    print("seed", seed)
    chance = random.Random(seed)
    try:
        shell.told(READY, names=("mot", "hai"))
        becomes(shell, lambda seen: set(seen["agents"].values()) == {"ready"})
        numbers = [f"09130000{number:02}" for number in range(20)]
        asyncio.run(_come_and_go(house, [(number, chance.uniform(0.3, 6)) for number in numbers], chance))
        becomes(shell, lambda seen: not seen["going"] and not seen["channels"], within=30)
        owed = {f"+84{number[1:]}" for number in numbers}
        seen = becomes(shell, lambda seen: owed <= set(seen["callbacks"]) and _free(seen["agents"].values()))
        assert seen["repairs"] == [], "each was put right at its cause, and not by who looks after it"
    finally:
        ringing.stop()


def _free(states: Iterable[str]) -> bool:
    """Nobody rung, nobody in a call; paused is who was rung for a whole ring."""
    return set(states) <= {"ready", "paused"}


async def _come_and_go(house: House, callers: list[tuple[str, float]], chance: random.Random) -> None:
    crowd = await Crowd(("127.0.0.1", int(house.environment["TONGDAI_SIP_PORT"]))).open()

    async def one(number: str, stays: float) -> None:
        await asyncio.sleep(chance.uniform(0, 4))
        call = await Call(crowd, number).dial()
        async with asyncio.timeout(30):
            await call.answered.wait()
        await asyncio.sleep(stays)
        call.hang_up()

    await asyncio.gather(*(one(*each) for each in callers))
    await asyncio.sleep(0.2)
    crowd.close()
