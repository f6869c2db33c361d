"""An answer in a few plain words, the same on every channel: a text, a caller's ear, the desk, a card on the portal."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from ..answer_key import Part
from ..models import Answer, Article, ColumnRole, LookupRow, LookupTable, Procedure

WAYS = ("in_person", "online", "post")
LEFT_OUT = {
    ColumnRole.NAME,
    ColumnRole.PLACE,
    ColumnRole.LATITUDE,
    ColumnRole.LONGITUDE,
    ColumnRole.VALID_FROM,
    ColumnRole.VALID_TO,
}
FIRST = (ColumnRole.HOURS, ColumnRole.PHONE, ColumnRole.ADDRESS)  # of a row; then the other columns as they stand


def in_short(row: Answer, part: Part | None = None) -> str:
    """What was asked of it in one to three sentences; what is in doubt is said to be so, never guessed."""
    match row:
        case Procedure():
            return _of_procedure(row, part)
        case Article():
            return row.short or _first_sentences(row.answer)
        case LookupTable():
            return _of_table(row)
        case LookupRow():
            return _of_row(row)
        case _:
            raise TypeError(f"no kind of answer: {row!r}")


def way(name: str) -> str:
    """A way to hand it in, in words."""
    return {"in_person": _("nộp trực tiếp"), "online": _("nộp trực tuyến"), "post": _("gửi bưu điện")}.get(name, name)


def fees(procedure: Procedure) -> str:
    """`Không mất phí`, `8.000 đồng`, or by way; empty where the source doesn't say."""
    return _by_way(procedure, "fee")


def time_limits(procedure: Procedure) -> str:
    """`5 ngày làm việc`, or by way; empty where the source doesn't say."""
    return _by_way(procedure, "time_limit")


def where(procedure: Procedure) -> str:
    """The counter, else the agency; empty where the source doesn't say."""
    return procedure.place or procedure.agency


def paper(each: dict[str, str | int]) -> str:
    """`Tờ khai (1 bản chính, 1 bản sao)`."""
    counts = [
        text.format(count=count)
        for count, text in ((each.get("originals"), _("{count} bản chính")), (each.get("copies"), _("{count} bản sao")))
        if count
    ]
    return f"{each['name']} ({', '.join(counts)})" if counts else str(each["name"])


def _of_procedure(row: Procedure, part: Part | None) -> str:
    match part:
        case Part.PAPERS if row.papers:
            text = "; ".join(f"{number}) {paper(each)}" for number, each in enumerate(row.papers, start=1))
            return _("Giấy tờ: {text}.").format(text=text)
        case Part.STEPS if row.steps:
            text = " ".join(f"{number}) {step}" for number, step in enumerate(row.steps, start=1))
            return _("Cách làm: {text}").format(text=text)
        case Part.FEE if fees(row):
            return _("Lệ phí: {text}.").format(text=fees(row).rstrip("."))
        case Part.TIME if time_limits(row):
            return _("Thời hạn: {text}.").format(text=time_limits(row).rstrip("."))
        case Part.WHERE if where(row):
            return _("Nộp tại: {text}.").format(text=where(row).rstrip("."))
        case None:
            return _overview(row)
        case _:
            return _("Phần này thành phố đang kiểm tra lại. Xin gọi 1022 để hỏi cho chắc.")


def _overview(row: Procedure) -> str:
    facts = [
        row.summary,
        _("Thời hạn: {text}.").format(text=time_limits(row).rstrip(".")) if time_limits(row) else "",
        _("Lệ phí: {text}.").format(text=fees(row).rstrip(".")) if fees(row) else "",
        _("Nộp tại: {text}.").format(text=where(row).rstrip(".")) if where(row) else "",
    ]
    return " ".join(filter(None, facts)) or _("Kết quả: {text}.").format(text=row.result.rstrip("."))


def _by_way(procedure: Procedure, column: str) -> str:
    """One answer for all ways where they agree, else way by way; nothing where any of it is in doubt."""
    if procedure.unsure("fee" if column == "fee" else "time"):
        return ""
    by_way: dict[str, list[str]] = {name: [] for name in WAYS}
    for each in procedure.ways:
        if each.get(column) and each[column] not in by_way.setdefault(each["way"], []):
            by_way[each["way"]].append(each[column])
    in_words = {name: _either(values) for name, values in by_way.items() if values}
    if len(set(in_words.values())) <= 1:
        return next(iter(in_words.values()), "")
    return "; ".join(f"{way(name)} {value}" for name, value in in_words.items())


def _either(values: Sequence[str]) -> str:
    return _(" hoặc ").join(values)


def _of_row(row: LookupRow) -> str:
    """What the row says, in the order it is needed; where it lies on the map and its ward, which was asked for, aside."""
    columns = [column for column in row.table.columns if column.get("role") not in LEFT_OUT]
    columns.sort(key=lambda column: FIRST.index(role) if (role := column.get("role")) in FIRST else len(FIRST))
    values = [(column["label"], row.values.get(column["name"])) for column in columns]
    return ". ".join(f"{label}: {value}" for label, value in values if value)


def _of_table(row: LookupTable) -> str:
    source = _("Nguồn: {source}, ngày {day}.").format(source=row.source, day=f"{row.as_of:%-d.%-m.%Y}")
    return f"{row.about} {source}".strip()


def _first_sentences(text: str, most: int = 300) -> str:
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    cut = text[:most]
    end = max(cut.rfind(mark) for mark in (". ", "? ", "! "))
    return cut[: end + 1] if end > 80 else cut.rsplit(" ", 1)[0] + "…"
