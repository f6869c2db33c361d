"""Days, moments, whole numbers and lengths that people type: read and bounded in one place, refused in words.

PostgreSQL keeps what Python can't read back (a year before 1, `infinity`), and a day more or less at Python's own ends
is an OverflowError: one such value typed by hand would break every list it stands in. So only what a city's hotline can
mean is taken, and columns that lists are computed from have a CHECK of the same bounds.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy

from .clock import CITY_TZ

FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)  # both are taken
# What a column takes: a day wider, for a moment of the city's first or last day is another day in UTC.
STORED_FROM, STORED_UNTIL = datetime(1899, 12, 31, tzinfo=UTC), datetime(2101, 1, 2, tzinfo=UTC)
NO_DAY = gettext_lazy("Ngày chưa đúng. Viết như 21/01/2022.")
NO_MOMENT = gettext_lazy("Hãy ghi cả ngày và giờ, như 21/01/2022 17:30.")
OUT_OF_RANGE = gettext_lazy("Chỉ nhận ngày từ 01/01/1900 đến 31/12/2100.")
TOO_LONG = gettext_lazy("Dài {count} chữ cái, tối đa {most}. Chữ bạn gõ vẫn còn, xin rút gọn.")
_AS_STORED = re.compile(r"\s*\d{4}-", re.ASCII)  # `2022-01-21…`, as addresses and stored values have it
LONGEST_ID = 18  # digits: what a 64-bit column holds for certain


class NotADay(ValueError):
    """This is no day, or none that is taken; the message is for the person."""


def too_long(words: str, *, most: int) -> str:
    """What is said of more characters than are taken; empty where they fit. Nothing that was typed is ever cut."""
    return TOO_LONG.format(count=len(words), most=most) if len(words) > most else ""


def read_day(text: str) -> date:
    """`21/01/2022` (also with . or - or a space, or the eight digits alone), or `2022-01-21`.

    Raises:
        NotADay
    """
    parts = re.split(r"\s*[./-]\s*|\s+", text.strip())
    if len(parts) == 1 and re.fullmatch(r"[0-9]{8}", parts[0]):
        parts = [parts[0][:2], parts[0][2:4], parts[0][4:]]
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
    """`21/01/2022 17:30`, or `2022-01-21T17:30`: a moment in the city.

    Raises:
        NotADay
    """
    found = re.fullmatch(
        r"(?P<day>\S.*\S)(?:T|\s+)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d)?", text.strip(), re.ASCII
    )
    if found is None:
        raise NotADay(NO_MOMENT)
    day = read_day(found["day"])
    try:
        return datetime.combine(day, time(int(found["hour"]), int(found["minute"])), CITY_TZ)
    except ValueError:
        raise NotADay(NO_MOMENT) from None


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
    """A day that is taken, typed in any way that `read_day` reads."""

    default_validators = [_check]

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            return read_day(value)
        except NotADay as wrong:
            raise ValidationError(str(wrong)) from None


class MomentField(forms.DateTimeField):
    """A moment of a day that is taken, typed in any way that `read_moment` reads."""

    default_validators = [_check]

    def to_python(self, value: Any) -> datetime | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            return read_moment(value)
        except NotADay as wrong:
            raise ValidationError(str(wrong)) from None


def as_typed(value: object) -> str:
    """A day as its field shows it, `21/01/2022`; what somebody typed otherwise stays as it is."""
    if isinstance(value, str) and _AS_STORED.match(value):
        try:
            return as_typed(read_day(value))
        except NotADay:
            return value
    if isinstance(value, datetime):
        value = value.astimezone(CITY_TZ).date()
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "")


def moment_as_typed(value: object) -> str:
    """A moment as its field shows it, `21/01/2022 17:30`, in the city's time; what somebody typed otherwise stays as it is."""
    if isinstance(value, str) and _AS_STORED.match(value):
        try:
            return moment_as_typed(read_moment(value))
        except NotADay:
            return value
    return f"{value.astimezone(CITY_TZ):%d/%m/%Y %H:%M}" if isinstance(value, datetime) else str(value or "")


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
