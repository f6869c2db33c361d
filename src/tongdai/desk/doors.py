"""The desk's doors: which role finds which page in its bar, by the same rights the views ask for (accounts/rights.py)."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import User
from tongdai.accounts.rights import (
    EDITS_ANSWERS,
    HAS_CASES,
    KEEPS_DATA,
    KEEPS_PEOPLE,
    KEEPS_ROSTER,
    READS_RECORD,
    READS_REPORTS,
    RINGS_BACK,
    SEES_GATEWAY,
    SEES_ROOM,
    SEES_TOLL,
    SETS_CITY,
    SETS_MENU,
    SUPERVISES,
    TAKES_CALLS,
    Right,
)


@dataclass(frozen=True)
class Door:
    """One link of the bar. `key` opens it from anywhere."""

    name: str
    label: str | Promise
    icon: str
    roles: Right
    key: str = ""
    aside: bool = False  # stands in the menu under the person's name

    @property
    def url(self) -> str:
        try:
            return reverse(self.name)
        except NoReverseMatch:
            return ""


DOORS = (
    Door("desk:inbox", _("Phiếu"), "inbox", HAS_CASES),
    Door("desk:call", _("Ghi cuộc gọi"), "phone-incoming", TAKES_CALLS, key="g"),
    Door("desk:callbacks", _("Chờ gọi lại"), "phone-call", RINGS_BACK),
    Door("desk:supervise", _("Giám sát"), "ear", SUPERVISES, key="v"),
    Door("desk:duty", _("Trực khẩn"), "alarm", KEEPS_ROSTER, aside=True),
    Door("desk:kho", _("Kho trả lời"), "list-search", EDITS_ANSWERS, aside=True),
    Door("desk:room_history", _("Phòng trực"), "headset", SEES_ROOM, aside=True),
    Door("reports:summary", _("Báo cáo"), "chart-bar", READS_REPORTS, aside=True),
    Door("desk:menu", _("Lời máy"), "microphone", SETS_MENU, aside=True),
    Door("desk:gateway", _("Cổng kết nối"), "plug-connected", SEES_GATEWAY, aside=True),
    Door("desk:privacy", _("Dữ liệu cá nhân"), "shield-lock", KEEPS_DATA, aside=True),
    Door("desk:calendar", _("Lịch làm việc"), "calendar", SETS_CITY, aside=True),
    Door("desk:toll", _("Tin và cuộc gọi ra"), "message-report", SEES_TOLL, aside=True),
    Door("desk:audit", _("Nhật ký"), "history", READS_RECORD, aside=True),
    Door("desk:people", _("Cán bộ"), "users", KEEPS_PEOPLE, aside=True),
    Door("desk:settings", _("Cài đặt"), "settings", SETS_CITY, aside=True),
)


def doors_of(user: User) -> list[Door]:
    """The doors this member of staff may go through, in the bar's order."""
    return [door for door in DOORS if user.role in door.roles and door.url]


def first_door(user: User) -> str:
    """Where somebody begins the day: the inbox, or the first page their role has."""
    doors = doors_of(user)
    return doors[0].url if doors else reverse("desk:inbox")
