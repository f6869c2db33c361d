"""The desk's navigation: which role finds which page in its bar, by the same rights the views ask for (accounts/rights.py)."""

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
    SHARES_VIEWS,
    SUPERVISES,
    TAKES_CALLS,
    Right,
)


@dataclass(frozen=True)
class Page:
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


PAGES = (
    Page("desk:inbox", _("Phiếu"), "inbox", HAS_CASES),
    Page("desk:call", _("Ghi cuộc gọi"), "phone-incoming", TAKES_CALLS, key="g"),
    Page("desk:callbacks", _("Chờ gọi lại"), "phone-call", RINGS_BACK),
    Page("desk:supervise", _("Giám sát"), "ear", SUPERVISES, key="v"),
    Page("desk:duty", _("Trực khẩn"), "alarm", KEEPS_ROSTER, aside=True),
    Page("desk:views", _("Danh sách đã lưu"), "filter", SHARES_VIEWS, aside=True),
    Page("desk:knowledge", _("Kho trả lời"), "list-search", EDITS_ANSWERS, aside=True),
    Page("desk:room_history", _("Phòng trực"), "headset", SEES_ROOM, aside=True),
    Page("reports:summary", _("Báo cáo"), "chart-bar", READS_REPORTS, aside=True),
    Page("desk:menu", _("Lời máy"), "microphone", SETS_MENU, aside=True),
    Page("desk:gateway", _("Cổng kết nối"), "plug-connected", SEES_GATEWAY, aside=True),
    Page("desk:privacy", _("Dữ liệu cá nhân"), "shield-lock", KEEPS_DATA, aside=True),
    Page("desk:topics", _("Lĩnh vực"), "tag", SETS_CITY, aside=True),
    Page("desk:agencies", _("Cơ quan"), "building-community", SETS_CITY, aside=True),
    Page("desk:calendar", _("Lịch làm việc"), "calendar", SETS_CITY, aside=True),
    Page("desk:toll", _("Tin và cuộc gọi ra"), "message-report", SEES_TOLL, aside=True),
    Page("desk:audit", _("Nhật ký"), "history", READS_RECORD, aside=True),
    Page("desk:people", _("Cán bộ"), "users", KEEPS_PEOPLE, aside=True),
    Page("desk:settings", _("Cài đặt"), "settings", SETS_CITY, aside=True),
)


def pages_of(user: User) -> list[Page]:
    """The pages this member of staff may open, in the bar's order."""
    return [page for page in PAGES if user.role in page.roles and page.url]


def first_page(user: User) -> str:
    """Where somebody begins the day: the inbox, or the first page their role has."""
    pages = pages_of(user)
    return pages[0].url if pages else reverse("desk:inbox")
