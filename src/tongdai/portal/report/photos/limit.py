"""Photos from one network within ten minutes have a limit: each costs a decoder's time and room on the disk.

Words never have: a form without photos is taken as ever, and so is that of somebody in danger. The limit is wide,
for behind one address of a mobile carrier stand many people.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongdai.platform.clock import CITY_TZ
from tongdai.platform.web import rate_limits
from tongdai.platform.web.client_network import network_of

from ..form import Problem

MOST, PER = 30, timedelta(minutes=10)
MOST_PHOTOS = 6  # of one report


def comes_too_often(request: HttpRequest, *, at: datetime) -> bool:
    """Whether this network has sent its forms with photos for now. A database that is away counts nothing."""
    try:
        return not rate_limits.within("photos", network_of(request), most=MOST, per=PER, at=at)
    except (OperationalError, InterfaceError):
        return False


def problem(*, at: datetime) -> Problem:
    """What the page says beside the photos."""
    until = rate_limits.again_at(per=PER, at=at).astimezone(CITY_TZ)
    full = _(
        "Từ mạng của bạn vừa có rất nhiều phản ánh kèm ảnh, nên lần này ảnh chưa được nhận. Bấm nút gửi lần nữa để gửi "
        "ngay lời kể không kèm ảnh; muốn kèm ảnh thì chọn lại ảnh sau {time}."
    ).format(time=f"{until:%H:%M}")
    return Problem("photos", _("Ảnh phải chờ một lát"), full, status=429)
