"""The status card at the head of a case's page: where it stands, by when it is answered, who answers.

Anyone with the code may read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from tongdai.cases import standing
from tongdai.cases.queries import Status
from tongdai.cases.states import NOBODY_YET, OPEN, State
from tongdai.language.dates import hour_in_words
from tongdai.platform.clock import CITY_TZ, day_of

from . import when

Kind = Literal["done", "soon", "late", ""]


@dataclass(frozen=True)
class Tag:
    """A word with a colour and a shape: how the clock stands."""

    kind: Kind
    icon: str
    words: str


@dataclass(frozen=True)
class StatusCard:
    code: str
    state: State
    sentence: str
    agency: str
    due_at: datetime
    tag: Tag | None
    promises_date: bool = True


def status_card(status: Status, *, at: datetime) -> StatusCard:
    """The card as it reads at this moment."""
    return StatusCard(
        code=status.code,
        state=status.state,
        sentence=_sentence(status, at=at),
        agency=status.agency,
        due_at=status.due_at,
        tag=_tag(status, at=at) if status.promises_date else None,
        promises_date=status.promises_date and not status.withdrawn,
    )


def _sentence(status: Status, *, at: datetime) -> str:
    if not status.merged:
        return _standing(status, at=at)
    together = _("Nhiều người cùng báo việc này, các phiếu được xử lý chung và bạn nhận câu trả lời ở đây.")
    return f"{together} {_standing(status, at=at)}"


def _standing(status: Status, *, at: datetime) -> str:
    agency = status.agency or _("Cơ quan có trách nhiệm")
    if status.in_danger and status.state in NOBODY_YET and status.taken_at:
        return _("Người trực của thành phố đã nhận việc lúc {at}.").format(at=hour_in_words(status.taken_at))
    if status.in_danger and status.state in NOBODY_YET:
        return _("Người trực của thành phố đang được báo, và được báo lại đến khi có người nhận.")
    if status.waits_until is not None:
        until = when.day(status.waits_until, today=day_of(at))
        return _("{agency} đã hỏi thêm và chờ người gửi trả lời, chậm nhất {until}.").format(agency=agency, until=until)
    if status.state is State.RECEIVED:
        return _("Tổng đài đã nhận phiếu và đang chuyển đến cơ quan có trách nhiệm.")
    if status.state is State.ASSIGNED:
        return _("Phiếu đã chuyển đến {agency}, đang chờ nơi này nhận.").format(agency=agency)
    if status.state is State.IN_PROGRESS:
        return _("{agency} đang xử lý.").format(agency=agency)
    if status.state is State.HANDED_BACK and not status.promises_date:
        return _("Phiếu đã quay lại Tổng đài để chuyển đến đúng cơ quan.")
    if status.state is State.HANDED_BACK:
        return _("Phiếu đã quay lại Tổng đài để chuyển đến đúng cơ quan. Hạn trả lời không đổi.")
    if status.state is State.REJECTED:
        return _("Tổng đài không xử lý được phiếu này, và đã nói rõ lý do với người gửi.")
    if status.withdrawn:
        return _("Người gửi đã rút phiếu này.")
    if status.answered_at is None:
        return _("Phiếu đã kết thúc.")
    return _("{agency} đã trả lời {time}.").format(agency=agency, time=_since(status.answered_at, at=at))


def _since(moment: datetime, *, at: datetime) -> str:
    """`sáng nay`, `hôm qua`, `thứ Năm 3.3`."""
    then, today = moment.astimezone(CITY_TZ), day_of(at)
    gone = (today - then.date()).days
    if gone == 0:
        return when.tie(_("sáng nay") if then.hour < 12 else _("chiều nay") if then.hour < 18 else _("tối nay"))
    if gone == 1:
        return when.tie(_("hôm qua"))
    return when.day(moment, today=today, within=True)


def _tag(status: Status, *, at: datetime) -> Tag | None:
    """Early, in time or late once answered; soon or late while it is open; nothing to say when it was rejected."""
    if status.answered_at is not None:
        early = (day_of(status.due_at) - day_of(status.answered_at)).days
        if not standing.is_in_time(status.answered_at, due_at=status.due_at):
            late = max(1, -early)
            return Tag("late", "alert-circle", _("Muộn hơn hạn {days}").format(days=when.days(late)))
        if early == 0:
            return Tag("done", "check", _("Đúng hạn"))
        return Tag("done", "check", _("Sớm hơn hạn {days}").format(days=when.days(early)))
    if status.state not in OPEN:
        return None
    if status.waits_until is not None:
        return Tag("", "clock-pause", _("Đang chờ người gửi"))
    left = (day_of(status.due_at) - day_of(at)).days
    if standing.is_past(status.due_at, at=at):
        return Tag("late", "alert-circle", _("Quá hạn {days}").format(days=when.days(-left)) if left else _("Quá hạn"))
    if left == 0:
        return Tag("soon", "clock", _("Đến hạn hôm nay"))
    return Tag("soon" if left == 1 else "", "clock", _("Còn {days}").format(days=when.days(left)))
