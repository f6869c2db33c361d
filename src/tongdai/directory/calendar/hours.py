"""The week's hours of work as people write them: `7:30-11:30, 13:00-17:00` a day; on a page and as CSV."""

from __future__ import annotations

import re
from datetime import datetime, time
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..freshness import forget
from ..imports import NotThisTable, WrongCell, check_cells, problem_line, required, rows_of
from ..outcome import Outcome
from .versions import Week, save_version, set_week, usual_week

DAYS = (
    gettext_lazy("Thứ Hai"),
    gettext_lazy("Thứ Ba"),
    gettext_lazy("Thứ Tư"),
    gettext_lazy("Thứ Năm"),
    gettext_lazy("Thứ Sáu"),
    gettext_lazy("Thứ Bảy"),
    gettext_lazy("Chủ nhật"),
)
COLUMNS = ("weekday", "hours")
CODES = ("2", "3", "4", "5", "6", "7", "CN")  # as Vietnam numbers the days of the week
_TIME = r"(\d{1,2})(?:\s*(?:[:.hg]|giờ)\s*(\d{2})?)?"
_SPAN = re.compile(rf"{_TIME}\s*[-–—]\s*{_TIME}", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;\n]|\bvà\b")


class WrongHours(ValueError):
    """The hours can't be read. The message is for the person."""


def read_hours(text: str) -> tuple[tuple[time, time], ...]:
    """Spans of work of one day, in order; `7h30–11h30; 13–17` will do. Empty: a day off.

    Raises:
        WrongHours: not hours, a span that ends before it begins, or two that overlap.
    """
    spans = sorted(_span(part.strip()) for part in _BETWEEN.split(text) if part.strip())
    for (_begin, end), (begin, _end) in zip(spans, spans[1:], strict=False):
        if begin < end:
            raise WrongHours(_("hai khoảng giờ chồng lên nhau quanh {at}").format(at=_written(begin)))
    return tuple(spans)


def _span(part: str) -> tuple[time, time]:
    found = _SPAN.fullmatch(part)
    try:
        if not found:
            raise ValueError
        hour, minute, until_hour, until_minute = (int(each or 0) for each in found.groups())
        begin, end = time(hour, minute), time(until_hour, until_minute)
    except ValueError:
        raise WrongHours(
            _("“{text}” không phải khoảng giờ; viết như 7:30-11:30, 13:00-17:00").format(text=part)
        ) from None
    if end <= begin:
        raise WrongHours(_("“{text}” kết thúc trước khi bắt đầu").format(text=part))
    return begin, end


def write_hours(spans: tuple[tuple[time, time], ...]) -> str:
    """As `read_hours` reads it."""
    return ", ".join(f"{_written(begin)}-{_written(end)}" for begin, end in sorted(spans))


def _written(moment: time) -> str:
    return f"{moment.hour}:{moment.minute:02d}"


def hours_table() -> str:
    """The week as CSV, a line a day."""
    from ..exports import MARK

    week = usual_week()
    lines = [f'{code},"{write_hours(week.get(day, ()))}"' for day, code in enumerate(CODES)]
    return MARK + "\n".join([",".join(COLUMNS), *lines, ""])


def load_hours(path: Path, *, at: datetime, dry_run: bool = False) -> Outcome:
    """Read the week from CSV and put it in force, unless it is a dry run or anything in it is wrong.

    Raises:
        NotThisTable: not UTF-8, a column is missing, or no day of the week is worked.
    """
    before, outcome = usual_week(), Outcome()
    week: Week = dict(before)
    for number, cells in rows_of(path, columns=COLUMNS, needed=COLUMNS):
        try:
            check_cells(cells)
            day = _weekday(required(cells, "weekday"))
            week[day] = _read_cell(cells["hours"])
        except WrongCell as wrong:
            outcome.problems.append(problem_line(number, wrong))
            continue
        line = f"{DAYS[day]}: {write_hours(week[day]) or _('nghỉ')}"
        if week[day] == before.get(day, ()):
            outcome.unchanged += 1
        else:
            outcome.changed.append(line)
    if not any(week.values()):
        raise NotThisTable(_("Cả tuần không có giờ làm việc nào."))
    if not (dry_run or outcome.problems):
        with transaction.atomic():
            set_week(week)
            save_version(at=at)
        forget()
    return outcome


def _read_cell(text: str) -> tuple[tuple[time, time], ...]:
    try:
        return read_hours(text)
    except WrongHours as wrong:
        raise WrongCell("hours", str(wrong)) from None


def _weekday(text: str) -> int:
    code = text.strip().upper().removeprefix("THỨ").removeprefix("T").strip()
    names = {str(name).upper().removeprefix("THỨ").strip(): day for day, name in enumerate(DAYS)}
    known = names | {code: day for day, code in enumerate(CODES)}
    if code not in known:
        raise WrongCell(
            "weekday", _("“{value}” không phải một ngày trong tuần; viết 2 đến 7 hoặc CN").format(value=text)
        )
    return known[code]
