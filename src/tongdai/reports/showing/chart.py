"""The days of a period as a line drawing: coordinates only, for a template to draw as SVG."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from tongdai.directory.calendar.working_days import the_calendar

from ..figures import Day

LEFT, RIGHT, TOP, BOTTOM = 30.0, 598.0, 14.0, 152.0


@dataclass(frozen=True)
class Mark:
    """A word at a place of the drawing."""

    x: float
    y: float
    words: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Band:
    """A stretch of days off, such as Tết."""

    x: float
    width: float


@dataclass(frozen=True)
class Chart:
    """Two lines over one scale."""

    received: str
    answered: str
    rows: list[Mark]
    days: list[Mark]
    off: list[Band]
    peak: Day
    peak_x: float
    peak_y: float
    last: Day
    last_received_y: float
    last_answered_y: float


def draw(days: list[Day]) -> Chart | None:
    """Draw the chart; None where there is nothing to draw: fewer than two days, or not one case."""
    most = max((max(day.received, day.answered) for day in days), default=0)
    if len(days) < 2 or not most:
        return None
    step = _round_step(most)
    scale = step * max(1, math.ceil(most / step))

    def x(place: int) -> float:
        return round(LEFT + (RIGHT - LEFT) * place / (len(days) - 1), 1)

    def y(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * value / scale, 1)

    peak = max(range(len(days)), key=lambda place: days[place].received)
    last = days[-1]
    received_y, answered_y = _apart(y(last.received), y(last.answered))
    return Chart(
        received="M" + " ".join(f"{x(n)} {y(day.received)}" for n, day in enumerate(days)),
        answered="M" + " ".join(f"{x(n)} {y(day.answered)}" for n, day in enumerate(days)),
        rows=[Mark(LEFT, y(value), str(value)) for value in range(0, scale + 1, step)],
        days=[Mark(x(n), 170, words, anchor) for n, words, anchor in _labels([day.day for day in days])],
        off=[
            Band(x(first), round(x(last_off) - x(first), 1)) for first, last_off in _holidays([day.day for day in days])
        ],
        peak=days[peak],
        peak_x=x(peak),
        peak_y=y(days[peak].received),
        last=last,
        last_received_y=received_y,
        last_answered_y=answered_y,
    )


def _round_step(most: int) -> int:
    """Return a step of 1, 2, 4, 5 × 10ⁿ that gives three or four lines."""
    size: int = 10 ** max(0, len(str(most)) - 2)
    return next(step * size for step in (1, 2, 4, 5, 10, 20, 40, 50) if most / (step * size) <= 4)


def _labels(days: list[date]) -> list[tuple[int, str, str]]:
    """Return the first day, the last, and the 1st and 15th between, where there is room."""
    room = max(1, len(days) // 9)
    found = [(0, f"{days[0].day}.{days[0].month}", "start")]
    for place, day in enumerate(days):
        wanted = day.day in (1, 15) if len(days) > 20 else True
        if wanted and place - found[-1][0] >= room and len(days) - 1 - place >= room:
            found.append((place, f"{day.day}.{day.month}", "middle"))
    return [*found, (len(days) - 1, f"{days[-1].day}.{days[-1].month}", "middle")]


def _holidays(days: list[date]) -> list[tuple[int, int]]:
    """Return stretches of four days off or more (Tết), as places of their first and last day."""
    calendar, found, start = the_calendar(), [], None
    for place, day in enumerate([*days, days[-1] + timedelta(days=1)]):
        off = place < len(days) and not calendar.spans(day)
        if off and start is None:
            start = place
        elif not off and start is not None:
            if place - start >= 4:
                found.append((start, place - 1))
            start = None
    return found


def _apart(one: float, other: float, gap: float = 15.0) -> tuple[float, float]:
    """Move the two words at the lines' ends apart where they would cover each other."""
    if abs(one - other) >= gap:
        return one + 4, other + 4
    middle = min((one + other) / 2, BOTTOM - gap / 2)  # above the days
    return (
        (middle - gap / 2 + 4, middle + gap / 2 + 4) if one <= other else (middle + gap / 2 + 4, middle - gap / 2 + 4)
    )
