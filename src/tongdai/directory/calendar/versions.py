"""The calendar's versions: each change of hours or days off is kept whole, and open deadlines are counted anew by it.

The rows `WorkingHours` and `Holiday` are what people edit; with the law's days they make the next version. A new year, or
a decree that a new release of the product knows, makes one too: looked for every night.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction

from tongdai.platform import jobs

from ..freshness import TTL, forget
from ..models import CalendarVersion, Holiday, WorkingHours
from .working_days import DEFAULT_WEEK, Calendar, calendar_in, calendar_of, law_days

RECALCULATE = "cases.recalculation.recalculate"
EVERYBODY_KNOWS = timedelta(seconds=2 * TTL)  # by then every process counts by the new one
Week = dict[int, tuple[tuple[time, time], ...]]


def usual_week() -> Week:
    """Weekday (0 = Monday) → spans of work, of the rows; the default week where there are none."""
    week: Week = {}
    for weekday, starts, ends in WorkingHours.objects.values_list("weekday", "starts", "ends"):
        week[weekday] = (*week.get(weekday, ()), (starts, ends))
    return week or dict(DEFAULT_WEEK)


def calendar_from_rows(*, at: datetime) -> Calendar:
    """What the rows and the law's days of this year and the next make; its version is none yet (0)."""
    days = {day: worked for year in (at.year, at.year + 1) for day, _name, worked in law_days(year)}
    return calendar_of(usual_week(), days=days | dict(Holiday.objects.values_list("day", "working")), version=0)


def set_week(week: Week) -> None:
    """Write the hours of work; `save_version` puts them in force."""
    WorkingHours.objects.all().delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(weekday=weekday, starts=starts, ends=ends)
        for weekday, spans in week.items()
        for starts, ends in spans
    )


def save_version(*, at: datetime) -> CalendarVersion | None:
    """Put the rows in force: a new version if they differ from the last, and a job that counts open deadlines anew."""
    with transaction.atomic():
        last = CalendarVersion.objects.select_for_update().order_by("-pk").first()
        made = calendar_from_rows(at=at)
        week, days = _week(made), _days(made)
        if last and (last.week, last.days) == (week, days):
            return None
        row = CalendarVersion.objects.create(week=week, days=days, made_at=at)
        jobs.defer(RECALCULATE, lock=RECALCULATE, schedule_in=EVERYBODY_KNOWS, version=row.pk)
        transaction.on_commit(forget)
    return row


def version(pk: int) -> Calendar:
    """The calendar as this version had it; the default one for a version nobody saved."""
    row = CalendarVersion.objects.filter(pk=pk).first()
    return calendar_in(row.week, row.days, version=pk) if row else calendar_of(version=pk)


def _week(made: Calendar) -> dict[str, list[list[int]]]:
    return {str(weekday): [list(span) for span in spans] for weekday, spans in made.week.items()}


def _days(made: Calendar) -> dict[str, bool]:
    return {day.isoformat(): worked for day, worked in sorted(made.days.items())}
