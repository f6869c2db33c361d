"""An answer as a card of the list: what it is, what it says in short, where it opens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from tongdai.knowledge.answer_key import Part
from tongdai.knowledge.answers import closest, english
from tongdai.knowledge.ask import FoundAnswer
from tongdai.knowledge.models import Answer, Article, ColumnRole, LookupRow, LookupTable, Procedure
from tongdai.language import cutting
from tongdai.language.text import fold
from tongdai.people import phones

from .asked_language import LANGUAGE

WHOLE, HALF = 180, 110  # characters of a card's answer; of one of two that share it
ALSO, CLOSEST = "va", "cau"  # name another part, and sentences by their numbers, in an address
TWO_LINES = 66  # characters, under the box of a phone 360 px wide


@dataclass(frozen=True)
class Card:
    """`lang`, `short_lang`: of the title, and of the short answer, which may exist in Vietnamese only."""

    title: str
    kind: str
    short: str
    url: str
    lang: str = "vi"
    short_lang: str = "vi"


def card(
    found: FoundAnswer, *, part: Part | None, mark: str, also: Part | None = None, language: str = "", typed: str = ""
) -> Card:
    """In the language that is active. `also`: another part that was asked for in the same breath, whose line stands beside the
    first; `language`: of the page it opens, where that isn't the browser's own; `typed`: the question, whose closest sentences
    the page shows beside the part."""
    answer = found.answer
    short, short_lang = (
        english.short(answer, part)
        if not isinstance(answer, LookupRow)
        else (". ".join(f"{label}: {value}" for label, value, _link in cells(answer)), "vi")
    )
    if also and isinstance(answer, Procedure):
        short = _both_halves(short, english.short(answer, also)[0])
    near = closest.closest(answer, typed) if isinstance(answer, Procedure) and not english.is_asked_for() else []
    url = address(answer, part=part, mark=mark, language=language, also=also, sentences=near)
    short = cutting.beginning(short, 2 * HALF + 1 if also else WHOLE)
    return Card(english.title(answer), _kind(answer), short, url, english.title_language(answer), short_lang)


def _both_halves(first: str, second: str) -> str:
    """The two things that were asked in one breath; what one of them leaves of its room is the other's."""
    second = cutting.beginning(second, max(HALF, 2 * HALF - len(first)))
    return f"{cutting.beginning(first, 2 * HALF - len(second))} {second}"


def suggestion(found: FoundAnswer, *, part: Part | None, language: str = "") -> dict[str, str]:
    """A line under the box while one types."""
    return {
        "title": cutting.beginning(english.title(found.answer), TWO_LINES),
        "about": _kind(found.answer),
        "url": address(found.answer, part=part, mark="", language=language),
    }


def address(
    answer: Answer,
    *,
    part: Part | None,
    mark: str,
    language: str = "",
    also: Part | None = None,
    sentences: Sequence[int] = (),
) -> str:
    """Its page, at the part that was asked for; in this language, where it isn't the browser's own.

    `also`: the part that is shown beside it; `sentences`: those of the record that come closest to the question, by number, for
    a question's own words stay out of addresses.
    """
    near = ".".join(map(str, sentences))
    asked = {"phan": part or "", ALSO: (part and also) or "", CLOSEST: near, "h": mark, LANGUAGE: language}
    query = urlencode({name: value for name, value in asked.items() if value})
    match answer:
        case Procedure():
            path = reverse("portal:procedure", args=[answer.code])
        case Article():
            path = reverse("portal:article", args=[answer.pk])
        case LookupTable():
            path = reverse("portal:table", args=[answer.slug])
        case _:
            path = reverse("portal:row", args=[answer.pk])
    anchor = f"#{part}" if part and isinstance(answer, Procedure) else ""  # its page names its elements after them
    return f"{path}{'?' + query if query else ''}{anchor}"


def cells(row: LookupRow) -> list[tuple[str, str, str]]:
    """(label, value, address to dial) of its filled cells, in the table's order.

    Its name stands above, its point is a map's, and its ward stands once.
    """
    found = []
    for column in row.table.columns:
        value, role = str(row.values.get(column["name"], "")), column.get("role")
        if not value or role in {ColumnRole.NAME, ColumnRole.LATITUDE, ColumnRole.LONGITUDE}:
            continue
        if role == ColumnRole.PLACE and row.place and fold(value) in fold(f"{row.place.full_name} {row.name}"):
            continue
        found.append((column["label"], value, dial(value) if role == ColumnRole.PHONE else ""))
    return found


def ward(row: LookupRow) -> str:
    """Its ward, unless its name says it already."""
    return row.place.full_name if row.place and fold(row.place.full_name) not in fold(row.name) else ""


def dial(number: str) -> str:
    """`tel:` of a number people dial: a subscriber's, or a short one as 113 and 1022; empty if it is neither."""
    digits = re.sub(r"[\s.\-]", "", number)
    if re.fullmatch(r"[0-9]{3,5}", digits):
        return f"tel:{digits}"
    known = phones.normalise(number)
    return f"tel:{known}" if known else ""


def _kind(answer: Answer) -> str:
    match answer:
        case Procedure():
            field = english.text_in_english(answer.field) if english.is_asked_for() else answer.field
            return _("Thủ tục · {field}").format(field=field) if field else _("Thủ tục")
        case Article():
            return _("Hỏi – đáp")
        case LookupRow():
            return _("Bảng tra cứu") if english.is_asked_for() else answer.table.name
        case _:
            return _("Bảng tra cứu")
