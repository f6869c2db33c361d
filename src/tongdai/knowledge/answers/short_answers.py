"""An answer in a few plain words, the same on every channel: a text, a caller's ear, the desk, a card on the portal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongdai.directory.city import the_city
from tongdai.language import cutting

from ..answer_key import Part
from ..models import Answer, Article, ColumnRole, LookupRow, LookupTable, Procedure
from . import places, record_parts
from .plain_text import doubts_beside

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
    """`Không mất phí`, `8.000 đồng`, or by way, or as it is noted of the ways; empty where the source doesn't say."""
    if procedure.unsure("fee"):
        return ""
    return _by_way(procedure, "fee") or "; ".join(record_parts.fees_noted(procedure))


def sum_unknown(procedure: Procedure) -> str:
    """That a fee is set elsewhere (the council's resolution, a circular) and how much it is isn't recorded, with who knows.

    Nothing where a sum stands there, or that it is free, or where no fee is recorded at all.
    """
    known = fees(procedure)
    if not known or _SAYS_THE_SUM.search(known):
        return ""
    return _("Chưa có mức cụ thể trong kho. Xin hỏi {who}.").format(who=who_knows(procedure))


def time_limits(procedure: Procedure) -> str:
    """`5 ngày làm việc`, or by way; empty where the source doesn't say."""
    return _by_way(procedure, "time_limit")


def where(procedure: Procedure) -> str:
    """The counter; where none is named, the agency, said to be who decides; empty where the source says neither."""
    if known := places.counter(procedure):
        return known
    return _("{agency} (cơ quan giải quyết)").format(agency=procedure.agency.rstrip(".")) if procedure.agency else ""


def paper(each: dict[str, str | int]) -> str:
    """`Tờ khai (1 bản chính, 1 bản sao)`."""
    counts = [
        text.format(count=count)
        for count, text in ((each.get("originals"), _("{count} bản chính")), (each.get("copies"), _("{count} bản sao")))
        if count
    ]
    return f"{each['name']} ({', '.join(counts)})" if counts else str(each["name"])


def in_a_case(each: dict[str, str | int]) -> str:
    """`chỉ khi trẻ bị bỏ rơi`, of a paper that not everybody needs; empty of the others."""
    note = str(each.get("note") or "").rstrip(".")
    if not _IN_A_CASE.match(note):
        return ""
    begins = note[:1].lower() + note[1:]
    return begins if begins.startswith(("chỉ", "nếu có")) else f"chỉ {begins}"


def not_recorded(procedure: Procedure, part: Part) -> str:
    """What the record doesn't say, and who knows, with a number."""
    ways = list(dict.fromkeys(way(each["way"]) for each in procedure.ways))
    if part is Part.ONLINE and ways:
        return _("Trong kho chưa có thông tin nộp trực tuyến, chỉ có: {ways}. Xin hỏi {who}.").format(
            ways=", ".join(ways), who=who_knows(procedure)
        )
    return _("Chưa có {what} trong kho. Xin hỏi {who}.").format(what=part_name(part), who=who_knows(procedure))


def is_recorded(procedure: Procedure, part: Part) -> bool:
    """Whether the record says this part of it, beyond doubt."""
    match part:
        case Part.PAPERS | Part.STEPS:
            return bool(procedure.papers if part is Part.PAPERS else procedure.steps)
        case Part.FEE:
            return bool(fees(procedure)) and not insures(procedure)
        case Part.TIME:
            return bool(time_limits(procedure))
        case Part.WHERE:
            return bool(places.counter(procedure))
        case _:
            return bool(record_parts.lines_of(procedure, part))


def part_name(part: Part) -> str:
    """What a part of a procedure is called in a sentence."""
    return {
        Part.PAPERS: _("giấy tờ cần nộp"),
        Part.STEPS: _("các bước"),
        Part.FEE: _("mức phí, lệ phí"),
        Part.TIME: _("thời hạn giải quyết"),
        Part.WHERE: _("nơi nộp"),
        Part.DEADLINE: _("hạn mà người dân phải làm xong"),
        Part.CONDITIONS: _("điều kiện"),
        Part.FORM: _("mẫu đơn, tờ khai"),
        Part.ONLINE: _("cách làm trên mạng"),
        Part.RESULT: _("kết quả"),
    }[part]


def who_knows(procedure: Procedure) -> str:
    """The agency that answers for it, by its number; else the counter and the hotline."""
    number = the_city().hotline
    owner = procedure.owner
    if owner is not None and owner.phone:
        return _("{agency}, số {phone}, hoặc gọi {number}").format(agency=owner.name, phone=owner.phone, number=number)
    return _("nơi nhận hồ sơ, hoặc gọi {number}").format(number=number)


def doubtful_words(procedure: Procedure, part: str) -> list[str]:
    """What the source says of a part that could not be read with certainty, word for word.

    Of what stands beside plain text only that no sum is fixed: its sums are those that the plain text has looked through.
    """
    beside = [each for each in doubts_beside(procedure) if part == "fee" and not _SUM.search(each["what"])]
    doubts = [each for each in (*procedure.troubles, *beside) if each["at"] == part]
    found = (_WORDS_OF_A_DOUBT.sub("", each["what"]).strip() for each in doubts)
    return [words.removesuffix(")") if words.count(")") > words.count("(") else words for words in found if words]


def insures(procedure: Procedure) -> bool:
    """Whether it is about social or health insurance, whose contributions are no fee of the procedure."""
    return _INSURANCE.search(f"{procedure.field} {procedure.name}") is not None


_SUM = re.compile(r"\d{1,3}[.,]\d{3}")
_SAYS_THE_SUM = re.compile(
    r"\d ?(?:đồng|vnđ|đ\b|usd|dollars?|vnd|dong)|\d[.,]\d{3}|^(?:miễn|không (?:mất|thu|có|phải)|free|no (?:fee|charge))"
    r"|: ?miễn phí",
    re.IGNORECASE,
)
_IN_A_CASE = re.compile(r"(?:chỉ|khi|nếu|với|trường hợp|đối với)\b", re.IGNORECASE)
_WORDS_OF_A_DOUBT = re.compile(r"^(?:Trực tuyến|Dịch vụ bưu chính|Trực tiếp): (?:Miễn phí ?\(?)?")
_INSURANCE = re.compile(r"bảo hiểm (?:xã hội|y tế)|BHXH|BHYT", re.IGNORECASE)


def _of_procedure(row: Procedure, part: Part | None) -> str:
    match part:
        case None:
            return _overview(row)
        case Part.PAPERS if row.papers:
            return _("Giấy tờ: {text}.").format(text=_papers(row).rstrip("."))
        case Part.STEPS if row.steps:
            text = " ".join(f"{number}) {step}" for number, step in enumerate(row.steps, start=1))
            return _("Cách làm: {text}").format(text=text)
        case Part.FEE:
            return _fee(row)
        case Part.TIME:
            return _time(row)
        case Part.WHERE if where(row):
            return _where(row)
        case Part.PAPERS | Part.STEPS | Part.WHERE if row.unsure(part):
            return _("Phần này thành phố đang kiểm tra lại. Xin hỏi {who}.").format(who=who_knows(row))
        case Part.PAPERS | Part.STEPS | Part.WHERE:
            return not_recorded(row, part)
        case _:
            lines = record_parts.lines_of(row, part)
            return _headed(part, " ".join(_ended(line) for line in lines)) if lines else not_recorded(row, part)


def _papers(row: Procedure) -> str:
    """What everybody needs first; a paper that is needed only in a case says so."""
    told = [f"{paper(each)}, {case}" if (case := in_a_case(each)) else paper(each) for each in row.papers]
    in_order = sorted(zip(row.papers, told, strict=True), key=lambda each: bool(in_a_case(each[0])))
    return "; ".join(f"{number}) {text}" for number, (_row, text) in enumerate(in_order, start=1))


def _fee(row: Procedure) -> str:
    known = fees(row)
    if insures(row):
        due = _("Chưa có mức đóng bảo hiểm trong kho. Xin hỏi {who}.").format(who=who_knows(row))
        papers = _("Riêng việc nộp hồ sơ: {text}.").format(text=(known[:1].lower() + known[1:]).rstrip("."))
        return f"{due} {papers}" if known else due
    told = _("Lệ phí: {text}.").format(text=known.rstrip(".")) if known else ""
    doubt = _in_doubt(row, "fee")
    return " ".join(filter(None, [told, doubt or sum_unknown(row)])) or not_recorded(row, Part.FEE)


def _time(row: Procedure) -> str:
    """How long the office takes, and what is noted of cases that take longer; never how long the citizen has."""
    known = time_limits(row)
    told = _("Thời hạn giải quyết: {text}.").format(text=known.rstrip(".")) if known else ""
    noted = " ".join(map(_ended, record_parts.times_noted(row)))
    return " ".join(filter(None, [told, noted, _in_doubt(row, "time")])) or not_recorded(row, Part.TIME)


def _where(row: Procedure) -> str:
    """The counter; of an agency alone it isn't said that papers are handed in there. Nothing where neither is known."""
    if known := places.counter(row):
        return _("Nộp tại: {text}.").format(text=known.rstrip("."))
    return _("Cơ quan giải quyết: {text}.").format(text=row.agency.rstrip(".")) if row.agency else ""


def _in_doubt(row: Procedure, part: str) -> str:
    """The source's own words where they could not be read with certainty, said to be those."""
    if not (words := doubtful_words(row, part)):
        return ""
    if (get_language() or "").startswith("en"):  # the source's words are Vietnamese
        return _("Nguồn ghi chưa rõ. Hỏi cho chắc: {who}.").format(who=who_knows(row))
    return _("Nguồn ghi chưa rõ: “{words}”. Hỏi cho chắc: {who}.").format(words="; ".join(words), who=who_knows(row))


def _headed(part: Part, text: str) -> str:
    if part is Part.ONLINE and text.startswith(_("Nộp trực tuyến được")):  # which says by itself what it is about
        return text
    heads = {
        Part.DEADLINE: _("Hạn của bạn: {text}"),
        Part.CONDITIONS: _("Điều kiện: {text}"),
        Part.FORM: _("Mẫu cần điền: {text}"),
        Part.ONLINE: _("Làm trên mạng: {text}"),
        Part.RESULT: _("Bạn nhận được: {text}"),
    }
    return heads[part].format(text=text)


def _ended(line: str) -> str:
    return line if line.endswith((".", ";", ":", "?", "!")) else f"{line}."


def _overview(row: Procedure) -> str:
    facts = [
        row.summary,
        _("Thời hạn giải quyết: {text}.").format(text=time_limits(row).rstrip(".")) if time_limits(row) else "",
        _("Lệ phí: {text}.").format(text=fees(row).rstrip(".")) if fees(row) else "",
        _where(row),
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
    return " ".join(filter(None, [row.about, _hours_everywhere(row) if row.lists_counters else "", source]))


def _hours_everywhere(table: LookupTable) -> str:
    """When its counters are open, where all of them are at the same hours; nothing where they differ or it isn't told."""
    column = next((each for each in table.columns if each.get("role") == ColumnRole.HOURS), None)
    if column is None:
        return ""
    rows = LookupRow.objects.filter(table=table, generation=table.generation).values_list("values", flat=True)
    hours = {str(values.get(column["name"]) or "") for values in rows}
    return f"{column['label']}: {hours.pop()}." if len(hours) == 1 and hours != {""} else ""


def _first_sentences(text: str, most: int = 300) -> str:
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    cut = text[:most]
    end = max(cut.rfind(mark) for mark in (". ", "? ", "! "))
    return cut[: end + 1] if end > 80 else cutting.beginning(text, most)
