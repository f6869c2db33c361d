"""Days and spans as a clerk says them, in the page's language; hours and deadlines are `language.text`'s."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdai.language.dates import weekday
from tongdai.platform.clock import CITY_TZ

NBSP = "\u00a0"


def day(moment: datetime, *, today: date, within: bool = False) -> str:
    """`Thứ Hai 28.2`, `Hôm nay, thứ Năm 3.3`; the year only when it isn't this one. `within` a sentence: `thứ Hai`."""
    local = moment.astimezone(CITY_TZ)
    shape = "{day}.{month}" if local.year == today.year else "{day}.{month}.{year}"
    words = f"{weekday(moment)} {shape.format(day=local.day, month=local.month, year=local.year)}"
    if local.date() == today:
        return _("Hôm nay, {day}").format(day=words)
    return words if within else words[:1].upper() + words[1:]


def days(count: int) -> str:
    """`một ngày`, `5 ngày`."""
    return tie(ngettext("một ngày", "{count} ngày", count).format(count=count))


def tie(words: str) -> str:
    """Hold words together on one line."""
    return words.replace(" ", NBSP)
