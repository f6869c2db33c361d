"""A house with a telephone line and no browser: what its database is asked, how one dials it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable

import pytest

from tests.house import House
from tongdai.channels.voice.asterisk.install import is_installed
from tongdai.peers.sip.caller import Caller
from tongdai.platform.home import beside_the_code

NEEDS_EXCHANGE = pytest.mark.skipif(
    not (is_installed(beside_the_code("asterisk")) and shutil.which("sipp")),
    reason="needs `make voice` (Asterisk) and Debian's sip-tester (sipp)",
)

CITY = """
from tongdai.cases.actions.register import Matter, register
from tongdai.cases.actor import Actor
from tongdai.channels.voice.models import Trunk
from tongdai.directory.places.loading import load_province
from tongdai.directory.models import City, Place
from tongdai.platform.clock import today
from tongdai.knowledge.importing import seed
from tongdai.platform.clock import now
from tongdai.scenarios import tables
City.objects.update_or_create(pk=1, defaults={"name": "Hải Phòng", "province_code": "31"})
Trunk.objects.create(name="nhà mạng thử", host="127.0.0.1:9", addresses=["127.0.0.1/32"])
load_province("31")
seed.start(at=now(), today=today())
tables.build(list(Place.objects.filter(parent__code="31", valid_from="2025-07-01")), at=now())
register(Matter(text="Rác", channel="web", phone="+84912000001"), key="thu", by=Actor.citizen(channel="web"), at=now())
print("ok")
"""

# What the voice process hears, it does one after the other; an order that nobody can do it refuses, after what came before.
HEARD = """
import time
from tongdai.accounts.models import User
from tongdai.channels.voice.records import orders
from tongdai.channels.voice.models import Order
from tongdai.platform.clock import now
asks = User.objects.order_by("pk").first() or User.objects.create_user(username="hoi-tong-dai")
order, end = orders.give(Order.Kind.COME_BACK, by=asks, at=now()), time.monotonic() + 90
while order.done_at is None:
    assert time.monotonic() < end, "the voice process hears nothing"
    time.sleep(0.05)
    order.refresh_from_db()
"""


def told(house: House, asked: str, **names: str) -> str:
    return house.told(asked, **names)


def heard(house: House) -> None:
    """Until the voice process has taken in what it was told of before: the menu, who is at work."""
    house.told(HEARD)


def becomes(house: House, true: Callable[[str], object], asked: str, *, within: float = 60, **names: object) -> str:
    """What these lines print inside, once that is so."""
    end = time.monotonic() + within
    while not true(seen := house.told(asked, **names)):
        assert time.monotonic() < end, f"{seen}\n{house.printed()[-3000:]}"
        time.sleep(0.1)
    return seen


def dial(house: House, *steps: float | str, number: str, **how: object) -> Caller:
    return Caller(("127.0.0.1", int(house.environment["TONGDAI_SIP_PORT"])), *steps, number=number, **how)  # type: ignore[arg-type]
