"""Topics, places and agencies in memory, so that a form or a text is understood without a query.

The rows handed out are shared by all threads of the process: read them, never change or save them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeVar

from tongdai.platform.clock import today

from .city import the_city
from .freshness import Fresh, forget
from .models import Agency, Place, Topic

Row = TypeVar("Row", Topic, Place, Agency)

__all__ = ["agencies", "forget", "place", "places", "the_city", "today", "topic", "topics"]


@dataclass(frozen=True, eq=False)
class Topics:
    """Every topic there is or was, in Vietnamese order of names."""

    rows: tuple[Topic, ...]
    by_code: dict[str, Topic]


@dataclass(frozen=True, eq=False)
class Places:
    """Every place there is or was, without its boundary, in Vietnamese order of names."""

    rows: tuple[Place, ...]
    by_code: dict[str, Place]
    by_id: dict[int, Place]
    successors: dict[int, tuple[Place, ...]]  # id of a former unit → what it became


def topics(on: date | None = None) -> tuple[Topic, ...]:
    """The topics that hold on a day (today)."""
    return _holding(all_topics().rows, on)


def topic(code: str, *, on: date | None = None) -> Topic | None:
    """The topic with this code, if it holds on the day (today)."""
    return _if_holding(all_topics().by_code.get(code), on)


def places(on: date | None = None, *, levels: Iterable[str] = ()) -> tuple[Place, ...]:
    """The places of the city that hold on a day (today), of these levels (all); none of a province it was not yet part of."""
    return _places_on(all_places(), on or today(), frozenset(map(str, levels)), the_city().province_code)


def place(code: str, *, on: date | None = None) -> Place | None:
    """The place with this code, if it holds on the day (today)."""
    return _if_holding(all_places().by_code.get(code), on)


def agencies(on: date | None = None) -> tuple[Agency, ...]:
    """The agencies that hold on a day (today): those a case may be assigned to."""
    return _holding(all_agencies(), on)


def _read_topics() -> Topics:
    rows = _with_parents(Topic.objects.select_related("agency", "campaign"))
    return Topics(rows, {row.code: row for row in rows})


def _read_places() -> Places:
    rows = _with_parents(Place.objects.defer("boundary"))
    by_id = {row.pk: row for row in rows}
    became: dict[int, tuple[Place, ...]] = {}
    for old, new in Place.successors.through.objects.order_by("pk").values_list("from_place_id", "to_place_id"):
        became[old] = (*became.get(old, ()), by_id[new]) if new in by_id else became.get(old, ())
    return Places(rows, {row.code: row for row in rows}, by_id, became)


def _read_agencies() -> tuple[Agency, ...]:
    return _with_parents(Agency.objects.all())


def _with_parents(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows, each knowing its parent and that one its own, without a query."""
    found = tuple(rows)
    by_id = {row.pk: row for row in found}
    for row in found:
        row.parent = by_id.get(row.parent_id) if row.parent_id else None
    return found


all_topics = Fresh(_read_topics)
all_places = Fresh(_read_places)
all_agencies = Fresh(_read_agencies)


@lru_cache(maxsize=32)
def _places_on(known: Places, day: date, levels: frozenset[str], province: str) -> tuple[Place, ...]:
    return tuple(
        row
        for row in known.rows
        if row.holds_on(day) and (not levels or row.level in levels) and not _lies_elsewhere(row, province)
    )


def _lies_elsewhere(row: Place, province: str) -> bool:
    """Whether it was, in its day, a part of another province: one that has become the city's since."""
    top = row
    while top.parent is not None:
        top = top.parent
    return top.level == Place.Level.PROVINCE and bool(province) and top.code != province


def _holding(rows: tuple[Row, ...], on: date | None) -> tuple[Row, ...]:
    day = on or today()
    return tuple(row for row in rows if row.holds_on(day))


def _if_holding(row: Row | None, on: date | None) -> Row | None:
    return row if row is not None and row.holds_on(on or today()) else None


def warm_up() -> None:
    """Read all of it now."""
    for read in (the_city, all_topics, all_places, all_agencies):
        read()
