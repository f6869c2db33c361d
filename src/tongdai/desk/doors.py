"""The desk's doors: which role finds which page in its bar. The views keep the same sets (`@staff(*TAKES_CALLS)`)."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import Role, User
from tongdai.channels.duty.queries import KEEPS_ROSTER

HAS_CASES = (
    Role.CALL_TAKER,
    Role.COORDINATOR,
    Role.OFFICER,
    Role.APPROVER,
    Role.SUPERVISOR,
    Role.LEADER,
    Role.INSPECTOR,
)
TAKES_CALLS = (Role.CALL_TAKER, Role.COORDINATOR)
RINGS_BACK = (*TAKES_CALLS, Role.INSPECTOR)  # who gave a denunciation by telephone is rung by the inspectorate
HAS_PHONE = (*TAKES_CALLS, Role.SUPERVISOR)
HEARS_RECORDINGS = (*TAKES_CALLS, Role.SUPERVISOR, Role.INSPECTOR)
EXPORTS_RECORDINGS = (Role.COORDINATOR, Role.SUPERVISOR, Role.INSPECTOR)
SEES_ROOM = (Role.COORDINATOR, Role.SUPERVISOR, Role.LEADER)
SETS_MENU = (Role.SUPERVISOR, Role.COORDINATOR, Role.ADMIN)
EDITS_ANSWERS = (Role.COORDINATOR, Role.SUPERVISOR, Role.OFFICER, Role.APPROVER)
APPROVES_ANSWERS = (Role.COORDINATOR, Role.SUPERVISOR, Role.APPROVER)
SEES_QUESTIONS = (Role.COORDINATOR, Role.SUPERVISOR)  # what citizens asked in their own words
READS_TEXTS = (Role.COORDINATOR, Role.SUPERVISOR)  # texts that no case was made of yet
SEES_GATEWAY = (Role.COORDINATOR, Role.SUPERVISOR, Role.ADMIN)
SEES_TOLL = (Role.SUPERVISOR, Role.ADMIN)
SETS_ONE_STOP = (Role.COORDINATOR, Role.ADMIN)
READS_RECORD = (Role.INSPECTOR, Role.ADMIN)
SEES_REPORTS = (Role.COORDINATOR, Role.SUPERVISOR, Role.LEADER)


@dataclass(frozen=True)
class Door:
    """One link of the bar. `key` opens it from anywhere."""

    name: str
    label: str | Promise
    icon: str
    roles: tuple[Role, ...]
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
    Door("desk:duty", _("Trực khẩn"), "alarm", KEEPS_ROSTER, aside=True),
    Door("desk:kho", _("Kho trả lời"), "list-search", EDITS_ANSWERS, aside=True),
    Door("desk:room_history", _("Phòng trực"), "headset", SEES_ROOM, aside=True),
    Door("reports:summary", _("Báo cáo"), "chart-bar", SEES_REPORTS, aside=True),
    Door("desk:menu", _("Lời máy"), "microphone", SETS_MENU, aside=True),
    Door("desk:gateway", _("Cổng kết nối"), "plug-connected", SEES_GATEWAY, aside=True),
    Door(
        "desk:privacy", _("Dữ liệu cá nhân"), "shield-lock", (Role.ADMIN, Role.INSPECTOR, Role.SUPERVISOR), aside=True
    ),
    Door("desk:calendar", _("Lịch làm việc"), "calendar", (Role.ADMIN,), aside=True),
    Door("desk:toll", _("Tin và cuộc gọi ra"), "message-report", SEES_TOLL, aside=True),
    Door("desk:audit", _("Nhật ký"), "history", READS_RECORD, aside=True),
    Door("desk:settings", _("Cài đặt"), "settings", (Role.ADMIN,), aside=True),
)


def doors_of(user: User) -> list[Door]:
    """The doors this member of staff may go through, in the bar's order."""
    return [door for door in DOORS if user.role in door.roles and door.url]


def first_door(user: User) -> str:
    """Where somebody begins the day: the inbox, or the first page their role has."""
    doors = doors_of(user)
    return doors[0].url if doors else reverse("desk:inbox")
