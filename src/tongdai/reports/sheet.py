"""The summary sheet: the figures of a period and of its halves, drawn and said, ready for a template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tongdai.cases.models import Case
from tongdai.channels.voice.figures import calls_between
from tongdai.people.models import Channel

from . import chart, figures, on_duty, ready_answers, sentences
from .figures import Figures, Row
from .period import Period

MOST_ROWS = 9


@dataclass(frozen=True)
class Compared:
    """A figure of the first half beside the second's."""

    change: float
    first: Any
    second: Any


def sheet(period: Period, *, listed: QuerySet[Case] | None, printed_at: datetime, title: str = "") -> dict[str, Any]:
    """Return everything that `reports/_sheet.html` shows."""
    counted = figures.count(period, listed=listed)
    halves = period.halves()
    first = figures.count(halves[0], listed=listed) if halves else None
    second = figures.count(halves[1], listed=listed) if halves else None
    return {
        "title": title,
        "period": period,
        "printed_at": printed_at,
        "figures": counted,
        "channels": Channel.choices,
        "lead": sentences.lead(counted, first, second),
        "compared": _compared(first, second),
        "halves": halves,
        "calls": calls_between(period.start, period.end) if listed is None else None,
        "ready": ready_answers.count(period),
        "on_duty": on_duty.count(period, cases=Case.objects.filter(confidential=False) if listed is None else listed),
        "chart": chart.draw(counted.by_day),
        "agencies": _by_punctuality(counted.by_agency)[:MOST_ROWS],
        "places": counted.by_place[:MOST_ROWS],
        "other_places": _rest(counted.by_place[MOST_ROWS:]),
        "topics": counted.by_topic,
        "most_of_a_topic": max((row.received for row in counted.by_topic), default=1),
    }


def _compared(first: Figures | None, second: Figures | None) -> dict[str, Compared] | None:
    if first is None or second is None or not first.received:
        return None
    return {
        "received": Compared(second.received / first.received - 1, first.received, second.received),
        "success": Compared(
            second.total.success_rate - first.total.success_rate, first.total.success_rate, second.total.success_rate
        ),
        "on_time": Compared(
            (second.total.on_time_rate or 0) - (first.total.on_time_rate or 0),
            first.total.on_time_rate or 0,
            second.total.on_time_rate or 0,
        ),
        "median": Compared(
            (second.median_hours or 0) - (first.median_hours or 0), first.median_hours, second.median_hours
        ),
    }


def _by_punctuality(rows: list[Row]) -> list[Row]:
    """Return the largest agencies, the most punctual first."""
    largest = rows[:MOST_ROWS]
    return sorted(largest, key=lambda row: (-(row.on_time_rate if row.on_time_rate is not None else -1), row.name))


def _rest(rows: list[Row]) -> Row | None:
    if not rows:
        return None
    sums = [sum(getattr(row, name) for row in rows) for name in ("received", "answered", "sayable", "on_time")]
    return Row("", "", *sums)
