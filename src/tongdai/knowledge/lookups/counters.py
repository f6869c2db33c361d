"""Where a ward's citizens hand in their papers: the address, hours and telephone that the law's text cannot know.

A procedure says `Bộ phận một cửa của UBND cấp xã`; the city's table of counters says which house that is, for each ward.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tongdai.directory.freshness import Fresh
from tongdai.directory.models import Place
from tongdai.language.text import fold
from tongdai.platform.clock import today

from ..answers import places
from ..models import LookupRow, LookupTable, Procedure, State
from ..models.procedures import Level
from .row_search import shown

_OF_THE_WARD = re.compile(
    r"\b(?:mot cua|phuc vu hanh chinh cong|tiep nhan va tra ket qua|(?:uy ban nhan dan|ubnd) (?:cap )?(?:xa|phuong|dac khu))\b"
)

_WORD = re.compile(r"[a-z0-9]+")
_ITSELF = re.compile(
    r"\b(?:(?:trung tam|bo phan|quay|noi|van phong) )?(?:phuc vu )?hanh chinh cong\b|\b(?:bo phan |quay |noi )?mot cua\b|"
    r"\b(?:bo phan |noi |quay )(?:tiep nhan(?: va tra ket qua)?|nhan ho so)\b|\b(?:tru so )?(?:uy ban nhan dan|uy ban|ubnd)\b|"
    r"\b(?:public )?(?:administrative |administration )?service cent(?:er|re)\b|\bpublic administration cent(?:er|re)\b|"
    r"\bone[ -]stop (?:shop|counter|office|cent(?:er|re))\b|"
    r"\b(?:ward|commune|people'? ?s committee)(?:'s)? (?:office|counter|hall)\b|"
    r"\bpeople'? ?s committee\b|\bcounter\b"
)
_HOURS = re.compile(
    r"\b(?:lich|gio|thoi gian) (?:lam viec|mo cua|tiep dan|tiep nhan|nhan ho so|hanh chinh|nghi)\b|\b(?:sang |chieu |ca )?"
    r"(?:thu (?:bay|7)|t7|chu nhat|cn|cuoi tuan|ngoai gio|buoi trua)\b|\b(?:office|opening|working) hours\b|"
    r"\bon (?:saturdays?|sundays?|weekends?)\b|\b(?:saturdays?|sundays?|weekends?)\b|\bmay gio (?:mo cua|lam viec|dong cua|nghi)\b"
)
_OF_ASKING = re.compile(
    r"\b(?:phuong|xa|dac khu|ward|commune|cua|o|tai|co|khong|ko|hong|lam viec|mo cua|dong cua|nhan ho so|tiep dan|nghi|may gio|"
    r"gio nao|luc nao|khi nao|dia chi|so dien thoai|dien thoai|so|dau|cho nao|nam|la|thi|cho|hoi|xin|minh|em|toi|a|vay|the|"
    r"gi|nao|va|open|opened|close|closed|is|are|the|in|of|at|where|when|what|time|does|do|it|address|phone|number|work|"
    r"s|telephone|hours|my|i|and|for)\b"
)


def _read() -> list[LookupTable]:
    there = LookupTable.objects.on(today()).filter(state=State.PUBLISHED, lists_counters=True, generation__gt=0)
    return list(there.order_by("pk"))


tables: Fresh[list[LookupTable]] = Fresh(_read)
"""The published tables that say where papers are handed in."""


def is_of_the_ward(procedure: Procedure) -> bool:
    """Whether its record says that a ward's or commune's administration takes its papers; the ward's police is another."""
    office = places.counter(procedure) or procedure.agency
    return Level.COMMUNE in procedure.levels and _OF_THE_WARD.search(fold(office)) is not None


def table_for(procedure: Procedure) -> LookupTable | None:
    """The table that lists its counters; None where the city has none, or its papers go elsewhere."""
    there = tables()
    return there[0] if there and is_of_the_ward(procedure) else None


def asked_for(typed: str) -> bool:
    """Whether the counter itself is asked for and no procedure: its address, hours or telephone, in Vietnamese or English.

    `typed`: without the ward's name. Every word that is left must be one of asking.
    """
    text, counters = _ITSELF.subn(" ", fold(typed))
    text, hours = _HOURS.subn(" ", text)
    return bool(counters or hours) and not set(_WORD.findall(_OF_ASKING.sub(" ", text)))


def rows_at(wards: Sequence[Place]) -> list[LookupRow]:
    """The counters of these wards, whatever is handed in there."""
    return list(shown(tables()).filter(place__in=wards)) if wards and tables() else []


def at(wards: Sequence[Place], procedure: Procedure) -> list[LookupRow]:
    """The counters of these wards that take its papers."""
    if not wards or table_for(procedure) is None:
        return []
    return list(shown(tables()).filter(place__in=wards))
