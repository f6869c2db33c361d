"""A document that is sent is a PDF that everybody can open, or is refused in words (docs/adr/0023)."""

from __future__ import annotations

import io
import zlib

import pytest

from tongdai.shell.uploads.documents import LONGEST_NAME, DocumentRefused, look_over, name_of

CATALOG = b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R %s>>\nendobj\n"
PAGES = b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"


def pdf(*, more: bytes = b"", trailer: bytes = b"", catalog: bytes = b"") -> bytes:
    """A document of no page, as small as can be."""
    end = b"trailer\n<< /Root 1 0 R /Size 3 %s>>\nstartxref\n0\n%%%%EOF\n" % trailer
    return b"%PDF-1.7\n" + CATALOG % catalog + PAGES + more + end


def packed(objects: bytes) -> bytes:
    """Objects as most programs write them by now: compressed."""
    data = zlib.compress(objects)
    return b"9 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (
        len(data), data,
    )  # fmt: skip


def why(content: bytes) -> str:
    with pytest.raises(DocumentRefused) as refused:
        look_over(io.BytesIO(content))
    return refused.value.why


@pytest.mark.parametrize(
    "content", [pdf(), pdf(more=packed(b"5 0 << /Type /Page >>")), pdf(more=b"%" + b"x" * 2_000_000)]
)
def test_a_document_is_kept_as_it_came(content: bytes) -> None:
    taken = look_over(io.BytesIO(content))
    assert (taken.data, taken.content_type, taken.width) == (content, "application/pdf", 0)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html><script>alert(1)</script>%PDF-1.7\nstartxref\n0\n%%EOF",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"%PDF-1.7\n<html>/Catalog /Pages</html>",  # no end
        b"%PDF-1.7\n<html><script>alert(1)</script></html>\nstartxref\n0\n%%EOF",  # nothing of a document in it
        b"PK\x03\x04 a workbook",
        b"\xff\xd8\xff\xe0 a photo",
    ],
)
def test_what_only_calls_itself_a_pdf_is_none(content: bytes) -> None:
    assert why(content) == "unreadable"


def test_one_with_a_password_is_told_apart() -> None:
    assert why(pdf(trailer=b"/Encrypt 7 0 R ")) == "locked"


@pytest.mark.parametrize(
    "content",
    [
        pdf(catalog=b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >> "),
        pdf(catalog=b"/OpenAction << /S /Java#53cript /JS (app.alert(1)) >> "),
        pdf(more=b"5 0 obj\n<< /S /Launch /F (cmd.exe) >>\nendobj\n"),
        pdf(more=packed(b"5 0 << /S /JavaScript /JS (app.alert(1)) >>")),
        pdf(more=b"5 0 obj\n<< /Type /EmbeddedFile /Length 0 >>\nstream\n\nendstream\nendobj\n"),
    ],
)
def test_one_that_runs_something_or_hides_another_file_is_refused(content: bytes) -> None:
    assert why(content) == "active"


def test_one_that_unpacks_to_gigabytes_costs_neither_memory_nor_time() -> None:
    assert why(pdf(more=packed(bytes(80_000_000)))) == "huge"


def test_a_documents_name_is_a_name_and_says_that_it_is_a_pdf() -> None:
    assert name_of("Biên bản nghiệm thu.pdf") == "Biên bản nghiệm thu.pdf"
    assert name_of("../../etc/passwd") == "etc passwd.pdf"
    assert name_of("bao-cao\u202efdp.exe") == "bao-cao fdp.exe.pdf"
    assert name_of("trang.html") == "trang.html.pdf" and name_of(" .pdf") == "tai-lieu.pdf"
    assert len(name_of("dài " * 100)) <= LONGEST_NAME
