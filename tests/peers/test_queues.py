"""On the real exchange: who hangs up and keeps her place is rung when it is her turn; a queue nobody takes leads on."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import House, free_port
from tongdai.peers.sip.people import Habit, People
from tongdai.peers.sip.telephone import Telephones

from .hearing import as_samples, loudness, out_of_storage, wait_until
from .line import NEEDS_EXCHANGE, becomes, dial, heard

pytestmark = NEEDS_EXCHANGE

AGENT = 700  # hertz
TALKS, KEEPS, WAITS, OVERFLOWS = "0912000040", "0912000041", "0912000042", "0912000043"
CITY = """
from tongdai.accounts.models import User
from tongdai.channels.voice.menu import menu
from tongdai.channels.voice.models import Line, Step, Trunk
from tongdai.directory.models import City
from tongdai.platform import wake
City.objects.update_or_create(pk=1, defaults={{"name": "Hải Phòng", "province_code": "31"}})
user = User.objects.create_user(username="nghe-may", full_name="Nghe máy", role="call_taker")
line = Line.objects.create(user=user, kind="sip")
Trunk.objects.create(name="nhà mạng thử", host="127.0.0.1:{port}", addresses=["127.0.0.1/32"])
menu.write_the_usual_one()
Step.objects.filter(code="greeting").update(active=False)
wake.wake("menu", [1])
print(line.endpoint, line.secret)
"""
STATE = """
from tongdai.accounts.models import User
from tongdai.channels.voice.agents import states
states.set_state(User.objects.get(username="nghe-may"), "{state}")
"""
CALLS = """
from tongdai.channels.voice.models import Call
print([f"{c.number[-2:]} {c.direction} {c.state} {c.outcome}".strip() for c in Call.objects.order_by("pk")])
"""
PLACES = """
from tongdai.channels.voice.models import KeptPlace
print([(p.contact.phone, p.state, p.tries) for p in KeptPlace.objects.order_by("pk")])
"""
AGENT_STATE = "from tongdai.channels.voice.models import Agent; print(Agent.objects.get().state)"
OWED = "from tongdai.channels.voice.models import Callback; print(Callback.objects.count())"
HANG_UP = """
from tongdai.accounts.models import User
from tongdai.channels.voice.records import orders
from tongdai.channels.voice.models import Call, Order
from tongdai.platform.clock import now
user = User.objects.get(username="nghe-may")
orders.give(Order.Kind.HANG_UP, by=user, call=Call.objects.get(state="talking"), at=now())
"""
RECORDED = """
from tongdai.channels.voice.models import Recording
print(*Recording.objects.filter(call__direction="out", kind="talk").values_list("file", flat=True))
"""
RULE = """
from tongdai.accounts.models import User
from tongdai.channels.voice.queues import overflow_rules
from tongdai.channels.voice.agents import skills
from tongdai.channels.voice.models import Queue
queues = {queue.code: queue for queue in Queue.objects.all()}
skills.allow(User.objects.get(username="nghe-may"), levels={queues["procedures"].pk: 1}, languages=[])
overflow_rules.add(queues["general"], when="nobody", to="queue", to_queue=queues["procedures"])
"""
PATHS = """
from tongdai.channels.voice.models import Call
for call in Call.objects.filter(number="+84{number}").select_related("queue"):
    print(call.state, call.queue and call.queue.code, *call.path)
"""


@pytest.fixture(scope="module")
def citizens() -> Iterator[People]:
    people = People(free_port(), {"+84" + KEEPS[1:]: Habit(key="1", after=3, speaks=True)})
    yield people
    people.stop()


@pytest.fixture(scope="module")
def house(citizens: People) -> Iterator[House]:
    names = ("TONGDAI_SIP_PORT", "TONGDAI_PHONES_PORT", "TONGDAI_EXCHANGE_PORT")
    ports = {name: str(free_port()) for name in names}
    with House(**ports, TONGDAI_RTP_PORTS="47000-47999") as house:
        yield house


@pytest.fixture(scope="module", autouse=True)
def agent(house: House, citizens: People) -> Iterator[Telephones]:
    endpoint, secret = house.told(CITY, port=citizens.port).split()
    assert house.run("exchange", "configure").returncode == 0
    where = ("127.0.0.1", int(house.environment["TONGDAI_PHONES_PORT"]))
    found = Telephones(where, [(endpoint, secret)], hertz=AGENT)
    yield found
    found.stop()


def is_ready(house: House) -> None:
    house.told(STATE, state="ready")
    heard(house)


def hangs_up(house: House) -> None:
    """The agent."""
    house.told(HANG_UP)
    becomes(house, "after_call".__eq__, AGENT_STATE)


def there_is(house: House, call: str) -> str:
    return becomes(house, lambda calls: call in calls, CALLS)


def test_who_keeps_her_place_is_rung_in_turn_before_who_waits_on_the_line(
    house: House, citizens: People, tmp_path: Path
) -> None:
    is_ready(house)
    talks = dial(house, number=TALKS, hertz=440, waits_for_bye=True)
    there_is(house, "40 in talking")
    dial(house, 3.0, "9", 2.0, "1", 2.0, "1", number=KEEPS, waits_for_bye=True).done()
    there_is(house, "41 in ended kept")
    [voice] = house.pids("run voice")
    os.kill(voice, signal.SIGKILL)  # the place is in the database
    wait_until(lambda: house.pids("run voice") not in ([], [voice]), within=60)
    heard(house)  # whoever calls before falls into Asterisk's own net, which knows of no kept places
    assert citizens.rung == []

    waits = dial(house, number=WAITS, hertz=440, waits_for_bye=True)
    there_is(house, "42 in waiting")
    hangs_up(house)
    talks.done()
    is_ready(house)
    assert "42 in waiting" in there_is(house, "41 out talking")
    assert citizens.numbers_rung() == ["+84" + KEEPS[1:]]
    assert house.told(PLACES) == str([("+84" + KEEPS[1:], "met", 1)])
    raw = house.folder / "var" / "exchange" / "recordings"
    wait_until(lambda: any(loudness(file, AGENT) > 0.8 for file in raw.glob("out-*-out.wav")), within=60)
    hangs_up(house)
    is_ready(house)
    there_is(house, "42 in talking")
    hangs_up(house)
    waits.done()
    stored = out_of_storage(house, becomes(house, bool, RECORDED))
    assert loudness(as_samples(stored, tmp_path / "city.wav", channel=2), AGENT) > 0.8
    assert "41 out ended" in house.told(CALLS) and house.told(OWED) == "0"


def test_a_queue_nobody_in_the_shift_takes_leads_on_to_one_that_somebody_takes(house: House) -> None:
    house.told(RULE)
    is_ready(house)
    caller = dial(house, number=OVERFLOWS, hertz=440, waits_for_bye=True)
    becomes(house, "talking procedures person overflow:procedures".__eq__, PATHS, number=OVERFLOWS[1:])
    hangs_up(house)
    caller.done()
