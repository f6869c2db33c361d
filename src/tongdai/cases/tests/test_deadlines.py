"""When a case is due: working time by the city's calendar."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdai.cases.deadlines import assign_by, due_at, working_time
from tongdai.directory.calendar.working_days import calendar_of
from tongdai.platform.clock import CITY_TZ

USUAL = calendar_of()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY_TZ)


@pytest.mark.parametrize(
    ("received", "hours", "due"),
    [
        ("2022-02-14 08:00", 4, "2022-02-14 13:30"),  # over lunch
        ("2022-02-14 08:00", 40, "2022-02-21 08:00"),  # five working days, over a weekend
        ("2022-02-14 07:30", 8, "2022-02-14 17:00"),  # the end of a day is that end, not the next morning
        ("2022-02-18 22:15", 1, "2022-02-21 08:30"),  # Friday night starts on Monday
        ("2022-02-19 10:00", 8, "2022-02-21 17:00"),  # so does Saturday
        ("2022-02-14 12:00", 1, "2022-02-14 14:00"),  # a lunch break is no working time
        ("2022-01-28 16:00", 8, "2022-02-07 16:00"),  # Tết 31.1–4.2.2022
        ("2022-04-29 16:00", 2, "2022-05-04 08:30"),  # 30.4 and 1.5 fell on a weekend: 2 and 3 May were off in lieu
        ("2024-04-26 16:00", 2, "2024-05-02 08:30"),  # a bridge day off …
        ("2024-05-03 16:00", 2, "2024-05-04 08:30"),  # … and the Saturday worked for it
        ("2022-02-14 08:00", 0, "2022-02-14 08:00"),
    ],
)
def test_a_deadline_counts_working_hours_alone(received: str, hours: int, due: str) -> None:
    assert due_at(at(received), hours=hours, calendar=USUAL) == at(due)


def test_the_coordinator_has_thirty_working_minutes() -> None:
    assert assign_by(at("2022-02-14 08:00"), calendar=USUAL) == at("2022-02-14 08:30")
    assert assign_by(at("2022-02-14 16:45"), calendar=USUAL) == at("2022-02-15 07:45")


def test_a_local_day_off_and_a_saturday_worked_overrule_the_law() -> None:
    city = calendar_of(days={date(2022, 5, 13): False, date(2022, 5, 14): True, date(2022, 2, 4): True})
    assert due_at(at("2022-05-12 16:00"), hours=2, calendar=city) == at("2022-05-14 08:30")
    assert due_at(at("2022-01-28 16:00"), hours=2, calendar=city) == at("2022-02-04 08:30")


def test_a_city_that_works_on_saturday_morning_counts_it() -> None:
    week = {day: ((time(8), time(12)),) for day in range(6)}
    assert due_at(at("2022-02-18 11:00"), hours=2, calendar=calendar_of(week)) == at("2022-02-19 09:00")


def test_a_calendar_without_work_is_refused_not_searched_for_ever() -> None:
    with pytest.raises(ValueError, match="no working time"):
        due_at(at("2022-02-14 08:00"), hours=1, calendar=calendar_of({}))


FIRST, LAST = datetime.fromisoformat("2021-01-01"), datetime.fromisoformat("2026-12-31")
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(CITY_TZ))


@given(MOMENTS, st.integers(1, 200))
def test_the_working_time_up_to_the_deadline_is_what_the_law_gives(received: datetime, hours: int) -> None:
    due = due_at(received, hours=hours, calendar=USUAL)
    assert due.tzinfo is UTC
    assert working_time(received, due, calendar=USUAL) == timedelta(hours=hours)


@given(MOMENTS, st.integers(1, 100), st.timedeltas(timedelta(), timedelta(days=9)))
def test_what_comes_later_is_never_due_earlier(received: datetime, hours: int, wait: timedelta) -> None:
    assert due_at(received, hours=hours, calendar=USUAL) <= due_at(received + wait, hours=hours, calendar=USUAL)


@given(MOMENTS, MOMENTS, MOMENTS)
def test_working_time_adds_up(a: datetime, b: datetime, c: datetime) -> None:
    first, middle, last = sorted((a, b, c))
    parts = working_time(first, middle, calendar=USUAL) + working_time(middle, last, calendar=USUAL)
    assert parts == working_time(first, last, calendar=USUAL)
