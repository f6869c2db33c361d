"""The room's figures as tables for a spreadsheet: its calls, its people's hours, its half hours. Columns: docs/telephone.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.accounts.models import User
from tongdai.cases.queries import visible_cases
from tongdai.channels.voice import agent_hours, figures
from tongdai.channels.voice.models import Agent, Call
from tongdai.people.phones import masked
from tongdai.platform.files.spreadsheets import Cell

from ..phone.shown import PAUSES

Rows = Iterator[list[Cell]]
State = Agent.State
SPENT = (State.READY, State.RINGING, State.TALKING, State.AFTER_CALL, State.PAUSED)


@dataclass(frozen=True)
class Table:
    """`columns`: their headings; `rows`: since, until, now, for whom → the rows, times as they are, lengths as timedelta."""

    columns: tuple[str | Promise, ...]
    rows: Callable[[datetime, datetime, datetime, User], Rows]


def _calls(since: datetime, until: datetime, _at: datetime, user: User) -> Rows:
    """One a call that came or went out in between, but for those about a denunciation. No number is written out."""
    calls = Call.objects.filter(figures.LISTED, came_at__gte=since, came_at__lt=until)
    opened = set(visible_cases(user).filter(calls__in=calls).values_list("code", flat=True))
    for call in calls.select_related("queue", "agent", "case").order_by("came_at", "pk").iterator(chunk_size=1000):
        ended = call.answered_at or call.ended_at
        yield [
            call.pk,
            call.came_at,
            str(call.get_direction_display()),
            _who(call),
            call.queue.name if call.queue else "",
            ended - call.waited_from if ended and call.waited_from and ended > call.waited_from else None,
            call.answered_at,
            call.agent.full_name if call.agent else "",
            call.ended_at - call.answered_at if call.ended_at and call.answered_at else None,
            call.ended_at,
            str(call.get_outcome_display()) if call.outcome else "",
            call.case.code if call.case and call.case.code in opened else "",
        ]


def _who(call: Call) -> str:
    if call.number:
        return masked(call.number)
    return _("không phải số điện thoại") if call.claimed else _("số giấu")


def _agents(since: datetime, until: datetime, at: datetime, _user: User) -> Rows:
    """One a person who was signed on; the last line: the calls they answered that stand in no line, without a length."""
    for person in agent_hours.by_agent(since=since, until=until, at=at):
        spent: list[Cell] = [person.spent[state] for state in SPENT]
        yield [
            person.name, person.signed_on, *spent, person.occupancy, person.answered, person.missed,
            *(person.paused.get(reason, timedelta(0)) for reason in PAUSES),
            sum((length for reason, length in person.paused.items() if reason not in PAUSES), timedelta(0)),
        ]  # fmt: skip
    answered = figures.unlisted(since=since, until=until, by_agent=True)["answered"]
    others: list[Cell] = [None] * (len(PAUSES) + 2)
    yield [_("không liệt kê"), None, *(None for _state in SPENT), None, answered, *others]


def _half_hours(since: datetime, until: datetime, _at: datetime, _user: User) -> Rows:
    """One a half hour in which somebody called; the last line: the calls of no other, so that they add up."""
    unlisted = figures.unlisted(since=since, until=until) | {"start": _("không liệt kê")}
    for row in [*figures.by_half_hour(since=since, until=until), unlisted]:
        yield [
            row["start"], row["offered"], row["answered"], row["soon"], row["lost"], row["messages"], row["speed"],
            row["talk"],
        ]  # fmt: skip


TABLES = {
    "calls": Table(
        (
            gettext_lazy("Cuộc gọi"), gettext_lazy("Gọi lúc"), gettext_lazy("Chiều"), gettext_lazy("Số"),
            gettext_lazy("Hàng chờ"), gettext_lazy("Chờ (giây)"), gettext_lazy("Nghe lúc"),
            gettext_lazy("Điện thoại viên"), gettext_lazy("Từ lúc nghe (giây)"), gettext_lazy("Xong lúc"),
            gettext_lazy("Kết quả"), gettext_lazy("Phiếu"),
        ),
        _calls,
    ),
    "call_takers": Table(
        (
            gettext_lazy("Điện thoại viên"), gettext_lazy("Trong ca (giây)"), gettext_lazy("Sẵn sàng (giây)"),
            gettext_lazy("Đổ chuông (giây)"), gettext_lazy("Nói chuyện (giây)"), gettext_lazy("Ghi sau cuộc gọi (giây)"),
            gettext_lazy("Tạm nghỉ (giây)"), gettext_lazy("Bận việc (%)"), gettext_lazy("Cuộc đã nghe"),
            gettext_lazy("Chuông không nghe"), *PAUSES.values(), gettext_lazy("lý do khác"),
        ),
        _agents,
    ),
    "half_hours": Table(
        (
            gettext_lazy("Từ lúc"), gettext_lazy("Gọi vào"), gettext_lazy("Đã nghe"), gettext_lazy("Nghe trong 20 giây"),
            gettext_lazy("Bỏ máy"), gettext_lazy("Lời nhắn"), gettext_lazy("Nghe sau (giây)"),
            gettext_lazy("Nói trung bình (giây)"),
        ),
        _half_hours,
    ),
}  # fmt: skip
