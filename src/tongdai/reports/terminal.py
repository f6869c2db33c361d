"""The summary of the trial in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from .figures import Figures, Row
from .on_duty import OnDuty


def show(counted: Figures, calls: tuple[int, int, int], urgent: OnDuty, *, on: Console) -> None:
    """The totals, then a table by topic and one by ward. `calls`: offered, answered, abandoned."""
    table = Table(title=f"Tổng hợp {counted.period}", show_header=False, title_justify="left")
    channels = counted.by_channel
    lines = (
        ("Phiếu đã nhận / received", f"{counted.received:,}".replace(",", ".")),
        (
            "  điện thoại, tin nhắn, cổng / voice, SMS, web",
            f"{channels['voice']}, {channels['sms']}, {channels['web']}",
        ),
        ("Tỷ lệ thành công / success rate", _percent(counted.total.success_rate)),
        ("Trả lời đúng hạn / on time", _percent(counted.total.on_time_rate or 0)),
        ("Trung vị đến lúc trả lời / median to answer", f"{counted.median_hours or 0:.1f} h"),
        ("Cổng: giúp F0 và tra cứu / portal: COVID-19 help and look-ups", _percent(counted.covid_share)),
        ("Tin nhắn tới máy / messages delivered", f"{counted.texts_delivered} / {counted.texts_sent}"),
        (
            "Cuộc gọi chờ, gặp được, gác trước / calls offered, answered, abandoned",
            "{}, {}, {}".format(*calls),
        ),
        (
            "Phiếu khẩn, có người nhận, trong 5 phút / urgent, taken, within 5 minutes",
            f"{urgent.urgent}, {urgent.taken}, {_percent(urgent.share_within_5)}",
        ),
        (
            "  trung vị, chín phần mười, gọi thêm người / median, p90, escalated",
            f"{urgent.median or 0:.1f} min, {urgent.p90 or 0:.1f} min, {urgent.escalated}",
        ),
    )
    for name, value in lines:
        table.add_row(name, value)
    on.print(table)
    for title, rows in (("Lĩnh vực / topics", counted.by_topic), ("Địa bàn / wards", counted.by_place[:12])):
        on.print(_table(title, rows))


def _table(title: str, rows: list[Row]) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in ("", "phiếu", "thành công", "đúng hạn"):
        table.add_column(heading, justify="left" if not heading else "right")
    for row in rows:
        on_time = "" if row.on_time_rate is None else _percent(row.on_time_rate)
        table.add_row(row.name or "chưa rõ", str(row.received), _percent(row.success_rate), on_time)
    return table


def _percent(rate: float) -> str:
    return f"{100 * rate:.1f} %".replace(".", ",")
