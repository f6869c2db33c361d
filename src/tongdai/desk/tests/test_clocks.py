"""An urgent case's clock: minutes, with a word, and never green while nobody has it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.city import City
from tongdai.cases.actions.take_duty import take_duty
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.desk.clocks import clock_of

NB = "\u00a0"


def words(case: Case, minutes: float) -> tuple[str, str]:
    found = clock_of(case, at=case.received_at + timedelta(minutes=minutes))
    assert found
    return found.kind, found.words


@pytest.mark.parametrize(
    ("after", "shown"),
    [
        (0, ("soon", f"còn 5{NB}phút")),
        (2.5, ("soon", f"còn 2{NB}phút")),
        (5, ("soon", f"còn 1{NB}phút")),
        (5.1, ("late", f"quá 1{NB}phút")),
        (19, ("late", f"quá 14{NB}phút")),
        (100, ("late", f"quá 95{NB}phút")),
        (190, ("late", f"quá 3{NB}giờ{NB}5{NB}phút")),
    ],
)
def test_minutes_until_somebody_has_it(city: City, after: float, shown: tuple[str, str]) -> None:
    assert words(city.case("Cháy nhà, có người kẹt"), after) == shown


def test_it_is_never_green_while_nobody_has_it(city: City) -> None:
    case = city.case("Cháy nhà, có người kẹt", received="2022-02-14 08:00")
    assert all(words(case, minutes)[0] != "done" for minutes in range(0, 60 * 24, 7))
    taken = take_duty(case, by=Actor.system(), at=case.received_at + timedelta(minutes=3))
    assert words(taken, 4) == ("done", f"còn 26{NB}phút")


def test_others_keep_their_clock(city: City) -> None:
    assert words(city.case("Rác tràn ra hè phố", received="2022-02-14 08:00"), 4) == ("done", f"26{NB}phút")
