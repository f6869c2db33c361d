"""The data behind the document's charts and tables as a workbook, each sheet with a chart of Excel's own."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from tongdai.platform.clock import CITY_TZ

from ..figures import Row
from .content import UNASSIGNED, UNPLACED, UNSORTED, Content
from .words import IN_SECONDS, subject

MOST_BARS = 15
A4 = 9  # as Excel numbers papers
ROW_HEADS = ("Số phiếu", "Đã trả lời", "Xét hạn", "Đúng hạn", "Tỷ lệ thành công", "Tỷ lệ đúng hạn")


def make(content: Content) -> bytes:
    """Write all sheets. Figures are numbers, rates are shares of one shown as per cent."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": subject(content), "created": content.made_at.astimezone(CITY_TZ).replace(tzinfo=None)}
    )
    writer = _Writer(book)
    summary = _summary(content)
    shares = [at for at, line in enumerate(summary) if line[0].startswith(_SHARES)]
    writer.table("Tổng hợp", ("Chỉ tiêu", "Cả kỳ", "Nửa đầu", "Nửa sau"), summary, rates=shares)
    writer.table("Kênh", ("Kênh", "Số phiếu"), content.channels)
    writer.chart("Kênh", "pie", "Phiếu theo kênh", len(content.channels), [1])
    days = [(each.day, each.received, each.answered) for each in content.counted.by_day]
    writer.table("Từng ngày", ("Ngày", "Phiếu nhận", "Phiếu được trả lời lần đầu"), days)
    writer.chart("Từng ngày", "line", "Từng ngày", len(days), [1, 2])
    for name, rows, unnamed, shown in (
        ("Lĩnh vực", content.topics, UNSORTED, 1),
        ("Cơ quan", content.agencies, UNASSIGNED, 6),
        ("Địa bàn", [*content.places, *content.unlisted], UNPLACED, 1),
    ):
        writer.table(name, (name, *ROW_HEADS), [_line(row, unnamed) for row in rows], rate_columns=(5, 6))
        writer.chart(name, "bar", f"{name}: {ROW_HEADS[shown - 1].lower()}", min(len(rows), MOST_BARS), [shown])
    book.close()
    return made.getvalue()


_SHARES = ("Tỷ lệ", "Mức phục vụ")  # how lines of the summary begin that are shares


def _summary(content: Content) -> list[tuple[Any, ...]]:
    parts = (content.counted, content.first, content.second)

    def of(read: Any) -> list[Any]:
        return [None if part is None else read(part) for part in parts]

    calls, ready, urgent, counted = content.calls, content.ready, content.urgent, content.counted
    return [
        ("Phiếu đã nhận", *of(lambda part: part.received)),
        ("Phiếu đã trả lời", *of(lambda part: part.total.answered)),
        ("Phiếu người gửi đã rút", *of(lambda part: part.total.withdrawn)),
        ("Tỷ lệ thành công", *of(lambda part: part.total.success_rate)),
        ("Tỷ lệ đúng hạn", *of(lambda part: part.total.on_time_rate)),
        ("Phiếu xét hạn", *of(lambda part: part.total.sayable)),
        ("Phiếu đúng hạn", *of(lambda part: part.total.on_time)),
        ("Trung vị đến lúc trả lời (giờ)", *of(lambda part: part.median_hours)),
        ("Cuộc gọi chờ gặp người", calls.offered),
        ("Cuộc gọi gặp được người", calls.answered),
        ("Cuộc gọi gác máy trước", calls.abandoned),
        ("Cuộc gọi để lại lời nhắn", calls.messages),
        (f"Cuộc gọi được nghe máy trong {IN_SECONDS} giây", calls.in_time),
        ("Mức phục vụ", calls.service_level),
        ("Tin nhắn đã gửi", counted.texts_sent),
        ("Tin nhắn tới máy", counted.texts_delivered),
        ("Phiếu khẩn", urgent.urgent),
        ("Phiếu khẩn có người nhận", urgent.taken),
        ("Phiếu khẩn có người nhận trong 5 phút", urgent.within_5),
        ("Phiếu khẩn chưa quá 5 phút", urgent.undue),
        ("Lượt hỏi kho trả lời", ready.total_asked),
        ("Lượt hỏi được trả lời ngay", ready.total),
        ("Lượt đánh giá", content.ratings.number),
        ("Đánh giá trung bình, trên 5", content.ratings.average),
        ("Tỷ lệ đánh giá từ 2 trở xuống", content.ratings.dissatisfied_share),
        ("Lượt mở lại phiếu", content.ratings.reopened),
    ]


def _line(row: Row, unnamed: str) -> tuple[Any, ...]:
    success = row.success_rate if row.judged else None
    return (row.name or unnamed, row.received, row.answered, row.sayable, row.on_time, success, row.on_time_rate)


class _Writer:
    """Sheets of one workbook, and the formats they share."""

    def __init__(self, book: Any) -> None:
        self.book = book
        look = {"font_name": "Times New Roman", "font_size": 12}
        self.head = book.add_format({**look, "bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
        self.plain = book.add_format(look)
        self.whole = book.add_format({**look, "num_format": "#,##0"})
        self.decimal = book.add_format({**look, "num_format": "#,##0.0"})
        self.rate = book.add_format({**look, "num_format": "0.0%"})
        self.day = book.add_format({**look, "num_format": "dd/mm/yyyy", "align": "left"})

    def table(
        self, name: str, heads: Sequence[str], rows: Sequence[Sequence[Any]], *,
        rates: Sequence[int] = (), rate_columns: Sequence[int] = (),
    ) -> None:  # fmt: skip
        """Write a sheet; `rates` are its lines, `rate_columns` its columns that hold shares."""
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_row(0, 34)
        sheet.set_column(0, 0, 42 if isinstance(rows[0][0] if rows else "", str) else 14, self.plain)
        sheet.set_column(1, len(heads) - 1, 14, self.plain)
        sheet.write_row(0, 0, heads, self.head)
        for at, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                share = at - 1 in rates or column in rate_columns
                if cell is None:
                    continue
                if isinstance(cell, str):
                    sheet.write_string(at, column, cell, self.plain)
                elif isinstance(cell, int | float):
                    form = self.rate if share else self.whole if isinstance(cell, int) else self.decimal
                    sheet.write_number(at, column, cell, form)
                else:
                    sheet.write_datetime(at, column, cell, self.day)

    def chart(self, name: str, kind: str, title: str, number: int, columns: Sequence[int]) -> None:
        """Draw the first lines of a sheet beside its table."""
        if not number:
            return
        chart = self.book.add_chart({"type": kind})
        for column in columns:
            chart.add_series(
                {
                    "name": [name, 0, column],
                    "categories": [name, 1, 0, number, 0],
                    "values": [name, 1, column, number, column],
                    **(
                        {"data_labels": {"value": True, **({"category": True} if kind == "pie" else {})}}
                        if kind != "line"
                        else {}
                    ),
                }
            )
        chart.set_title({"name": title, "overlay": False})
        if kind == "bar":
            chart.set_y_axis({"reverse": True})
            chart.set_x_axis({"min": 0, "major_gridlines": {"visible": False}})
        if kind == "line":
            chart.set_x_axis({"date_axis": True, "num_format": "d/m", "major_unit": 7, "major_unit_type": "days"})
            chart.set_legend({"position": "bottom"})
        else:
            chart.set_legend({"none": True})
        chart.set_size({"width": 720, "height": max(320, 60 + 26 * number) if kind == "bar" else 360})
        sheet = self.book.get_worksheet_by_name(name)
        width = {"Kênh": 3, "Từng ngày": 4}.get(name, 8)
        sheet.insert_chart(1, width, chart)
