"""An urgent case rings the telephone of who is on duty, until somebody presses 1. The people are a carrier's peer."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from tests.house import House, free_port
from tongdai.peers.sip.people import Habit, People

from .hearing import wait_until
from .line import NEEDS_EXCHANGE, dial, told

pytestmark = [NEEDS_EXCHANGE, pytest.mark.long(seconds=220)]

STEP = 16  # seconds, instead of two minutes
FIRST, SECOND, NEXT, SUPERVISOR = "+84912000201", "+84912000202", "+84912000203", "+84912000204"
CITY = """
from tongdai.accounts.models import DutyShift
from tongdai.channels.voice.models import Trunk
from tongdai.directory.places.loading import load_province
from tongdai.directory.models import City
from tongdai.platform.clock import now
from datetime import date, time
City.objects.update_or_create(pk=1, defaults={{"name": "Hải Phòng", "province_code": "31"}})
load_province("31")
Trunk.objects.create(name="nhà mạng thử", host="127.0.0.1:{port}", addresses=["127.0.0.1/32"])
def shift(rank, name, *phones):
    DutyShift.objects.create(rank=rank, name=name, phones=list(phones), weekdays=list(range(7)), starts=time(0), ends=time(0),
                             valid_from=date(2020, 1, 1), changed_at=now())
shift(1, "Đỗ Thu Hằng", "{first}", "{second}")
shift(2, "Nguyễn Quang Huy", "{next}")
shift(3, "Lê Thị Mai", "{supervisor}")
print("ok")
"""
REPORT = """
from tongdai.cases.actions.register import Matter, register
from tongdai.cases.actor import Actor
from tongdai.directory.models import Place
from tongdai.platform.clock import now
place = Place.objects.get(parent__code="31", valid_to=None, name="Lê Chân")
done = register(Matter(text="{text}", channel="sms", phone="+84904123318", proven=True, place=place), key="{key}",
                by=Actor.citizen(channel="sms"), at=now())
print(done.case_id)
"""
EVENTS = """
from tongdai.cases.models import Event
print(*[e.action for e in Event.objects.filter(case={case}).order_by("seq")])
"""
RINGS = """
from tongdai.channels.duty.models import Ring
print(*[f"{{r.name.split()[-1]}}:{{r.state}}" for r in Ring.objects.filter(alarm__waiting__case={case}).distinct().order_by("pk")])
"""
CALL = """
from tongdai.channels.voice.models import Call
print(*[f"{{c.state}} {{c.outcome or '-'}} {{','.join(c.path)}} {{c.case_id}}" for c in Call.objects.filter(number="{number}")])
"""
MISSED = """
from tongdai.channels.voice.models import Callback
print(Callback.objects.filter(contact__phone="{number}").count())
"""
TEXTS = """
from tongdai.people.models import Interaction
print(*Interaction.objects.filter(direction="out", address="{number}").values_list("body", flat=True), sep="|")
"""


@pytest.fixture(scope="module")
def carrier() -> Iterator[People]:
    people = People(free_port(), {})
    yield people
    people.stop()


@pytest.fixture(scope="module")
def on_duty(carrier: People) -> Iterator[House]:
    ports = {"TONGDAI_SIP_PORT": str(free_port())}
    with House(**ports, TONGDAI_RTP_PORTS="43000-43999", TONGDAI_DUTY_STEP=str(STEP)) as house:
        names = {"first": FIRST, "second": SECOND, "next": NEXT, "supervisor": SUPERVISOR}
        assert told(house, CITY, port=str(carrier.port), **names) == "ok"
        assert house.run("exchange", "configure").returncode == 0
        yield house


@pytest.fixture
def people(carrier: People) -> People:
    carrier.habits.clear()
    wait_until(carrier.is_quiet, within=60)  # whoever still listens of the test before
    carrier.rung.clear()
    carrier.talked.clear()
    carrier.at_once = 0
    return carrier


def report(house: House, key: str, text: str = "Cháy nhà, có người kẹt bên trong") -> str:
    return told(house, REPORT, text=text, key=key)


def rings(house: House, case: str) -> list[str]:
    return told(house, RINGS, case=case).split()


def test_the_first_number_is_not_heard_the_second_takes_it_by_key_1(on_duty: House, people: People) -> None:
    people.habits[SECOND] = Habit(key="1")
    case = report(on_duty, "thu-1")
    wait_until(lambda: "take_duty" in told(on_duty, EVENTS, case=case), within=STEP + 20)

    assert people.numbers_rung() == [FIRST, SECOND]
    assert told(on_duty, EVENTS, case=case).split() == ["register", "ring_duty", "take_duty"]
    assert rings(on_duty, case) == ["Hằng:taken"]
    (text,) = told(on_duty, TEXTS, number=FIRST).split("|")
    assert text.startswith("KHẨN: cháy, nổ, Phường Lê Chân. Phiếu ")
    wait_until(lambda: "đã nhận việc lúc" in told(on_duty, TEXTS, number="+84904123318"))


def test_key_2_passes_it_on_at_once(on_duty: House, people: People) -> None:
    people.habits[FIRST] = Habit(key="2")
    people.habits[NEXT] = Habit(key="1")
    case = report(on_duty, "thu-2")
    wait_until(lambda: "take_duty" in told(on_duty, EVENTS, case=case), within=STEP + 20)
    assert people.numbers_rung() == [FIRST, NEXT]
    assert rings(on_duty, case) == ["Hằng:passed_on", "Huy:taken"]
    assert people.talked[1][1] - people.talked[0][1] < STEP


def test_an_answering_machine_is_no_acceptance_nor_is_a_busy_line(on_duty: House, people: People) -> None:
    people.habits |= {
        FIRST: Habit(speaks=True, hangs_up=5),
        SECOND: Habit(busy=True),
        NEXT: Habit(),
        SUPERVISOR: Habit(key="1"),
    }
    case = report(on_duty, "thu-3")
    wait_until(lambda: "take_duty" in told(on_duty, EVENTS, case=case), within=4 * STEP + 20)
    assert [each.split(":")[0] for each in rings(on_duty, case)] == ["Hằng", "Huy", "Mai"]
    assert rings(on_duty, case)[-1] == "Mai:taken" and rings(on_duty, case)[0] == "Hằng:no_key"
    assert told(on_duty, EVENTS, case=case).split() == ["register", *["ring_duty"] * 3, "take_duty"]


def test_several_cases_are_one_call(on_duty: House, people: People) -> None:
    people.habits[FIRST] = Habit(rings=6, key="1", after=4)
    cases = [report(on_duty, f"thu-4-{n}", f"Cháy nhà ở hẻm {n}") for n in range(2)]
    for case in cases:
        wait_until(lambda case=case: "take_duty" in told(on_duty, EVENTS, case=case), within=2 * STEP + 20)
    assert people.numbers_rung() == [FIRST]


def test_who_presses_5_with_nobody_at_work_talks_with_who_is_on_duty(on_duty: House, people: People) -> None:
    people.habits[FIRST] = Habit(key="1", hangs_up=20)
    caller = dial(on_duty, 1.0, "5", number="0904000105", waits_for_bye=True)
    wait_until(lambda: told(on_duty, CALL, number="+84904000105").startswith("talking"), within=STEP + 60)
    assert people.numbers_rung() == [FIRST]
    caller.done()
    wait_until(lambda: told(on_duty, CALL, number="+84904000105").startswith("ended"))
    state, outcome, path, case = told(on_duty, CALL, number="+84904000105").split(" ")
    assert (outcome, path) == ("answered", "greeting,danger")
    assert told(on_duty, EVENTS, case=case).split() == ["register", "ring_duty", "take_duty"]
    assert rings(on_duty, case) == ["Hằng:taken"]
    assert told(on_duty, MISSED, number="+84904000105") == "0"


@pytest.mark.parametrize("listening", [False, True])
def test_the_voice_process_is_killed_meanwhile_and_nobody_else_is_rung(
    on_duty: House, people: People, listening: bool
) -> None:
    people.habits[FIRST] = Habit(rings=0.3 if listening else 60)
    case = report(on_duty, f"thu-5-{listening}")
    wait_until(lambda: bool(people.talked if listening else people.rung))
    for pid in on_duty.pids("run voice"):
        os.kill(pid, signal.SIGKILL)
    people.habits[FIRST] = Habit(key="1", after=8 if listening else 2)
    wait_until(lambda: "take_duty" in told(on_duty, EVENTS, case=case), within=2 * STEP + 30)
    assert set(people.numbers_rung()) == {FIRST} and people.at_once == 1
    assert told(on_duty, EVENTS, case=case).split() == ["register", "ring_duty", "take_duty"]


def test_a_key_pressed_while_the_database_is_away_counts_once_it_is_back(on_duty: House, people: People) -> None:
    people.habits[FIRST] = Habit(speaks=True)
    case = report(on_duty, "thu-6")
    wait_until(lambda: bool(people.talked))
    for pid in on_duty.pids("postgres -D"):
        os.kill(pid, signal.SIGKILL)
    people.habits[FIRST] = Habit(key="1", after=0)
    on_duty.wait_for(lambda: "take_duty" in asked(on_duty, EVENTS, case=case), within=2 * STEP + 30)
    assert told(on_duty, EVENTS, case=case).split().count("take_duty") == 1
    assert "Hằng:taken" in rings(on_duty, case)


def test_the_exchange_falls_over_meanwhile_and_the_same_person_is_rung_again(on_duty: House, people: People) -> None:
    people.habits[FIRST] = Habit(rings=60)
    case = report(on_duty, "thu-7")
    wait_until(lambda: bool(people.rung))
    for pid in on_duty.pids("asterisk.conf"):
        os.kill(pid, signal.SIGKILL)
    people.habits |= {number: Habit(key="1") for number in (FIRST, NEXT)}
    wait_until(lambda: "take_duty" in told(on_duty, EVENTS, case=case), within=2 * STEP + 40)
    assert people.numbers_rung()[0] == FIRST and told(on_duty, EVENTS, case=case).split().count("take_duty") == 1


def asked(house: House, words: str, **names: str) -> str:
    """What the database says; nothing while it is away."""
    try:
        return house.told(words, **names)
    except AssertionError:
        return ""
