"""The document as Word, from a template that the city can replace.

A template is a `.docx` whose placeholders (`{{ subject }}`, `{%tr for row in topics %}`) docxtpl fills. It is filled in a
sandbox: it can show what it was given and nothing else.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Cm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError

from . import drawing
from .assessment import ON_TIME
from .content import UNSORTED, Content
from .drawing import Bar
from .numerals import NBSP, percent, whole
from .standard import FILE as STANDARD
from .words import PLACEHOLDERS, subject, write

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WIDTH = Cm(16)
MOST_BARS = 10


class BrokenTemplate(ValueError):
    """The template can't be filled; the words say what is wrong with it, for whoever edits it."""


def in_use() -> Path:
    """Return the city's template (TONGDAI_REPORT_TEMPLATE), else the standard one."""
    return Path(settings.REPORT_TEMPLATE) if settings.REPORT_TEMPLATE else STANDARD


def make(content: Content, *, template: Path) -> bytes:
    """Fill the template.

    Raises:
        BrokenTemplate: it is no Word file, or names a placeholder that the report doesn't have.
    """
    document, jinja = _open(template), SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        _check_names(document, jinja, file=template)
        document.render(write(content) | _pictures(content, document), jinja)
    except TemplateSyntaxError as wrong:
        raise BrokenTemplate(
            _("Mẫu {file}: viết sai chỗ trống ({why}).").format(file=template.name, why=wrong.message)
        ) from wrong
    except (TemplateError, XMLSyntaxError, TypeError, ValueError) as wrong:
        if isinstance(wrong, BrokenTemplate):
            raise
        raise BrokenTemplate(_("Mẫu {file}: không điền được ({why}).").format(file=template.name, why=wrong)) from wrong
    properties = document.docx.core_properties
    properties.title, properties.author = subject(content), content.owner
    properties.created = properties.modified = content.made_at
    properties.language = "vi-VN"
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _open(file: Path) -> DocxTemplate:
    try:
        document = DocxTemplate(io.BytesIO(file.read_bytes()))
        document.init_docx()
    except OSError as wrong:
        raise BrokenTemplate(_("Mẫu {file}: không đọc được ({why}).").format(file=file, why=wrong.strerror)) from wrong
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError) as wrong:
        raise BrokenTemplate(_("Mẫu {file}: không phải tệp Word (.docx).").format(file=file.name)) from wrong
    return document


def _check_names(document: DocxTemplate, jinja: SandboxedEnvironment, *, file: Path) -> None:
    """Name every unknown placeholder at once, with those there are."""
    unknown = sorted(document.get_undeclared_template_variables(jinja) - PLACEHOLDERS.keys())
    if unknown:
        names = ", ".join(f"{{{{ {name} }}}}" for name in unknown)
        raise BrokenTemplate(
            _("Mẫu {file}: báo cáo không có chỗ trống {names}. Các tên dùng được: {known}.").format(
                file=file.name, names=names, known=", ".join(PLACEHOLDERS)
            )
        )


def _pictures(content: Content, document: DocxTemplate) -> dict[str, Any]:
    """Return the charts; an empty text where there is nothing to draw."""
    drawn = {
        "chart_days": drawing.days(content.counted.by_day),
        "chart_topics": _topics(content),
        "chart_agencies": _agencies(content),
    }
    return {name: InlineImage(document, io.BytesIO(png), width=WIDTH) if png else "" for name, png in drawn.items()}


def _topics(content: Content) -> bytes | None:
    rows = content.counted.by_topic[:MOST_BARS]
    most = max((row.received for row in rows), default=0)
    return drawing.bars(
        [Bar(row.name or UNSORTED, row.received / most if most else 0, whole(row.received)) for row in rows]
    )


def _agencies(content: Content) -> bytes | None:
    """Draw the punctuality of the agencies with most cases, the most punctual first."""
    rows = [
        (row.on_time_rate, row)
        for row in content.counted.by_agency[:MOST_BARS]
        if row.key and row.on_time_rate is not None
    ]
    rows.sort(key=lambda each: (-each[0], each[1].name))
    return drawing.bars(
        [Bar(row.name, rate, percent(rate)) for rate, row in rows],
        least=ON_TIME,
        least_words=f"{round(100 * ON_TIME)}{NBSP}%",
    )
