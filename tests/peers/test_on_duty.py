"""An urgent case rings the telephone of who is on duty, until somebody presses 1. The people are a carrier's peer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.house import House, free_port
from tongdai.scenarios.sip_peers.people import Habit, People

from .hearing import wait_until
from .line import NEEDS_EXCHANGE, told

pytestmark = NEEDS_EXCHANGE

STEP = 14  # seconds, instead of two minutes
FIRST, SECOND, NEXT, SUPERVISOR = "+84912000201", "+84912000202", "+84912000203", "+84912000204"
CITY = """
from tongdai.accounts.models import DutyShift
from tongdai.channels.voice.models import Trunk
from tongdai.directory.load_places import load_province
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
print(*[e.deed for e in Event.objects.filter(case={case}).order_by("seq")])
"""
RINGS = """
from tongdai.channels.duty.models import Ring
print(*[f"{{r.name.split()[-1]}}:{{r.state}}" for r in Ring.objects.filter(alarm__waiting__case={case}).distinct().order_by("pk")])
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
    ports = {"TONGDAI_SIP_PORT": str(free_port()), "TONGDAI_EXCHANGE_PORT": str(free_port())}
    with House(**ports, TONGDAI_RTP_PORTS="43000-43999", TONGDAI_DUTY_STEP=str(STEP)) as house:
        names = {"first": FIRST, "second": SECOND, "next": NEXT, "supervisor": SUPERVISOR}
        assert told(house, CITY, port=str(carrier.port), **names) == "ok"
        assert house.run("exchange", "configure").returncode == 0
        yield house


@pytest.fixture
def people(carrier: People) -> People:
    carrier.habits.clear()
    carrier.rung.clear()
    carrier.talked.clear()
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
