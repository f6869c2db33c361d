"""Find rows of the city's tables: by ward, by name or value, by words, or nearest to a point."""

from __future__ import annotations

import math
from collections.abc import Sequence

from django.db.models import F, FloatField, QuerySet, Value
from django.db.models.expressions import ExpressionWrapper
from django.db.models.functions import Power

from tongdai.directory.places import by_name
from tongdai.language.words import words_of
from tongdai.platform.clock import today

from ..answer_key import Kind
from ..models import ColumnRole, LookupRow, LookupTable, column_of
from ..search.cache import finder

KM_PER_DEGREE = 111.2
LIKELY_ENOUGH = 0.1  # that a row is what was meant: one asks a table, and sees what it has
MOST_READ = 500  # rows that are read through word by word


def shown(tables: Sequence[LookupTable]) -> QuerySet[LookupRow]:
    """The rows of these tables that citizens see today."""
    rows = LookupRow.objects.on(today()).filter(table__in=tables, generation=F("table__generation"))
    return rows.select_related("table", "place")


def rows_for(words: str, *, tables: Sequence[LookupTable], most: int) -> list[LookupRow]:
    """Rows of the ward that is named, else those that say all the words, else those the words fit best; or none."""
    if not words.strip() or not tables:
        return []
    named = [match.place for match in by_name.find(words, limit=3)]
    rows = shown(tables)
    for place in named:
        if found := list(rows.filter(place=place)[:most]):
            return found
    if found := _with_all_words(words, rows, most=most):
        return found
    wanted = {table.pk for table in tables}
    hits = finder().find(words, most=200, kinds=frozenset({Kind.ROW})).hits
    ids = [hit.key.id for hit in hits if hit.likelihood > LIKELY_ENOUGH]
    by_id = {row.pk: row for row in rows.filter(pk__in=ids) if row.table_id in wanted}
    return [by_id[each] for each in ids if each in by_id][:most]


def has_places(tables: Sequence[LookupTable]) -> bool:
    """Whether rows of these tables are asked for by ward."""
    return shown(tables).filter(place__isnull=False).exists()


def whole(tables: Sequence[LookupTable], *, most: int, of_any_size: bool = False) -> list[LookupRow]:
    """All rows in their order, if there are no more than `most`; of a table of any size, the first ones."""
    rows = list(shown(tables).order_by("table", "number")[: most + 1])
    return rows[:most] if of_any_size or len(rows) <= most else []


def phone_of(row: LookupRow) -> str:
    """Its telephone number as written, or nothing."""
    return str(row.values.get(column_of(row.table.columns, ColumnRole.PHONE), ""))


def _with_all_words(words: str, rows: QuerySet[LookupRow], *, most: int) -> list[LookupRow]:
    """The rows of a small table whose name or values have all these words; none where they hardly tell rows apart."""
    wanted = {word.plain for word in words_of(words)}
    every = list(rows.order_by("table", "number")[: MOST_READ + 1])
    if not wanted or len(every) > MOST_READ:
        return []
    found = [
        row
        for row in every
        if wanted <= {word.plain for word in words_of(" ".join([row.name, *map(str, row.values.values())]))}
    ]
    return found if len(found) <= most else []


def nearest(table: LookupTable, *, latitude: float, longitude: float, most: int = 20) -> list[tuple[LookupRow, float]]:
    """(row, kilometres as the crow flies), nearest first; rows without a point are not near anything."""
    east = math.cos(math.radians(latitude))
    away = Power(F("latitude") - Value(latitude), 2) + Power((F("longitude") - Value(longitude)) * Value(east), 2)
    rows = (
        shown([table])
        .filter(latitude__isnull=False)
        .annotate(away=ExpressionWrapper(away, output_field=FloatField()))
        .order_by("away")[:most]
    )
    return [(row, KM_PER_DEGREE * math.sqrt(row.away)) for row in rows]
