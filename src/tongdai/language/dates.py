"""Days and hours as a clerk says them, in the city's zone and the reader's language."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from tongdai.platform.clock import CITY_TZ


def weekday(moment: datetime) -> str:
    """`thứ Sáu`, `Chủ nhật`; tied by a no-break space."""
    names = (
        _("thứ\u00a0Hai"),
        _("thứ\u00a0Ba"),
        _("thứ\u00a0Tư"),
        _("thứ\u00a0Năm"),
        _("thứ\u00a0Sáu"),
        _("thứ\u00a0Bảy"),
        _("Chủ\u00a0nhật"),
    )
    return names[timezone.localtime(moment, CITY_TZ).weekday()]


def hour_in_words(moment: datetime) -> str:
    """`17 giờ`, `07 giờ 42`."""
    local = timezone.localtime(moment, CITY_TZ)
    if local.minute:
        return _("{hour:02d}\u00a0giờ\u00a0{minute:02d}").format(hour=local.hour, minute=local.minute)
    return _("{hour}\u00a0giờ").format(hour=local.hour)


def day_in_words(moment: datetime) -> str:
    """`4.3.2022`: the date alone, in the city's zone, where a text has room for no more."""
    local = timezone.localtime(moment, CITY_TZ)
    return f"{local.day}.{local.month}.{local.year}"


def in_words(moment: datetime) -> str:
    """`17 giờ thứ Sáu, 4.3.2022`: hour, weekday and date in the city's zone, as a clerk would say it."""
    local = timezone.localtime(moment, CITY_TZ)
    return _("{hour} {weekday}, {day}.{month}.{year}").format(
        hour=hour_in_words(moment), weekday=weekday(moment), day=local.day, month=local.month, year=local.year
    )
