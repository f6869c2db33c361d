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


def at(wards: Sequence[Place], procedure: Procedure) -> list[LookupRow]:
    """The counters of these wards that take its papers."""
    if not wards or table_for(procedure) is None:
        return []
    return list(shown(tables()).filter(place__in=wards))
