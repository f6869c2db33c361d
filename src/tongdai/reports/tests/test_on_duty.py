"""How soon an urgent case was taken: counted by hand beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from tests.city import HONG_BANG, City
from tongdai.cases.actions.ring_duty import ring_duty
from tongdai.cases.actions.take_duty import take_duty
from tongdai.cases.actor import Actor
from tongdai.reports import on_duty
from tongdai.reports.period import Period

pytestmark = pytest.mark.django_db
FEBRUARY = Period(date(2022, 2, 1), date(2022, 2, 28))
FIRE = "Cháy nhà, có người kẹt bên trong"


def test_minutes_shares_and_escalations_are_what_happened(city: City) -> None:
    for n, (minutes, rung) in enumerate([(1, 1), (2, 1), (3, 2), (4, 2), (30, 3)]):
        case = city.case(f"{FIRE} {n}", received=f"2022-02-1{n} 08:00")
        for ring in range(rung):
            ring_duty(case, ring=ring, rank=1, at=case.received_at + timedelta(seconds=ring))
        take_duty(case, by=Actor.system(), at=case.received_at + timedelta(minutes=minutes))
    city.case(f"{FIRE} chưa ai nhận", received="2022-02-20 08:00")
    city.case(f"{FIRE} ngoài kỳ", received="2022-03-20 08:00")
    city.case("Rác tràn ra hè phố", received="2022-02-20 08:00", lead=HONG_BANG, accepted=True)
    found = on_duty.count(FEBRUARY)
    assert (found.urgent, found.taken, found.within_5, found.escalated) == (6, 5, 4, 3)
    assert found.median == 3 and found.p90 == pytest.approx(19.6)
    assert found.share_within_5 == pytest.approx(4 / 6)
    assert found.as_json()["median_minutes_to_take"] == 3


def test_whoever_came_three_minutes_ago_was_not_left_waiting(city: City, turned_to: Callable[[datetime], None]) -> None:
    taken = city.case(FIRE, received="2022-02-14 08:00")
    take_duty(taken, by=Actor.system(), at=taken.received_at + timedelta(minutes=1))
    city.case(f"{FIRE} nữa", received="2022-02-14 09:00", phone="+84904123319")
    turned_to(city.at("2022-02-14 09:03"))
    found = on_duty.count(FEBRUARY)
    assert (found.urgent, found.undue, found.share_within_5) == (2, 1, 1.0)
    turned_to(city.at("2022-02-14 09:06"))
    assert on_duty.count(FEBRUARY).share_within_5 == 0.5


def test_nothing_urgent_is_no_figure(city: City) -> None:
    found = on_duty.count(FEBRUARY)
    assert (found.urgent, found.median, found.share_within_5) == (0, None, 0.0)
