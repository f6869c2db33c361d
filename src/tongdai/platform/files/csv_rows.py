"""CSV that somebody made, row by row, each with the line it begins on; a quotation mark left open swallows nothing in silence."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

LONGEST_CELL = 1_000_000  # characters


class NotCsv(ValueError):
    """It can't be read as CSV. The message is for the person, and names the line."""


def text_of(path: Path) -> str:
    """The file's text, as Vietnamese Excel writes it: UTF-8 with or without a mark.

    Raises:
        NotCsv
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise NotCsv(_("Tệp không phải UTF-8. Trong Excel, lưu dạng “CSV UTF-8”.")) from wrong


def rows(text: str, *, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line it begins on, cells) of every row, blank ones too.

    Raises:
        NotCsv: a quotation mark is left open or closed amid a cell, or a cell is longer than `LONGEST_CELL`.
    """
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            if "field limit" in str(wrong):
                raise NotCsv(_("Dòng {line}: có ô dài quá 1.000.000 ký tự.").format(line=line)) from wrong
            why = _('Dòng {line}: dấu ngoặc kép mở ra mà không đóng, hoặc đóng giữa ô. Trong ô, viết nó hai lần: "".')
            raise NotCsv(why.format(line=line)) from wrong
        yield line, cells
