"""A file of procedures, record by record: the portal's JSON lines, our own, or a table (CSV, XLSX).

A table has the columns `COLUMNS`, or `COLUMN_SYNONYMS` as people name them; lists within a cell are parted by line breaks,
fields of a paper or way by `;`, or by `|` where they have `;` in them.
"""

from __future__ import annotations

import codecs
import gzip
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tongdai.language.text import clean

from ...answers.plain_text import FIELDS, Writer
from ..sheets import NotATable, rows_of
from . import portal_format
from .record import Record, Trouble

COLUMNS = ("code", "name", "summary", "field", "levels", "audience", "agency", "place", "requirements", "steps",
           "papers", "ways", "result", "legal_basis", "decision", "source")  # fmt: skip
COLUMN_SYNONYMS = {
    "ma": "code", "ma_thu_tuc": "code", "ma_so": "code", "ten": "name", "ten_thu_tuc": "name", "tom_tat": "summary",
    "linh_vuc": "field", "cap": "levels", "cap_thuc_hien": "levels", "doi_tuong": "audience",
    "doi_tuong_thuc_hien": "audience", "co_quan": "agency", "co_quan_thuc_hien": "agency",
    "co_quan_giai_quyet": "agency", "noi_nop": "place", "dia_chi_tiep_nhan": "place", "dieu_kien": "requirements",
    "yeu_cau_dieu_kien": "requirements", "cac_buoc": "steps", "trinh_tu_thuc_hien": "steps", "giay_to": "papers",
    "thanh_phan_ho_so": "papers", "cach_nop": "ways", "cach_thuc_thuc_hien": "ways", "ket_qua": "result",
    "ket_qua_thuc_hien": "result", "can_cu": "legal_basis", "can_cu_phap_ly": "legal_basis",
    "quyet_dinh": "decision", "so_quyet_dinh": "decision", "nguon": "source",
}  # fmt: skip
LISTS = frozenset({"levels", "audience", "steps"})
WRITTEN_WAYS = {"trực tiếp": "in_person", "trực tuyến": "online", "bưu điện": "post"}  # as people write → as kept
SHAPES = {
    "papers": ("name", "originals", "copies", "form", "note"),
    "ways": ("way", "time_limit", "fee", "note"),
    "legal_basis": ("number", "title"),
}
COUNT = re.compile(r"[0-9]{1,3}")  # of a paper's originals or copies


LONGEST = {"code": 40, "name": 1500, "field": 300, "decision": 200, "source": 500}  # characters
_CUT_SHORT = re.compile(r"[0-9](?:\.[0-9]{1,5})?")  # 1.004890 typed into a spreadsheet as a number


def records_of(path: Path, *, today: date) -> Iterator[tuple[int, Record | str]]:
    """(line number, the record or what is wrong with the line) for each line that isn't empty.

    Raises:
        NotATable: the file can't be read at all; the message is for the person.
    """
    if _is_json(path):
        yield from _json(path, today=today)
    else:
        needed = {"code": _("Mã thủ tục"), "name": _("Tên thủ tục")}
        for number, cells in rows_of(path, needed=needed, synonyms=COLUMN_SYNONYMS):
            yield number, _from_cells(cells)


def _is_json(path: Path) -> bool:
    """By the name an operator's file has; one that was sent has none from us, and is known by how it begins."""
    if path.suffix:
        return path.name.lower().endswith((".jsonl", ".json", ".jsonl.gz", ".json.gz"))
    with path.open("rb") as file:
        beginning = file.read(1024).removeprefix(codecs.BOM_UTF8)
    return not beginning or beginning.lstrip()[:1] in (b"{", b"[")


def _json(path: Path, *, today: date) -> Iterator[tuple[int, Record | str]]:
    """Line by line; or one array, whose members are numbered."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig") as lines:
            first = next((line for line in lines if line.strip()), "")
            lines.seek(0)
            if first.lstrip().startswith("["):
                for number, data in enumerate(_array(lines.read()), start=1):
                    yield number, _from_json(data, today=today)
                return
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, _from_line(line, today=today)
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as wrong:
        raise NotATable(_("Tệp không đọc được: không phải JSON theo dòng, mã UTF-8.")) from wrong


def _array(text: str) -> list[Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise NotATable(_("Tệp không đọc được: danh sách JSON bị hỏng.")) from wrong
    return data if isinstance(data, list) else []


def _from_line(line: str, *, today: date) -> Record | str:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return _("không phải JSON")
    return _from_json(data, today=today)


def _from_json(data: Any, *, today: date) -> Record | str:
    if not isinstance(data, dict):
        return _("không phải một thủ tục")
    if "ma_thu_tuc" in data:
        try:
            return _fitting(portal_format.read(data, today=today))
        except ValueError:
            return _("không có mã thủ tục")
    if not data.get("code") or not data.get("name"):
        return _("thiếu mã hoặc tên thủ tục")
    values = {key: data[key] for key in COLUMNS if key in data}
    troubles = data.get("troubles", [])
    for key, value in [*values.items(), ("troubles", troubles)]:
        if not _is_shaped(key, value):
            return _("phần “{part}” không đúng dạng").format(part=key)
    record = _checked(values, troubles)
    return record if isinstance(record, str) else _with_plain(record, data.get("plain", {}))


def _with_plain(record: Record, plain: Any) -> Record | str:
    """What of it is plain text, with the official text beside it, as `exports` writes it."""
    if not isinstance(plain, dict) or not all(_is_entry(name, entry) for name, entry in plain.items()):
        return _("phần “{part}” không đúng dạng").format(part="plain")
    for name, entry in plain.items():
        record.plain[name] = entry["by"]
        record.doubts += [Trouble(each["at"], each["what"]) for each in entry.get("doubts", [])]
        if "official" in entry:
            record.beside[name] = _tidy(entry["official"])
    return record


def _is_entry(name: str, entry: Any) -> bool:
    return (
        name in FIELDS
        and isinstance(entry, dict)
        and entry.get("by") in {Writer.STARTER, Writer.EDITOR}
        and _is_shaped("troubles", entry.get("doubts", []))
        and ("official" not in entry or _is_shaped(name, entry["official"]))
    )


def _is_shaped(key: str, value: Any) -> bool:
    """Whether it is what stands under this key in the files we write."""
    if key in LISTS:
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if key == "troubles":
        return isinstance(value, list) and all(
            isinstance(each, dict) and isinstance(each.get("at"), str) and isinstance(each.get("what"), str)
            for each in value
        )
    if key in SHAPES:
        return isinstance(value, list) and all(
            isinstance(each, dict) and all(isinstance(part, str | int) for part in each.values()) for each in value
        )
    return isinstance(value, str)


def _from_cells(cells: dict[str, str]) -> Record | str:
    if not cells.get("code") or not cells.get("name"):
        return _("thiếu mã hoặc tên thủ tục")
    values: dict[str, Any] = {}
    for column in COLUMNS:
        if column not in cells:
            continue
        text = cells[column]
        if column in LISTS:
            values[column] = [line.strip() for line in text.splitlines() if line.strip()]
        elif column in SHAPES:
            values[column] = [_shaped(line, SHAPES[column]) for line in text.splitlines() if line.strip()]
        else:
            values[column] = text
    return _checked(values, [])


def _shaped(line: str, names: tuple[str, ...]) -> dict[str, str]:
    mark = "|" if "|" in line else ";"
    parts = [part.strip() for part in line.rstrip(f"{mark} ").split(mark, len(names) - 1)]
    one = dict(zip(names, [*parts, *[""] * len(names)], strict=False))
    if "way" in one:
        one["way"] = WRITTEN_WAYS.get(one["way"].lower(), one["way"])
    return one


def _checked(values: dict[str, Any], troubles: list[dict[str, str]]) -> Record | str:
    """What can be taken is taken; a count that is no number is a trouble of that part."""
    record = Record(code=clean(values.pop("code")), name=" ".join(clean(values.pop("name")).split()))
    if _CUT_SHORT.fullmatch(record.code):
        return _(
            "mã “{code}” thiếu chữ số: bảng tính đã đọc mã thành một số; hãy định dạng cột mã là chữ (Text)"
        ).format(code=record.code)
    record.silent_on = frozenset(COLUMNS[2:]) - set(values)
    record.troubles = [Trouble(each["at"], each["what"]) for each in troubles]
    for column, value in values.items():
        setattr(record, column, _tidy(value))
    for paper in record.papers:
        for count in ("originals", "copies"):
            count_text = str(paper.get(count) or "0")
            if not COUNT.fullmatch(count_text):
                record.troubles.append(Trouble("papers", f"{paper.get('name', '')}: {count_text[:80]}"))
            paper[count] = int(count_text) if COUNT.fullmatch(count_text) else 0
    return _fitting(record)


def _fitting(record: Record) -> Record | str:
    """The record, if its columns have room for it."""
    for column, most in LONGEST.items():
        if len(getattr(record, column)) > most:
            return _("phần “{part}” dài quá {most} chữ").format(part=column, most=most)
    return record


def _tidy(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_tidy(each) for each in value]
    if isinstance(value, dict):
        return {key: _tidy(each) for key, each in value.items()}
    return value
