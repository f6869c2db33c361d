"""A file of procedures, record by record: the portal's JSON lines, our own, or a table (CSV, XLSX).

A table has the columns `COLUMNS`, or `CALLED` as people name them; lists within a cell are parted by line breaks,
fields of a paper or way by `;`.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tongdai.platform.vietnamese import clean

from ..tables import NotATable, rows_of
from . import portal_format
from .record import Record, Trouble

COLUMNS = ("code", "name", "summary", "field", "levels", "audience", "agency", "place", "requirements", "steps",
           "papers", "ways", "result", "legal_basis", "decision", "source")  # fmt: skip
CALLED = {
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


def records_of(path: Path, *, today: date) -> Iterator[tuple[int, Record | str]]:
    """(line number, the record or what is wrong with the line) for each line that isn't empty.

    Raises:
        NotATable: the file can't be read at all; the message is for the person.
    """
    name = path.name.lower()
    if name.endswith((".jsonl", ".json", ".jsonl.gz", ".json.gz")):
        yield from _json_lines(path, today=today)
    else:
        needed = {"code": _("Mã thủ tục"), "name": _("Tên thủ tục")}
        for number, cells in rows_of(path, needed=needed, called=CALLED):
            yield number, _from_cells(cells)


def _json_lines(path: Path, *, today: date) -> Iterator[tuple[int, Record | str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, _from_json(line, today=today)
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as wrong:
        raise NotATable(_("Tệp không đọc được: không phải JSON theo dòng, mã UTF-8.")) from wrong


def _from_json(line: str, *, today: date) -> Record | str:
    try:
        said = json.loads(line)
    except ValueError:
        return _("không phải JSON")
    if not isinstance(said, dict):
        return _("không phải một thủ tục")
    if "ma_thu_tuc" in said:
        try:
            return portal_format.read(said, today=today)
        except ValueError:
            return _("không có mã thủ tục")
    if not said.get("code") or not said.get("name"):
        return _("thiếu mã hoặc tên thủ tục")
    return _checked({key: said[key] for key in COLUMNS if key in said}, said.get("troubles", []))


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
    parts = [part.strip() for part in line.split(";")]
    return dict(zip(names, [*parts, *[""] * len(names)], strict=False))


def _checked(values: dict[str, Any], troubles: list[dict[str, str]]) -> Record:
    """What can be taken is taken; a count that is no number is a trouble of that part."""
    record = Record(code=clean(str(values.pop("code"))), name=" ".join(clean(str(values.pop("name"))).split()))
    record.silent_on = frozenset(COLUMNS[2:]) - set(values)
    record.troubles = [Trouble(each["at"], each["what"]) for each in troubles]
    for column, value in values.items():
        setattr(record, column, _tidy(value))
    for paper in record.papers:
        for count in ("originals", "copies"):
            told = str(paper.get(count) or "0")
            if not told.isdigit():
                record.troubles.append(Trouble("papers", f"{paper.get('name', '')}: {told}"))
            paper[count] = int(told) if told.isdigit() else 0
    return record


def _tidy(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_tidy(each) for each in value]
    if isinstance(value, dict):
        return {key: _tidy(each) for key, each in value.items()}
    return value
