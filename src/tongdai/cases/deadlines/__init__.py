"""Working-time arithmetic: when a case is due, by the city's calendar (hours, holidays, Tết, make-up Saturdays).

Pure Python over an immutable calendar: it runs on every registration and costs no query.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from tongdai.directory.calendar.working_days import Calendar, the_calendar
from tongdai.platform.clock import CITY_TZ

ASSIGN_WITHIN = 30  # working minutes: the coordinator's own deadline
LONGEST_PAUSE = 60  # days in a row without work: no calendar of ours is that idle
TAKEN_WITHIN = timedelta(minutes=5)  # in which somebody is to have taken an urgent case up, day and night
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def due_at(start: datetime, *, hours: float, calendar: Calendar | None = None) -> datetime:
    """The moment at which `hours` working hours have passed since `start` (aware). The answer is in UTC.

    Time outside working hours counts for nothing: what comes on Friday night starts on Monday morning. A deadline that
    falls on the end of a span is that end (17:00), not the start of the next. No hours: `start`, or when work begins again.

    Raises:
        ValueError: the calendar has no working time in two months.
    """
    return _after(start, minutes=hours * 60, calendar=calendar or the_calendar())


def assign_by(start: datetime, *, calendar: Calendar | None = None) -> datetime:
    """By when the coordinator must have passed on what came in at `start`: 30 working minutes, in UTC."""
    return _after(start, minutes=ASSIGN_WITHIN, calendar=calendar or the_calendar())


def end_of(day: date, *, calendar: Calendar | None = None) -> datetime | None:
    """When the city's work ends on a day, in UTC; None on a day off."""
    spans = (calendar or the_calendar()).spans(day)
    return _at(day, spans[-1][1]).astimezone(UTC) if spans else None


def end_of_days(start: datetime, *, days: int, calendar: Calendar | None = None) -> datetime:
    """When work ends on the last of so many whole working days after the day of `start`, in UTC; 1: the next one's end.

    Raises:
        ValueError: the calendar has no working time in two months.
    """
    book, day, left, idle = calendar or the_calendar(), start.astimezone(CITY_TZ).date(), max(days, 1), 0
    while left:
        day += DAY
        left, idle = (left - 1, 0) if book.spans(day) else (left, idle + 1)
        if idle > LONGEST_PAUSE:
            raise ValueError(f"the calendar has no working time in the {LONGEST_PAUSE} days before {day}")
    return _at(day, book.spans(day)[-1][1]).astimezone(UTC)


def after_pause(
    deadline: datetime, *, since: datetime, until: datetime, old: Calendar | None = None, new: Calendar | None = None
) -> datetime:
    """A deadline whose clock stood from `since` to `until`: the working time that was left is left. In UTC.

    `until` before `since` takes a pause back. `old`, `new`: the calendars before and after, where it changed meanwhile.
    """
    left = working_time(since, deadline, calendar=old)
    return _after(until, minutes=left / MINUTE, calendar=new or the_calendar())


def moved(deadline: datetime, *, start: datetime, old: Calendar, new: Calendar) -> datetime:
    """A deadline counted from `start` by the old calendar, with as much working time by the new one. In UTC."""
    span = working_time(start, deadline, calendar=old)
    return _after(start, minutes=span / MINUTE, calendar=new) if span else deadline


def working_time(start: datetime, end: datetime, *, calendar: Calendar | None = None) -> timedelta:
    """The working time between two moments; nothing if `end` is not after `start`."""
    book = calendar or the_calendar()
    first, last = start.astimezone(CITY_TZ), end.astimezone(CITY_TZ)
    total, day = timedelta(), first.date()
    while day <= last.date():
        for opens, closes in book.spans(day):
            worked = min(_at(day, closes), last) - max(_at(day, opens), first)
            total += max(worked, timedelta())
        day += DAY
    return total


def warm_up() -> None:
    """Read the calendar and the law's holidays, whose package takes a third of a second to load."""
    assign_by(datetime.now(UTC))


@lru_cache(maxsize=256)  # a window of texts comes at one moment
def _after(start: datetime, *, minutes: float, calendar: Calendar) -> datetime:
    left, local, idle = timedelta(minutes=minutes), start.astimezone(CITY_TZ), 0
    day = local.date()
    while True:
        spans = calendar.spans(day)
        for opens, closes in spans:
            begin, end = max(_at(day, opens), local), _at(day, closes)
            if begin < end:
                if left <= end - begin:
                    return (begin + left).astimezone(UTC)
                left -= end - begin
        idle = 0 if spans else idle + 1
        if idle > LONGEST_PAUSE:
            raise ValueError(f"the calendar has no working time in the {LONGEST_PAUSE} days before {day}")
        day += DAY


def _at(day: date, minute: int) -> datetime:
    """A minute of a day in the city's zone; 1440 is midnight. Vietnam has no daylight saving time."""
    return datetime(day.year, day.month, day.day, tzinfo=CITY_TZ) + timedelta(minutes=minute)
