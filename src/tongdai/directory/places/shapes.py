"""The boundaries of places in memory, as shapes: which lie around a point, and how they are drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from shapely import STRtree, coverage_simplify
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from ..freshness import Fresh
from ..models import Place

FOR_A_DRAWING = 0.002  # degrees, some 200 m: a third of a millimetre on a sheet of A4 that holds a province


@dataclass(frozen=True, eq=False)
class Shapes:
    """Ids of places and their shapes (degrees, longitude first), in the same order."""

    ids: tuple[int, ...]
    shapes: tuple[BaseGeometry, ...]
    tree: STRtree

    def around(self, latitude: float, longitude: float) -> list[int]:
        """Ids of the places that a point lies in."""
        found = self.tree.query(Point(longitude, latitude), predicate="intersects")
        return [self.ids[at] for at in sorted(found)]

    def within(self, latitude: float, longitude: float, *, degrees: float) -> bool:
        """Say whether any lies so near to a point."""
        return len(self.tree.query(Point(longitude, latitude), predicate="dwithin", distance=degrees)) > 0


def _read() -> Shapes:
    rows = list(Place.objects.filter(boundary__isnull=False).order_by("pk").values_list("pk", "boundary"))
    shapes = tuple(shape(boundary) for _, boundary in rows)
    return Shapes(tuple(pk for pk, _ in rows), shapes, STRtree(shapes))


known_shapes = Fresh(_read, ttl=60.0)  # half a megabyte of polygons that change once in years


@lru_cache(maxsize=4)
def outlines(known: Shapes, ids: frozenset[int]) -> Mapping[int, BaseGeometry]:
    """Id → its shape as coarse as a drawing of all of these together wants it; neighbours keep their common line."""
    chosen = [(pk, each) for pk, each in zip(known.ids, known.shapes, strict=True) if pk in ids]
    coarse = coverage_simplify([each for _, each in chosen], FOR_A_DRAWING) if chosen else []
    return {pk: each for (pk, _), each in zip(chosen, coarse, strict=True) if not each.is_empty}


def groups(known: Mapping[int, BaseGeometry], *, apart: float) -> list[list[int]]:
    """Ids of places that lie together, the largest group first: islands far from all others are groups of their own.

    `apart`: degrees beyond which two are neighbours no more.
    """
    ids, shapes = list(known), list(known.values())
    if not ids:
        return []
    above = list(range(len(ids)))

    def top(at: int) -> int:
        while above[at] != at:
            at = above[at]
        return at

    for one, other in zip(*STRtree(shapes).query(shapes, predicate="dwithin", distance=apart), strict=True):
        above[top(int(one))] = top(int(other))
    found: dict[int, list[int]] = defaultdict(list)
    for at, pk in enumerate(ids):
        found[top(at)].append(pk)
    return sorted(found.values(), key=len, reverse=True)
