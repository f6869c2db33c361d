"""Makes the standard template: `python -m tongdai.reports.document.standard` writes `standard.docx`.

Layout by Decree 30/2020/NĐ-CP, Appendix I: A4, margins 20, 20, 30, 15 mm, Times New Roman 13–14, page numbers in the upper
margin from the second page on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
LEFT, RIGHT, CENTER, BOTH = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
FILE = Path(__file__).with_name("standard.docx")
COLUMNS = (
    ("Số phiếu", "received", 2.1),
    ("Đã trả lời", "answered", 2.4),
    ("Thành công", "success", 2.7),
    ("Đúng hạn", "on_time", 2.3),
)


def make() -> Any:
    """Return the template as a document of python-docx."""
    document = Document()
    _page(document)
    _head(document)
    _title(document)
    _body(document)
    _foot(document)
    return document


# --- the parts a decree's document has ----------------------------------------------------------------------------


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(20),
        Mm(20),
        Mm(30),
        Mm(15),
    )
    section.header_distance = Mm(9)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    fonts = style.element.rPr.rFonts
    for script in ("w:eastAsia", "w:cs", "w:hAnsi"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.rPr.append(language)
    style.paragraph_format.space_after = Pt(0)
    document.core_properties.author = document.core_properties.comments = ""


def _head(document: Any) -> None:
    """Write the issuing body and the number on the left, the name of the state, place and date on the right."""
    table = _grid(document, [6.7, 9.8])
    left, right = table.rows[0].cells
    _write(left.paragraphs[0], "{{ superior }}", size=12, align=CENTER)
    _write(left.add_paragraph(), "{{ issuer }}", size=12, bold=True, align=CENTER)
    _rule(left.add_paragraph(), indent=2.5)
    _write(left.add_paragraph(), "Số: {{ blank }}/BC-{{ blank }}", size=13, align=CENTER, before=4)
    _write(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=CENTER)
    _write(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", size=13, bold=True, align=CENTER)
    _rule(right.add_paragraph(), indent=1.9)
    _write(right.add_paragraph(), "{{ place_and_date }}", size=13, italic=True, align=CENTER, before=4)


def _title(document: Any) -> None:
    _write(document.add_paragraph(), "BÁO CÁO", size=14, bold=True, align=CENTER, before=18)
    _write(document.add_paragraph(), "{{ subject }}", size=14, bold=True, align=CENTER)
    _write(document.add_paragraph(), "({{ period }})", size=14, bold=True, align=CENTER)
    _rule(document.add_paragraph(), indent=6.6)
    _write(document.add_paragraph(), "Kính gửi: {{ blank }}", align=CENTER, before=12, after=12)
    _text(document, "{{ opening }}")


def _body(document: Any) -> None:
    _heading(document, "I. PHẠM VI VÀ CÁCH TÍNH")
    _each(document, "scope")
    _each(document, "definitions", mark="- ")
    _heading(document, "II. KẾT QUẢ")
    _heading(document, "1. Tiếp nhận")
    _each(document, "received")
    _table(
        document,
        "Bảng 1. Phiếu theo kênh tiếp nhận",
        "channels",
        "Kênh",
        [("Số phiếu", "received", 3.5), ("Tỷ lệ", "share", 3.5)],
        short=True,
    )
    _picture(document, "chart_days", "Biểu đồ 1. Phiếu nhận và phiếu được trả lời lần đầu, từng ngày")
    _heading(document, "2. Trả lời")
    _each(document, "answered")
    _line(document, "{%p if halves %}")
    _table(
        document, "Bảng 2. Hai nửa kỳ, mỗi nửa tính trọn trong nửa ấy", "halves", "Chỉ tiêu",
        [("{{ half_names.first }}", "first", 3.4), ("{{ half_names.second }}", "second", 3.4), ("Thay đổi", "change", 3.4)],
        short=True,
    )  # fmt: skip
    _line(document, "{%p endif %}")
    _heading(document, "3. Lĩnh vực")
    _table(document, "Bảng 3. Phiếu theo lĩnh vực", "topics", "Lĩnh vực", COLUMNS)
    _picture(document, "chart_topics", "Biểu đồ 2. Số phiếu theo lĩnh vực")
    _heading(document, "4. Cơ quan")
    _table(document, "Bảng 4. Phiếu theo cơ quan chủ trì", "agencies", "Cơ quan", COLUMNS)
    _picture(document, "chart_agencies", "Biểu đồ 3. Tỷ lệ đúng hạn của các cơ quan nhiều phiếu nhất")
    _heading(document, "5. Địa bàn")
    _table(document, "Bảng 5. Phiếu theo phường, xã", "places", "Phường, xã", COLUMNS)
    _heading(document, "6. Cuộc gọi, tin nhắn, phiếu khẩn, trả lời ngay")
    _each(document, "other_channels")
    _heading(document, "III. ĐÁNH GIÁ")
    _heading(document, "1. Kết quả đạt được")
    _each(document, "reached", mark="- ")
    _heading(document, "2. Hạn chế")
    _each(document, "short", mark="- ")
    _heading(document, "IV. ĐỀ XUẤT")
    _each(document, "proposals", mark="{{ loop.index }}. ")
    _text(document, "Những nội dung cần quyết định kèm theo:", kept=True)
    _each(document, "to_fill_in", mark="- ")
    _text(document, "Trên đây là báo cáo {{ subject_in_text }}./.", kept=True)


def _foot(document: Any) -> None:
    """Write to whom it goes on the left, who signs on the right, kept on one page."""
    between = document.add_paragraph().paragraph_format
    between.space_after, between.keep_with_next = Pt(6), True
    table = _grid(document, [7.5, 9.0])
    _unbroken(table.rows[0])
    left, right = table.rows[0].cells
    _write(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True)
    for line in ("- Như trên;", "- {{ blank }};", "- Lưu: VT, {{ blank }}."):
        _write(left.add_paragraph(), line, size=11)
    _write(right.paragraphs[0], "{{ blank }}", bold=True, align=CENTER)
    _write(right.add_paragraph(), "(Quyền hạn, chức vụ của người ký)", size=13, italic=True, align=CENTER)
    for _empty in range(4):
        _write(right.add_paragraph(), "", align=CENTER)
    _write(right.add_paragraph(), "{{ blank }}", bold=True, align=CENTER)
    _write(right.add_paragraph(), "(Họ và tên)", size=13, italic=True, align=CENTER)


# --- what they are made of --------------------------------------------------------------------------------------


def _heading(document: Any, words: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Cm(1.27)
    paragraph.paragraph_format.keep_with_next = True
    _write(paragraph, words, bold=True, before=6, after=4)


def _text(document: Any, words: str, *, kept: bool = False) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = kept or None
    paragraph.paragraph_format.first_line_indent = Cm(1.27)
    paragraph.paragraph_format.line_spacing = 1.1
    _write(paragraph, words, align=BOTH, after=6)


def _line(document: Any, tag: str) -> None:
    document.add_paragraph(tag)


def _each(document: Any, name: str, *, mark: str = "") -> None:
    """Write a paragraph for each sentence of a list."""
    _line(document, f"{{%p for each in {name} %}}")
    _text(document, f"{mark}{{{{ each }}}}")
    _line(document, "{%p endfor %}")


def _picture(document: Any, name: str, caption: str) -> None:
    _line(document, f"{{%p if {name} %}}")
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    _write(paragraph, f"{{{{ {name} }}}}", align=CENTER, before=8)
    _write(document.add_paragraph(), caption, size=13, italic=True, align=CENTER, after=8)
    _line(document, "{%p endif %}")


def _table(
    document: Any,
    caption: str,
    name: str,
    first: str,
    columns: Sequence[tuple[str, str, float]],
    *,
    short: bool = False,
) -> None:
    """Write a table with a line for each row of a list; its heading stands on each page anew, a short one on one page."""
    above = document.add_paragraph()
    above.paragraph_format.keep_with_next = True
    _write(above, caption, size=13, italic=True, align=CENTER, before=6, after=3)
    widths = [16.5 - sum(width for _head, _key, width in columns), *(width for _head, _key, width in columns)]
    table = _grid(document, widths, rows=4, borders=True)
    heading, opening, line, closing = table.rows
    _cells(
        heading.cells, [first, *(head for head, _key, _width in columns)], bold=True, first_align=CENTER, others=CENTER
    )
    _repeated(heading)
    opening.cells[0].paragraphs[0].add_run(f"{{%tr for row in {name} %}}")
    _cells(line.cells, ["{{ row.name }}", *(f"{{{{ row.{key} }}}}" for _head, key, _width in columns)])
    closing.cells[0].paragraphs[0].add_run("{%tr endfor %}")
    for row in table.rows:
        _unbroken(row)
    for cell in line.cells if short else ():
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    for cell in heading.cells:
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    document.add_paragraph().paragraph_format.line_spacing = Pt(8)


def _cells(
    cells: Sequence[_Cell], words: Sequence[str], *, bold: bool = False, first_align: Any = LEFT, others: Any = RIGHT
) -> None:
    for number, (cell, word) in enumerate(zip(cells, words, strict=True)):
        _write(cell.paragraphs[0], word, size=12, bold=bold, align=others if number else first_align, before=2, after=2)


def _grid(document: Any, widths: Sequence[float], *, rows: int = 1, borders: bool = False) -> Any:
    table = document.add_table(rows=rows, cols=len(widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    if borders:
        table.style = "Table Grid"
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)
    return table


def _write(
    paragraph: Paragraph, words: str, *, size: float = 14, bold: bool = False, italic: bool = False, align: Any = None,
    before: float = 0, after: float = 0,
) -> None:  # fmt: skip
    run = paragraph.add_run(words)
    run.font.size, run.bold, run.italic = Pt(size), bold or None, italic or None
    form = paragraph.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    if align is not None:
        form.alignment = align


def _rule(paragraph: Paragraph, *, indent: float) -> None:
    """Draw a line under what stands above, as long as the column without the indents."""
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Cm(indent)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = CENTER
    run = paragraph.add_run()
    run.font.size = Pt(13)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _repeated(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _unbroken(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


if __name__ == "__main__":
    make().save(str(FILE))
