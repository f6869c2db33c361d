"""A change of the working calendar moves open deadlines, each once, each on record."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.city import City
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.register import Matter, register
from tongdai.cases.actor import Actor
from tongdai.cases.deadlines import due_at, moved
from tongdai.cases.deadlines.recalculation import nightly, recalculate, shifts
from tongdai.cases.models import Case
from tongdai.directory.calendar.versions import calendar_from_rows, save_version, set_week
from tongdai.directory.calendar.working_days import Calendar, calendar_of, the_calendar
from tongdai.directory.freshness import forget
from tongdai.directory.models import Holiday
from tongdai.platform.clock import CITY_TZ

MONDAY = datetime(2026, 11, 30, 8, tzinfo=CITY_TZ)
DAY_OFF = date(2026, 12, 2)
MORNING, AFTERNOON = (time(7, 30), time(11, 30)), (time(13), time(17))


def opened(key: str, text: str = "Rác chưa được dọn ở ngõ 5") -> Case:
    made = register(Matter(text=text, channel="web"), key=key, by=Actor.citizen(channel="web"), at=MONDAY)
    return Case.objects.get(pk=made.case_id)


def in_force() -> None:
    save_version(at=MONDAY)
    forget()
    recalculate(0)


@pytest.mark.django_db
def test_a_day_off_moves_the_deadline_by_a_day_and_is_on_the_timeline(city: City) -> None:
    in_force()
    case = opened("một")
    assert case.due_at == due_at(MONDAY, hours=40)
    Holiday.objects.create(day=DAY_OFF, name="Nghỉ bão")
    assert [(each.code, each.before) for each in shifts(calendar_from_rows(at=MONDAY))] == [(case.code, case.due_at)]
    in_force()
    after = Case.objects.get(pk=case.pk)
    assert after.due_at == datetime(2026, 12, 8, 8, tzinfo=CITY_TZ)  # Monday to Monday were five days; now a day more
    assert after.calendar_version == the_calendar().version
    event = after.events.get(action="recalculate")
    assert [datetime.fromisoformat(each) for each in event.changed["due_at"]] == [case.due_at, after.due_at]
    recalculate(0)
    nightly(0)
    assert after.events.filter(action="recalculate").count() == 1


@pytest.mark.django_db
def test_a_case_with_an_agency_keeps_its_place_and_only_its_date_moves(city: City) -> None:
    in_force()
    case = opened("hai")
    assign(case, by=Actor.staff(city.coordinator), agency=city.agencies["Điện chiếu sáng"], at=MONDAY, note="")
    Holiday.objects.create(day=DAY_OFF, name="Nghỉ bão")
    in_force()
    after = Case.objects.get(pk=case.pk)
    assert after.state == "assigned" and after.lead == city.agencies["Điện chiếu sáng"] and after.due_at > case.due_at


@pytest.mark.django_db
def test_two_changes_in_a_row_leave_nobody_counted_by_the_first(city: City) -> None:
    in_force()
    case = opened("ba")
    Holiday.objects.create(day=DAY_OFF, name="Nghỉ bão")
    save_version(at=MONDAY)  # its job has not run yet
    set_week(dict.fromkeys(range(5), (MORNING,)))
    in_force()
    after = Case.objects.get(pk=case.pk)
    assert after.due_at == due_at(MONDAY, hours=40, calendar=the_calendar())
    assert after.events.filter(action="recalculate").count() == 1


@pytest.mark.django_db
def test_a_case_whose_date_stays_gets_no_event(city: City) -> None:
    in_force()
    case = opened("bốn")
    Holiday.objects.create(day=date(2027, 3, 3), name="Ngày của thành phố")
    in_force()
    after = Case.objects.get(pk=case.pk)
    assert after.calendar_version == the_calendar().version != case.calendar_version
    assert not after.events.filter(action="recalculate").exists()


weeks = st.dictionaries(
    st.integers(0, 6), st.sampled_from([(MORNING,), (AFTERNOON,), (MORNING, AFTERNOON)]), min_size=1
)
days_off = st.sets(st.integers(1, 28).map(lambda n: date(2026, 12, n)), max_size=5)


def made(week: dict[int, tuple[tuple[time, time], ...]], off: set[date]) -> Calendar:
    return calendar_of(week, days=dict.fromkeys(off, False))


@given(weeks, days_off, weeks, days_off, st.integers(0, 60 * 24 * 14), st.integers(1, 80))
def test_a_moved_deadline_is_the_one_the_new_calendar_gives(week, off, new_week, new_off, minute, hours) -> None:
    """Split shifts, Saturdays, an office open on Tuesdays only: whatever the two calendars are."""
    start = datetime.fromtimestamp(MONDAY.timestamp() + 60 * minute, CITY_TZ)
    old, new = made(week, off), made(new_week, new_off)
    due = due_at(start, hours=hours, calendar=old)
    assert moved(due, start=start, old=old, new=new) == due_at(start, hours=hours, calendar=new)
