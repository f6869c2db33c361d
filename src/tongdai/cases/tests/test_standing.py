"""Where a case stands in time: which clock runs, from when it is overdue, from when it is due soon."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.city import HONG_BANG, LE_CHAN, City
from tongdai.cases import standing
from tongdai.cases.actions.hand_back import hand_back
from tongdai.cases.actions.take_duty import take_duty
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.cases.standing import Clock

SECOND = timedelta(seconds=1)


def new(city: City) -> Case:
    """Monday 8:00: to be passed on by 8:30, answered by the next Monday 8:00."""
    return city.case("Rác tràn ra hè phố", received="2022-02-14 08:00")


def handed_back(city: City) -> Case:
    case = city.case("Rác tràn ra hè phố", received="2022-02-14 08:00", lead=HONG_BANG)
    by = Actor.staff(city.officer(HONG_BANG))
    return hand_back(case, by=by, reason="Thuộc phường khác", at=city.at("2022-02-14 09:00"))


@pytest.mark.parametrize(
    ("which", "clock", "runs_out"),
    [
        ("new", Clock.ASSIGN, "2022-02-14 08:30"),
        ("assigned", Clock.ANSWER, "2022-02-21 08:00"),
        ("accepted", Clock.ANSWER, "2022-02-21 08:00"),
        ("handed back", Clock.ANSWER, "2022-02-21 08:00"),
        ("urgent", Clock.TAKE, "2022-02-14 08:05"),
        ("urgent, taken up", Clock.ASSIGN, "2022-02-14 08:30"),
        ("answered", None, "2022-02-21 08:00"),
    ],
)
def test_one_clock_runs_at_a_time(city: City, which: str, clock: Clock | None, runs_out: str) -> None:
    case = made(city, which)
    assert standing.running(case) is clock and standing.runs_out(case) == city.at(runs_out)
    assert [each for each in Clock if Case.objects.filter(standing.runs(each)).exists()] == ([clock] if clock else [])
    assert Case.objects.annotate(end=standing.RUNS_OUT).get().end == city.at(runs_out)


@pytest.mark.parametrize(
    ("which", "at", "stands"),
    [
        ("new", "2022-02-14 08:22:29", ""),
        ("new", "2022-02-14 08:22:30", "soon"),  # a quarter of the half hour is left
        ("new", "2022-02-14 08:30:00", "soon"),  # to the very moment it is in time
        ("new", "2022-02-14 08:30:01", "overdue"),
        ("new", "2022-02-20 20:00:00", "overdue"),  # of the answer clock half a day would be left
        ("assigned", "2022-02-19 13:59:59", ""),
        ("assigned", "2022-02-19 14:00:00", "soon"),  # 42 of the 168 hours are left
        ("assigned", "2022-02-21 08:00:00", "soon"),
        ("assigned", "2022-02-21 08:00:01", "overdue"),
        ("handed back", "2022-02-14 09:30:00", ""),  # the half hour was the first coordinator's
        ("handed back", "2022-02-21 08:00:01", "overdue"),
        ("urgent", "2022-02-14 08:00:00", "soon"),  # while nobody has it, there is never time
        ("urgent", "2022-02-14 08:05:00", "soon"),
        ("urgent", "2022-02-14 08:05:01", "overdue"),
        ("urgent, taken up", "2022-02-14 08:20:00", ""),
        ("answered", "2022-03-01 08:00:00", ""),
    ],
)
def test_overdue_and_due_soon_are_the_same_of_a_case_and_in_a_query(
    city: City, which: str, at: str, stands: str
) -> None:
    case, moment = made(city, which), city.at(at)
    assert standing.is_overdue(case, at=moment) == (stands == "overdue")
    assert standing.is_due_soon(case, at=moment) == (stands == "soon")
    assert Case.objects.filter(standing.overdue(at=moment)).exists() == (stands == "overdue")
    assert Case.objects.filter(standing.due_soon(at=moment)).exists() == (stands == "soon")


def test_the_answer_clock_of_a_new_case_can_be_asked_for(city: City) -> None:
    new(city)
    late, soon = city.at("2022-02-21 08:00:01"), city.at("2022-02-20 20:00")
    assert Case.objects.filter(standing.overdue(at=late, clock=Clock.ANSWER)).exists()
    assert Case.objects.filter(standing.due_soon(at=soon, clock=Clock.ANSWER)).exists()
    assert not Case.objects.filter(standing.overdue(at=soon, clock=Clock.ANSWER)).exists()


@pytest.mark.parametrize(("answered", "in_time"), [("08:00:00", True), ("08:00:01", False)])
def test_an_answer_at_the_very_moment_is_in_time(city: City, answered: str, in_time: bool) -> None:
    case = city.answered("Rác tràn ra hè phố", received="2022-02-14 08:00")
    at = datetime.fromisoformat(f"2022-02-21 {answered}+07:00")
    Case.objects.update(answered_at=at)
    assert standing.is_in_time(at, due_at=case.due_at) == in_time
    assert Case.objects.filter(standing.ANSWERED_IN_TIME).exists() == in_time


def made(city: City, which: str) -> Case:
    if which == "new":
        return new(city)
    if which == "handed back":
        return handed_back(city)
    if which == "answered":
        return city.answered("Rác tràn ra hè phố", received="2022-02-14 08:00")
    if which.startswith("urgent"):
        case = city.case("Cháy nhà, có người kẹt", received="2022-02-14 08:00")
        taken = which.endswith("taken up")
        return take_duty(case, by=Actor.system(), at=city.at("2022-02-14 08:03")) if taken else case
    return city.case("Rác tràn ra hè phố", received="2022-02-14 08:00", lead=LE_CHAN, accepted=which == "accepted")
