"""The summary sheet: the figures of a period, compared with the one before, drawn and said, ready for a template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tongdai.cases.models import Case
from tongdai.channels.voice.figures import IN_TIME, calls_between

from . import comparison, figures, on_duty, ratings, ready_answers
from .figures import Row, added
from .one_moment import at_one_moment
from .period import Period
from .showing import chart, sentences, ward_map

MOST_ROWS = 9


@dataclass(frozen=True)
class Breakdown:
    """A table: its lines, the sum of those there was no room for, the cases of no group; with `unlisted` they add up."""

    shown: list[Row]
    rest: Row | None = None
    without: Row | None = None


def sheet(period: Period, *, listed: QuerySet[Case] | None, printed_at: datetime, title: str = "") -> dict[str, Any]:
    """Return everything that `reports/_sheet.html` shows."""
    with at_one_moment():
        counted = figures.count(period, listed=listed)
        compared = comparison.compare(period)
        agencies = all_agencies(counted.by_agency)
        return {
            "title": title,
            "period": period,
            "printed_at": printed_at,
            "figures": counted,
            "channels": Breakdown(counted.channels),
            "lead": sentences.lead(counted, compared, agencies=agencies.shown),
            "compared": compared,
            "calls": calls_between(period.start, period.end),
            "in_seconds": round(IN_TIME.total_seconds()),
            "ready": ready_answers.count(period),
            "on_duty": on_duty.count(period),
            "ratings": ratings.count(period),
            "chart": chart.draw(counted.by_day),
            "agencies": agencies,
            "places": largest(counted.by_place),
            "ward_map": ward_map.draw(counted.by_place, period),
            "topics": Breakdown(counted.by_topic),
            "most_of_a_topic": max((row.received for row in counted.by_topic), default=1),
        }


def largest(rows: list[Row]) -> Breakdown:
    """Return the largest groups, and the others as one."""
    return Breakdown(rows[:MOST_ROWS], rest=added(rows[MOST_ROWS:]) if rows[MOST_ROWS:] else None)


def all_agencies(rows: list[Row]) -> Breakdown:
    """Return every agency that was given a case, the one with most first; the cases that no agency has."""
    return Breakdown([row for row in rows if row.key], without=next((row for row in rows if not row.key), None))
