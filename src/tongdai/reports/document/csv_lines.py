"""Every figure of the report as CSV, one a line, for a spreadsheet's pivot table or another program.

Columns: the table, the code and the name of its line, the figure, its value. Shares are between 0 and 1; what cannot be
judged has no value. The lines of a table and `khong-liet-ke` add up to those of `toan-thanh-pho`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tongdai.platform.files import spreadsheets
from tongdai.platform.files.spreadsheets import Cell

from ..figures import Row
from .content import UNASSIGNED, UNNAMED, UNPLACED, UNSORTED, Content

COLUMNS = ("Bảng", "Mã", "Tên", "Chỉ tiêu", "Giá trị")
WHOLE_CITY, UNLISTED = "toan-thanh-pho", "khong-liet-ke"


def make(content: Content) -> bytes:
    """Write all lines."""
    return "".join(spreadsheets.as_csv(COLUMNS, _lines(content))).encode()


def _lines(content: Content) -> Iterator[list[Cell]]:
    counted = content.counted
    yield from _of_row("Toàn thành phố", counted.total, WHOLE_CITY, "Toàn thành phố")
    yield ["Toàn thành phố", WHOLE_CITY, "Toàn thành phố", "Trung vị đến lúc trả lời (giờ)", counted.median_hours]
    yield from _of_row("Không liệt kê", counted.unlisted, UNLISTED, UNNAMED)
    called = {row.key: name for row, (name, _n) in zip(counted.channels, content.channels, strict=False)}
    for row in counted.channels:
        yield from _of_row("Kênh", row, row.key, called[row.key])
    for table, rows, unnamed in (
        ("Lĩnh vực", counted.by_topic, UNSORTED),
        ("Cơ quan", counted.by_agency, UNASSIGNED),
        ("Địa bàn", counted.by_place, UNPLACED),
    ):
        for row in rows:
            yield from _of_row(table, row, row.key, row.name or unnamed)
    for day in counted.by_day:
        yield ["Từng ngày", day.day.isoformat(), "", "Phiếu nhận", day.received]
        yield ["Từng ngày", day.day.isoformat(), "", "Phiếu được trả lời lần đầu", day.answered]
    yield from _of_channels(content)


def _of_row(table: str, row: Row, code: str, name: str) -> Iterator[list[Cell]]:
    values: dict[str, Cell] = {
        "Số phiếu": row.received,
        "Đã trả lời": row.answered,
        "Chưa đến hạn": row.undue,
        "Người gửi đã rút": row.withdrawn,
        "Quá hạn chưa trả lời hoặc bị từ chối": row.unsuccessful,
        "Xét hạn": row.sayable,
        "Đúng hạn": row.on_time,
        "Tỷ lệ thành công": row.success_rate if row.judged else None,
        "Tỷ lệ đúng hạn": row.on_time_rate,
    }
    for figure, value in values.items():
        yield [table, code, name, figure, value]


def _of_channels(content: Content) -> Iterator[list[Cell]]:
    """Yield what is no case: calls, texts, questions; and how soon the urgent cases were taken."""
    calls, counted, urgent, ready, rated = (
        content.calls, content.counted, content.urgent, content.ready, content.ratings
    )  # fmt: skip
    figures: dict[str, dict[str, Cell]] = {
        "Cuộc gọi": {
            "Chờ gặp người": calls.offered,
            "Gặp được người": calls.answered,
            "Gác máy trước": calls.abandoned,
            "Để lại lời nhắn": calls.messages,
            "Mức phục vụ": calls.service_level,
        },
        "Tin nhắn": {"Đã gửi": counted.texts_sent, "Tới máy": counted.texts_delivered},
        "Phiếu khẩn": {
            "Số phiếu": urgent.urgent,
            "Có người nhận": urgent.taken,
            "Có người nhận trong 5 phút": urgent.within_5,
            "Chưa quá 5 phút": urgent.undue,
            "Trung vị (phút)": urgent.median,
            "Chín phần mười trong (phút)": urgent.p90,
            "Phải báo thêm người": urgent.escalated,
        },
        "Kho trả lời": {
            "Lượt hỏi": ready.total_asked,
            "Trả lời ngay": ready.total,
            "Chưa có câu trả lời": ready.nothing,
        },
        "Đánh giá": {
            "Số lượt": rated.number,
            "Trung bình, trên 5": rated.average,
            "Từ 2 trở xuống": rated.dissatisfied,
            "Tỷ lệ từ 2 trở xuống": rated.dissatisfied_share,
            "Lượt mở lại phiếu": rated.reopened,
        },
    }
    for table, values in figures.items():
        for figure, value in values.items():
            yield [table, "", "", figure, value]
