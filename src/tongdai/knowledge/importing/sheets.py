"""A table out of a file somebody made: CSV as Vietnamese Excel writes it, or XLSX. Only values are read, never formulas.

Not trusted: a ZIP bomb called .xlsx, a title above the header, two header rows, merged cells, blank lines.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.language.text import clean, fold
from tongdai.platform.decoders import connection, functions
from tongdai.platform.decoders.confinement import Limits
from tongdai.platform.decoders.content import BEGINNING, kind_of
from tongdai.platform.files import csv_rows

from .xlsx_guard import MOST_ROWS

MOST_BYTES = 60 * 1024 * 1024  # of the file as sent
MOST_COLUMNS = 100
HEADER_WITHIN = 15  # the header is looked for in the first rows

EMPTY = gettext_lazy("Tệp trống, không có dòng nào.")
_WEB_PAGE = re.compile(r"\s*(?:(?><\?xml[^>]*>|<!--.*?-->)\s*)*+<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
READ_WORKBOOK = "tongdai.knowledge.importing.workbook:rows"
LIMITS = Limits(cpu=300, wall=3600, memory=1536 * 2**20)  # its rows are read as fast as they are taken in
_REFUSED = {
    "broken": gettext_lazy("Tệp .xlsx không mở được. Hãy mở bằng Excel rồi lưu lại."),
    "empty": EMPTY,
    "rows": gettext_lazy("Bảng có hơn 300.000 dòng. Hãy chia ra nhiều bảng."),
    "far": gettext_lazy("Trong tệp có ô nằm quá xa, bảng trở nên quá lớn. Hãy chép riêng phần bảng sang một tệp mới."),
    "unpacked": gettext_lazy("Tệp .xlsx mở ra quá lớn, không nhận. Hãy lưu lại dạng “CSV UTF-8”."),
    "other": gettext_lazy("Tệp này không phải .xlsx. Trong Excel, lưu lại dạng .xlsx hoặc “CSV UTF-8”."),
}

Cells = dict[str, str]


class NotATable(ValueError):
    """The file can't be read as a table. The message is for the person, and says what to do."""


def rows_of(
    path: Path, *, needed: Mapping[str, str] | None = None, synonyms: Mapping[str, str] | None = None
) -> Iterator[tuple[int, Cells]]:
    """(line in the file, column → text) for each row below the header that isn't empty; `Tên điểm` is `ten_diem`.

    `needed`: the name of a column that must be there → what people are told to call it; `synonyms`: what people name a
    column → its name. Raises NotATable.
    """
    lines = iter(sheet(path))
    at, header, _labels = _header(lines, needed or {}, synonyms or {})
    for number, cells in enumerate(lines, start=at + 1):
        row = {name: cell for name, cell in zip(header, cells, strict=False) if name}
        if any(row.values()):
            yield number, row


def labels_of(path: Path) -> tuple[list[str], list[str]]:
    """(folded names, names as written) of the columns. Raises NotATable; where no row stands below them, too."""
    lines = iter(sheet(path))
    _at, names, labels = _header(lines, {}, {})
    if not any(any(cells) for cells in lines):
        raise NotATable(_("Tệp chỉ có dòng tên cột, không có dòng nào bên dưới."))
    columns = [(name, label) for name, label in zip(names, labels, strict=True) if name]
    return [name for name, _label in columns], [label for _name, label in columns]


def sheet(path: Path) -> Iterator[list[str]]:
    """The rows of the first sheet as text, empty ones too."""
    if path.stat().st_size > MOST_BYTES:
        raise NotATable(_("Tệp quá lớn (hơn 60 MB). Hãy chia ra nhiều bảng."))
    with path.open("rb") as file:
        kind = kind_of(file.read(BEGINNING), among=("xlsx", "xls"))
    if kind == "xlsx":
        yield from _xlsx(path)
    elif kind == "xls":
        raise NotATable(_("Tệp Excel cũ (.xls). Hãy lưu lại dạng .xlsx hoặc “CSV UTF-8”."))
    else:
        yield from _csv(path)


def _csv(path: Path) -> Iterator[list[str]]:
    try:
        text = csv_rows.text_of(path)
        if not text.strip():
            raise NotATable(EMPTY)
        if "\x00" in text[:4096] or is_web_page(text):
            raise NotATable(_("Đây không phải một bảng: có thể là trang web hay trang đăng nhập."))
        for number, (_line, row) in enumerate(csv_rows.rows(text, delimiter=_mark_of(text))):
            if number > MOST_ROWS:
                raise NotATable(_REFUSED["rows"])
            yield [clean(cell) for cell in row[:MOST_COLUMNS]]
    except csv_rows.NotCsv as wrong:
        raise NotATable(str(wrong)) from wrong


def is_web_page(text: str) -> bool:
    """Whether it begins as HTML does, after blank lines and comments."""
    return _WEB_PAGE.match(text[:100_000]) is not None


def _mark_of(text: str) -> str:
    """What parts the cells of a CSV: the mark that parts most of the first lines into the same number of them."""
    first = "\n".join(text.lstrip("\n").split("\n", HEADER_WITHIN)[:HEADER_WITHIN])

    def lines_alike(mark: str) -> int:
        try:
            widths = Counter(len(row) for row in csv.reader(io.StringIO(first), delimiter=mark) if len(row) > 1)
        except csv.Error:
            return 0
        return max(widths.values(), default=0)

    return max((";", "\t", ","), key=lines_alike)


def _xlsx(path: Path) -> Iterator[list[str]]:
    """Read in a process of its own (`workbook`), as it comes."""
    try:
        with path.open("rb") as file:
            for rows in functions.lines(READ_WORKBOOK, file.fileno(), limits=LIMITS, most_columns=MOST_COLUMNS):
                yield from rows
    except functions.Refusal as refused:
        raise NotATable(_REFUSED[str(refused)]) from refused
    except connection.Unavailable as later:
        raise NotATable(
            _("Máy chưa đọc được tệp Excel lúc này. Hãy thử lại sau, hoặc lưu lại dạng “CSV UTF-8”.")
        ) from later
    except connection.OverLimit as over:
        raise NotATable(_REFUSED["unpacked"]) from over
    except connection.CannotRead as broken:
        raise NotATable(_REFUSED["broken"]) from broken


def _header(
    lines: Iterator[list[str]], needed: Mapping[str, str], synonyms: Mapping[str, str]
) -> tuple[int, list[str], list[str]]:
    """(line number, folded names, names as written) of the first row that names what is needed, or has at least two

    different cells. Where a merged cell spans several columns of it, the row below tells them apart, and is joined.
    """
    for number, cells in enumerate(lines, start=1):
        names = [synonyms.get(name, name) for name in map(_folded, cells)]
        if needed and set(needed) <= set(names):
            return number, names, cells
        if not needed and len({name for name in names if name}) >= 2:
            filled = [name for name in names if name]
            if len(set(filled)) == len(filled):
                return number, names, cells
            below = next(lines, [])
            labels = [_joined(above, under) for above, under in zip(cells, [*below, *[""] * len(cells)], strict=False)]
            return number + 1, _numbered([_folded(label) for label in labels]), labels
        if number >= HEADER_WITHIN:
            break
    if not needed:
        raise NotATable(_("Không thấy dòng tên cột. Bảng cần có một dòng tên cột ở trên cùng."))
    wanted = ", ".join(f"“{name}”" for name in needed.values())
    raise NotATable(_("Không thấy dòng tên cột. Bảng cần có các cột {wanted}.").format(wanted=wanted))


def _folded(cell: str) -> str:
    return "_".join(re.findall(r"[a-z0-9]+", fold(cell)))


def _joined(above: str, under: str) -> str:
    """`Địa chỉ` over `Phường` → `Địa chỉ Phường`; a cell merged downwards says the same twice."""
    return under if not above else above if not under or under == above else f"{above} {under}"


def _numbered(names: list[str]) -> list[str]:
    """The same name a second time is numbered."""
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 or not name else f"{name}_{seen[name]}")
    return out
