"""The summary of the trial in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from tongdai.channels.voice.figures import IN_TIME, Calls

from ..figures import Figures, Row, added
from ..on_duty import OnDuty
from ..ratings import Ratings
from .numbers import whole

MOST_ROWS = 12


def show(counted: Figures, calls: Calls, urgent: OnDuty, rated: Ratings, *, on: Console) -> None:
    """The totals, then a table by topic, one by ward, one by agency."""
    table = Table(title=f"Tổng hợp {counted.period}", show_header=False, title_justify="left")
    channels = counted.by_channel
    lines = (
        ("Phiếu đã nhận / received", whole(counted.received)),
        (
            "  điện thoại, tin nhắn, cổng / voice, SMS, web",
            f"{channels['voice']}, {channels['sms']}, {channels['web']}",
        ),
        ("  không liệt kê / not listed", whole(counted.unlisted.received)),
        ("Đã trả lời / answered", whole(counted.total.answered)),
        ("Chưa đến hạn / not due yet", whole(counted.total.undue)),
        ("Người gửi đã rút / withdrawn", whole(counted.total.withdrawn)),
        ("Quá hạn hoặc bị từ chối / overdue or rejected", whole(counted.total.unsuccessful)),
        ("Tỷ lệ thành công / success rate", _percent(counted.total.success_rate if counted.total.judged else None)),
        ("Trả lời đúng hạn / on time", _percent(counted.total.on_time_rate)),
        ("Trung vị đến lúc trả lời / median to answer", _measured(counted.median_hours, "h")),
        ("Cổng: giúp F0 và tra cứu / portal: COVID-19 help and look-ups", _percent(counted.covid_share)),
        (
            "Đánh giá, trung bình, từ 2 trở xuống / ratings, average, 2 and less",
            f"{rated.number}, {_measured(rated.average, '/ 5')}, {_percent(rated.dissatisfied_share)}",
        ),
        ("Lượt mở lại phiếu / reopenings", whole(rated.reopened)),
        ("Tin nhắn tới máy / messages delivered", f"{counted.texts_delivered} / {counted.texts_sent}"),
        (
            "Cuộc gọi chờ, gặp được, gác trước / calls offered, answered, abandoned",
            f"{calls.offered}, {calls.answered}, {calls.abandoned}",
        ),
        (f"  mức phục vụ, {IN_TIME.seconds} giây / service level, {IN_TIME.seconds} s", _percent(calls.service_level)),
        (
            "Phiếu khẩn, có người nhận, trong 5 phút / urgent, taken, within 5 minutes",
            f"{urgent.urgent}, {urgent.taken}, {_percent(urgent.share_within_5)}",
        ),
        (
            "  trung vị, chín phần mười, báo thêm người / median, p90, escalated",
            f"{_measured(urgent.median, 'min')}, {_measured(urgent.p90, 'min')}, {urgent.escalated}",
        ),
    )
    for name, value in lines:
        table.add_row(name, value)
    on.print(table)
    for title, rows, without in (
        ("Lĩnh vực / topics", counted.by_topic, "chưa phân loại / none yet"),
        ("Địa bàn / wards", counted.by_place, "chưa rõ nơi / unknown"),
        ("Cơ quan / agencies", counted.by_agency, "chưa chuyển / not assigned"),
    ):
        on.print(_table(title, rows, without, counted))


def _table(title: str, rows: list[Row], without: str, counted: Figures) -> Table:
    """The largest groups, the others as one, and what is not listed: they add up to the total, which ends it."""
    table = Table(title=title, title_justify="left")
    for heading in ("", "phiếu", "chưa đến hạn", "thành công", "đúng hạn"):
        table.add_column(heading, justify="left" if not heading else "right")
    for row in rows[:MOST_ROWS]:
        _add(table, row.name or without, row)
    if rows[MOST_ROWS:]:
        _add(table, "còn lại / others", added(rows[MOST_ROWS:]))
    _add(table, "không liệt kê / not listed", counted.unlisted)
    _add(table, "tổng cộng / total", counted.total)
    return table


def _add(table: Table, name: str, row: Row) -> None:
    success = row.success_rate if row.judged else None
    table.add_row(name, whole(row.received), whole(row.undue), _percent(success), _percent(row.on_time_rate))


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{100 * rate:.1f} %".replace(".", ",")


def _measured(value: float | None, unit: str) -> str:
    return "–" if value is None else f"{value:.1f} {unit}"
