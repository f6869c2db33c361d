"""Find rows of the city's tables: by ward, by words, or nearest to a point."""

from __future__ import annotations

import math
from collections.abc import Sequence

from django.db.models import F, FloatField, QuerySet, Value
from django.db.models.expressions import ExpressionWrapper
from django.db.models.functions import Power

from tongdai.directory import places
from tongdai.directory.snapshot import today

from ..models import LookupRow, LookupTable
from ..search.entry import Kind
from ..search.held import finder

KM_PER_DEGREE = 111.2


def seen(tables: Sequence[LookupTable]) -> QuerySet[LookupRow]:
    """The rows of these tables that citizens see today."""
    rows = LookupRow.objects.on(today()).filter(table__in=tables, generation=F("table__generation"))
    return rows.select_related("table", "place")


def rows_for(words: str, *, tables: Sequence[LookupTable], most: int) -> list[LookupRow]:
    """Rows of the ward that is named, else those the words fit best; none where nothing fits."""
    if not words.strip() or not tables:
        return []
    named = [match.place for match in places.find(words, limit=3)]
    rows = seen(tables)
    for place in named:
        if found := list(rows.filter(place=place)[:most]):
            return found
    ids = {table.pk for table in tables}
    hits = finder().find(words, most=200, kinds=frozenset({Kind.ROW})).hits
    keys = [int(hit.entry.key.split(":")[1]) for hit in hits if hit.sure > 0.1]
    by_id = {row.pk: row for row in rows.filter(pk__in=keys) if row.table_id in ids}
    return [by_id[key] for key in keys if key in by_id][:most]


def nearest(table: LookupTable, *, latitude: float, longitude: float, most: int = 20) -> list[tuple[LookupRow, float]]:
    """(row, kilometres as the crow flies), nearest first; rows without a point are not near anything."""
    east = math.cos(math.radians(latitude))
    away = Power(F("latitude") - Value(latitude), 2) + Power((F("longitude") - Value(longitude)) * Value(east), 2)
    rows = (
        seen([table])
        .filter(latitude__isnull=False)
        .annotate(away=ExpressionWrapper(away, output_field=FloatField()))
        .order_by("away")[:most]
    )
    return [(row, KM_PER_DEGREE * math.sqrt(row.away)) for row in rows]
