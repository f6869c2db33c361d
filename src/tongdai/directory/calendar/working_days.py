"""The city's working calendar as an immutable value: when it works, day by day.

The law's holidays (Bộ luật Lao động 2019, art. 112, with the days in lieu and the swaps decided each year) come from the
`holidays` package; the rows of `Holiday` overrule them day by day: a local day off, a Saturday worked to make up for one.
What is in force is the last `CalendarVersion` (calendar_versions.py), made of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache
from typing import Any

from ..freshness import Fresh
from ..models import CalendarVersion, Holiday

Span = tuple[int, int]  # from, to: minutes after midnight
MORNING, AFTERNOON = (time(7, 30), time(11, 30)), (time(13), time(17))
DEFAULT_WEEK = dict.fromkeys(range(5), (MORNING, AFTERNOON))


@dataclass(frozen=True, eq=False)  # the same one is the same one: what is computed from it is kept by it
class Calendar:
    """`week`: weekday (0 = Monday) → spans of work, in order. `days`: the days that differ; True: worked all the same."""

    week: dict[int, tuple[Span, ...]]
    days: dict[date, bool] = field(default_factory=dict)
    version: int = 1  # what a deadline counted by it is marked with
    _known: dict[date, tuple[Span, ...]] = field(default_factory=dict, compare=False, repr=False)

    def spans(self, day: date) -> tuple[Span, ...]:
        """When the city works on this day; empty on a day off."""
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = self._spans(day)
        return known

    def _spans(self, day: date) -> tuple[Span, ...]:
        make_up = vietnamese_make_up_day(day)
        if not self.days.get(day, make_up or not vietnamese_holiday(day)):
            return ()
        usual = self.week.get(day.weekday(), ())
        return usual or (self._working_day() if self.days.get(day, make_up) else ())

    def _working_day(self) -> tuple[Span, ...]:
        """The spans of the week's first working day: how long a make-up Saturday is."""
        return next((self.week[weekday] for weekday in sorted(self.week) if self.week[weekday]), ())


def calendar_of(
    week: Mapping[int, tuple[tuple[time, time], ...]] = DEFAULT_WEEK,
    *,
    days: dict[date, bool] | None = None,
    version: int = 1,
) -> Calendar:
    """A calendar from clock times. `days`: date → whether it is worked, where it differs from the law's calendar."""
    minutes = {
        weekday: tuple((a.hour * 60 + a.minute, b.hour * 60 + b.minute) for a, b in sorted(spans))
        for weekday, spans in week.items()
    }
    return Calendar(minutes, dict(days or {}), version)


def calendar_in(week: dict[str, list[list[int]]], days: dict[str, bool], *, version: int) -> Calendar:
    """The calendar that `CalendarVersion` keeps as JSON."""
    return Calendar(
        {int(weekday): tuple((opens, closes) for opens, closes in spans) for weekday, spans in week.items()},
        {date.fromisoformat(day): worked for day, worked in days.items()},
        version,
    )


def _read() -> Calendar:
    row = CalendarVersion.objects.order_by("-pk").first()
    return calendar_in(row.week, row.days, version=row.pk) if row else calendar_of()


the_calendar = Fresh(_read)
"""`the_calendar()` → the city's calendar, seconds old at most."""


def vietnamese_holiday(day: date) -> str:
    """The name of the law's day off that falls on this day, in Vietnamese; empty on any other day."""
    return _holidays(day.year)[0].get(day, "")


def vietnamese_make_up_day(day: date) -> bool:
    """Whether the State had this Saturday worked for a bridge day (2024: 4 May for 29 April)."""
    return day in _holidays(day.year)[1]


@cache
def _holidays(year: int) -> tuple[dict[date, str], frozenset[date]]:
    """The days off and the make-up days of a year. `holidays` names a swap in the year of the day off: look in both."""
    from holidays.countries.vietnam import Vietnam  # a third of a second to import: not before somebody asks

    law: Any = Vietnam(years=(year, year + 1), language="vi")  # type: ignore[no-untyped-call]
    days = {day: name for day, name in law.items() if day.year == year}
    return days, frozenset(day for day in law.weekend_workdays if day.year == year)


@dataclass(frozen=True)
class CityDay:
    """A day that differs from the week. `own`: the city wrote it, else it is the law's."""

    day: date
    name: str
    worked: bool
    own: bool


def city_days(year: int) -> list[CityDay]:
    """The days off and the make-up days of a year, in order: the law's, overruled by the city's rows."""
    found = {day: CityDay(day, name, worked, own=False) for day, name, worked in law_days(year)}
    for row in Holiday.objects.filter(day__year=year):
        found[row.day] = CityDay(row.day, row.name, row.working, own=True)
    return [found[day] for day in sorted(found)]


def law_days(year: int) -> list[tuple[date, str, bool]]:
    """The law's calendar of a year: (day, name, worked), in order; what the settings show and a CSV may change."""
    days, make_up = _holidays(year)
    rows = [(day, name, False) for day, name in days.items() if day not in make_up]
    return sorted(rows + [(day, "", True) for day in make_up])
