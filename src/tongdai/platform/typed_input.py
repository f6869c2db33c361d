"""Days, moments, whole numbers and lengths that people type: read and bounded in one place, refused in words.

PostgreSQL keeps what Python can't read back (a year before 1, `infinity`), and a day more or less at Python's own ends
is an OverflowError: one such value typed by hand would break every list it stands in. So only what a city's hotline can
mean is taken, and columns that lists are computed from have a CHECK of the same bounds.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy

from .clock import CITY_TZ

FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)  # both are taken
# What a column takes: a day wider, for a moment of the city's first or last day is another day in UTC.
STORED_FROM, STORED_UNTIL = datetime(1899, 12, 31, tzinfo=UTC), datetime(2101, 1, 2, tzinfo=UTC)
NO_DAY = gettext_lazy("Ngày chưa đúng. Viết như 21.1.2022.")
NO_MOMENT = gettext_lazy("Hãy ghi cả ngày và giờ.")
OUT_OF_RANGE = gettext_lazy("Chỉ nhận ngày từ 1.1.1900 đến 31.12.2100.")
TOO_LONG = gettext_lazy("Dài {count} chữ cái, tối đa {most}. Chữ bạn gõ vẫn còn, xin rút gọn.")
LONGEST_ID = 18  # digits: what a 64-bit column holds for certain


class NotADay(ValueError):
    """This is no day, or none that is taken; the message is for the person."""


def too_long(words: str, *, most: int) -> str:
    """What is said of more characters than are taken; empty where they fit. Nothing that was typed is ever cut."""
    return TOO_LONG.format(count=len(words), most=most) if len(words) > most else ""


def read_day(text: str) -> date:
    """`2022-01-21` or `21.1.2022` (also with / or -).

    Raises:
        NotADay
    """
    parts = re.split(r"[./-]", text.strip())
    if len(parts) != 3 or not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts):
        raise NotADay(NO_DAY)
    year, month, day = map(int, parts if len(parts[0]) == 4 else reversed(parts))
    try:
        return taken(date(year, month, day))
    except NotADay:
        raise
    except ValueError:
        raise NotADay(NO_DAY) from None


def read_moment(text: str) -> datetime:
    """`2022-01-21T17:30`, as a browser sends what was chosen: a moment in the city.

    Raises:
        NotADay
    """
    if not re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", text.strip(), re.ASCII):
        raise NotADay(NO_MOMENT)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise NotADay(NO_MOMENT) from None
    taken(moment.date())
    return moment.replace(tzinfo=CITY_TZ)


def taken(day: date) -> date:
    """The day itself.

    Raises:
        NotADay: it lies outside what is taken.
    """
    if not FIRST <= day <= LAST:
        raise NotADay(OUT_OF_RANGE)
    return day


def _check(value: date | datetime) -> None:
    """A form's moment is aware: its day is the one that was typed, in the city."""
    try:
        taken(value.date() if isinstance(value, datetime) else value)
    except NotADay as wrong:
        raise ValidationError(str(wrong)) from None


class DayField(forms.DateField):
    """A day that is taken."""

    default_validators = [_check]


class MomentField(forms.DateTimeField):
    """A moment of a day that is taken."""

    default_validators = [_check]


def days_taken(*names: str) -> Q:
    """For a CHECK: these columns of days hold none that isn't taken; empty ones pass."""
    return Q(**{f"{name}__{bound}": day for name in names for bound, day in (("gte", FIRST), ("lte", LAST))})


def moments_taken(*names: str) -> Q:
    """For a CHECK: these columns of moments hold none that can't be read back or counted on from; empty ones pass."""
    bounds = (("gte", STORED_FROM), ("lt", STORED_UNTIL))
    return Q(**{f"{name}__{bound}": moment for name in names for bound, moment in bounds})


def read_number(text: str, *, least: int = 0, most: int) -> int | None:
    """A whole number in digits, within bounds; None where it is no such number."""
    text = text.strip()
    if not re.fullmatch(r"[0-9]{1,18}", text):
        return None
    number = int(text)
    return number if least <= number <= most else None


def read_id(text: object) -> int | None:
    """A row's id as a page of ours sends it; None where it is none."""
    return read_number(str(text or ""), least=1, most=10**LONGEST_ID - 1)
