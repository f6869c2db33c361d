"""Our process is killed, or hangs, while people talk and wait: nobody is cut off, nobody is forgotten."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.house import House, free_port
from tongdai.peers.sip.caller import Caller
from tongdai.peers.sip.telephone import Telephones

from .hearing import wait_until
from .line import NEEDS_EXCHANGE, told

pytestmark = NEEDS_EXCHANGE

CITY = """
from tongdai.accounts.models import User
from tongdai.channels.voice.menu import menu
from tongdai.channels.voice.agents import states
from tongdai.channels.voice.models import Line, Step, Trunk
from tongdai.directory.models import City
from tongdai.platform import wake
City.objects.update_or_create(pk=1, defaults={"name": "Hải Phòng", "province_code": "31"})
user = User.objects.create_user(username="nghe-may", full_name="Nghe máy", role="call_taker")
line = Line.objects.create(user=user, kind="sip")
Trunk.objects.create(name="nhà mạng thử", host="127.0.0.1:9", addresses=["127.0.0.1/32"])
menu.write_the_usual_one()
Step.objects.filter(code="greeting").update(active=False)
states.set_state(user, "ready")
wake.wake("menu", [1])
print(line.endpoint, line.secret)
import time; time.sleep(1)
"""
STATES = """
from tongdai.channels.voice.models import Call
print({c.number[-1]: (c.state, c.outcome) for c in Call.objects.order_by("pk")})
"""
AGENTS = """
from tongdai.channels.voice.models import Agent
print([a.state for a in Agent.objects.all()])
"""
ORDER = """
from tongdai.accounts.models import User
from tongdai.channels.voice.records import orders
from tongdai.channels.voice.models import Call, Order
from tongdai.platform.clock import now
call = Call.objects.get(state="talking")
orders.give(Order.Kind.HANG_UP, by=User.objects.get(username="nghe-may"), call=call, at=now())
import time; time.sleep(1)
"""
READY = """
from tongdai.accounts.models import User
from tongdai.channels.voice.agents import states
states.set_state(User.objects.get(username="nghe-may"), "ready")
import time; time.sleep(1)
"""
PAUSED = """
from tongdai.accounts.models import User
from tongdai.channels.voice.agents import states
states.set_state(User.objects.get(username="nghe-may"), "paused")
import time; time.sleep(1)
"""
TO_THE_QUEUE = """
from tongdai.accounts.models import User
from tongdai.channels.voice.records import orders
from tongdai.channels.voice.models import Call, Order
from tongdai.platform.clock import now
call = Call.objects.get(state="talking")
orders.give(Order.Kind.TRANSFER, by=User.objects.get(username="nghe-may"), call=call, at=now(), target=f"queue:{call.queue_id}")
import time; time.sleep(1)
"""
ANOTHER = """
from tongdai.accounts.models import User
from tongdai.channels.voice.agents import lines
from tongdai.channels.voice.agents import states
from tongdai.channels.voice.models import Line
user = User.objects.create_user(username="nghe-may-2", full_name="Nghe máy hai", role="call_taker")
Line.objects.create(user=user, kind="sip")
line = lines.use("sip", by=user)
states.set_state(user, "ready")
print(line.endpoint, line.secret)
import time; time.sleep(2)
"""
OUT = """
import time
from tongdai.accounts import people
from tongdai.accounts.models import User
from tongdai.channels.voice.asterisk.exchange import exchange
person = User.objects.get(username="nghe-may-2")
def is_known(line=person.line.endpoint, it=exchange()):
    return f"PJSIP/{line}-" in it.ask("core show channels concise") or line in it.ask("pjsip list endpoints")
assert is_known()
begun = time.monotonic()
people.deactivate(person, by=None)
while is_known() and time.monotonic() - begun < 10: time.sleep(0.02)
print(time.monotonic() - begun)
"""
WHO = """
from tongdai.channels.voice.models import Agent
print({a.user.username: (a.state, a.online) for a in Agent.objects.select_related("user")})
"""
LONG = """
from tongdai.channels.voice.models import Prompt
from tongdai.platform import wake
Prompt.objects.filter(code="connecting").update(text="Xin giữ máy, tổng đài đang nối máy với người nghe. " * 8)
wake.wake("menu", [1])
import time; time.sleep(3)
"""
MISSED = """
from tongdai.channels.voice.models import Callback
print(sorted((c.contact.phone[-1], c.missed, c.call.outcome) for c in Callback.objects.all()))
"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    names = ("TONGDAI_SIP_PORT", "TONGDAI_PHONES_PORT", "TONGDAI_EXCHANGE_PORT")
    ports = {name: str(free_port()) for name in names}
    with House(**ports, TONGDAI_RTP_PORTS="45000-45999") as house:
        yield house


@pytest.fixture(scope="module")
def telephones(house: House) -> Iterator[Telephones]:
    endpoint, secret = told(house, CITY).split()
    assert house.run("exchange", "configure").returncode == 0
    found = Telephones(("127.0.0.1", int(house.environment["TONGDAI_PHONES_PORT"])), [(endpoint, secret)], hertz=700)
    yield found
    found.stop()


def dial(house: House, *steps: float | str, number: str, stays: bool = False) -> Caller:
    exchange = ("127.0.0.1", int(house.environment["TONGDAI_SIP_PORT"]))
    return Caller(exchange, *steps, number=number, hertz=440, waits_for_bye=stays)


@contextmanager
def hung(house: House) -> Iterator[Path]:
    """Our process hangs, and the archive, which would take in at once what Asterisk notes of its net: the file of that."""
    stopped = [*house.pids("run voice"), *house.pids("run archive")]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield house.folder / "var" / "exchange" / "log" / "net"
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


def is_so(house: House, who: str, state: str) -> bool:
    return f"'{who}': ('{state}'" in told(house, STATES)


def test_a_talk_goes_on_and_who_waits_keeps_her_place_when_our_process_is_killed(
    house: House, telephones: Telephones
) -> None:
    talks = dial(house, number="0912000031", stays=True)
    wait_until(lambda: is_so(house, "1", "talking"))
    waits = dial(house, number="0912000032", stays=True)
    wait_until(lambda: is_so(house, "2", "waiting"))
    [voice] = house.pids("run voice")
    os.kill(voice, signal.SIGKILL)
    wait_until(lambda: house.pids("run voice") not in ([], [voice]))
    time.sleep(4)
    assert talks.process.poll() is None, talks.errors()
    assert waits.process.poll() is None, waits.errors()
    assert is_so(house, "1", "talking") and is_so(house, "2", "waiting")

    told(house, ORDER)  # under control again: what the agent presses is done
    talks.done()
    wait_until(lambda: is_so(house, "1", "ended"))
    told(house, READY)
    wait_until(lambda: is_so(house, "2", "talking"))
    told(house, ORDER)
    waits.done()
    assert told(house, MISSED) == "[]"


def test_who_is_handed_back_to_the_queue_is_given_to_whoever_is_free_next(house: House, telephones: Telephones) -> None:
    told(house, READY)
    caller = dial(house, number="0912000034", stays=True)
    wait_until(lambda: is_so(house, "4", "talking"))
    told(house, TO_THE_QUEUE)
    wait_until(lambda: is_so(house, "4", "waiting"))
    told(house, READY)
    wait_until(lambda: is_so(house, "4", "talking"))
    told(house, ORDER)
    caller.done()
    assert told(house, MISSED) == "[]"


def test_who_is_being_spoken_to_when_our_process_is_killed_is_given_to_whoever_is_free_next(
    house: House, telephones: Telephones
) -> None:
    """Asterisk does nothing for a channel before the sound it plays there is over: twice as long as we wait for an answer."""
    told(house, LONG)
    told(house, READY)
    talks = dial(house, number="0912000035", stays=True)
    wait_until(lambda: is_so(house, "5", "talking"))
    waits = dial(house, number="0912000036", stays=True)
    wait_until(lambda: is_so(house, "6", "waiting"))
    [voice] = house.pids("run voice")
    os.kill(voice, signal.SIGKILL)
    wait_until(lambda: house.pids("run voice") not in ([], [voice]))
    time.sleep(4)
    told(house, ORDER)
    talks.done()
    told(house, READY)
    wait_until(lambda: is_so(house, "6", "talking"))
    told(house, ORDER)
    waits.done()
    assert told(house, MISSED) == "[]"


def test_who_is_back_from_the_net_is_taken_up_by_the_process_after_the_next_kill_too(
    house: House, telephones: Telephones
) -> None:
    told(house, PAUSED)
    waits = dial(house, number="0912000038", stays=True)
    wait_until(lambda: is_so(house, "8", "waiting"))
    back = house.printed().count("voice.back_from_the_net")  # of others before her
    with hung(house) as noted:
        wait_until(lambda: "|OPEN|" in noted.read_text())
    wait_until(lambda: house.printed().count("voice.back_from_the_net") > back)
    adopted = house.printed().count("voice.adopted")
    [voice] = house.pids("run voice")
    os.kill(voice, signal.SIGKILL)
    wait_until(lambda: house.printed().count("voice.adopted") > adopted)
    assert waits.process.poll() is None, waits.errors()
    told(house, READY)
    wait_until(lambda: is_so(house, "8", "talking"))
    told(house, ORDER)
    waits.done()
    assert told(house, MISSED) == "[]"


def test_who_is_out_loses_the_telephone_at_once_and_the_citizen_goes_to_the_next_who_is_free(
    house: House, telephones: Telephones
) -> None:
    endpoint, secret = told(house, ANOTHER).split()
    more = Telephones(("127.0.0.1", int(house.environment["TONGDAI_SIP_PORT"])), [(endpoint, secret)], hertz=900)
    try:
        told(house, PAUSED)  # the other agent: she is given to the one who will be out
        wait_until(lambda: "'nghe-may-2': ('ready', True)" in told(house, WHO))
        caller = dial(house, number="0912000037", stays=True)
        wait_until(lambda: is_so(house, "7", "talking"))
        assert float(told(house, OUT)) < 1
        assert caller.process.poll() is None, caller.errors()
        wait_until(lambda: is_so(house, "7", "waiting"))
        told(house, READY)
        wait_until(lambda: is_so(house, "7", "talking"))
        told(house, ORDER)
        caller.done()
        assert "'nghe-may-2'" in told(house, WHO) and "'nghe-may-2': ('ready'" not in told(house, WHO)
        assert told(house, MISSED) == "[]"
    finally:
        more.stop()


def test_while_our_process_hangs_asterisk_rings_the_agents_and_hands_in_what_was(
    house: House, telephones: Telephones
) -> None:
    wait_until(lambda: told(house, AGENTS) != "['talking']")
    telephones.stop()  # nobody is at the telephones: she gets the apology, then may leave a message
    with hung(house) as noted:
        dial(house, 14.0, number="0912000033").done()
        wait_until(lambda: "|GONE|" in noted.read_text())
    wait_until(lambda: told(house, MISSED) == "[('3', 1, 'abandoned')]")
    wait_until(lambda: not noted.read_text().strip())
