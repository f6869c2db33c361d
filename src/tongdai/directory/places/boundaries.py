"""Boundaries of places from a GeoJSON file: with them a point finds its ward exactly, and the report draws the wards."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from shapely import coverage_simplify, make_valid, set_precision
from shapely.errors import GEOSException
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from ..freshness import forget
from ..models import Place

WRITTEN_AS = ("code", "ma", "ward_code", "maxa", "ma_xa")  # properties that may hold the Statistics Office's code
SIMPLIFIED, PRECISION = 0.0001, 0.00001  # degrees: what is stored is true to some 10 m, written to 1 m
Progress = Callable[[Iterable[dict[str, Any]], int], Iterable[dict[str, Any]]]


class NotGeoJson(ValueError):
    """The file is no GeoJSON with features. The message is for the person."""


@dataclass
class Outcome:
    """What a file gives: how many boundaries are new, differ, or are there already; and what is wrong with others."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)


def load(path: Path, *, dry_run: bool = False, progress: Progress = lambda rows, total: rows) -> Outcome:
    """Give places the boundaries of a file, by their codes, simplified; nothing is written when anything in it is wrong.

    Neighbours of one file keep their common line, so that no point falls between them.

    Raises:
        NotGeoJson: the file can't be read as a collection of polygons in WGS84 degrees.
    """
    features = _features(path)
    outcome, places = Outcome(), {place.code: place for place in Place.objects.all()}
    read: list[tuple[Place, BaseGeometry]] = []
    for number, feature in enumerate(progress(features, len(features)), start=1):
        try:
            read.append(_read(feature, places))
        except ValueError as wrong:
            outcome.problems.append(_("Hình thứ {number}: {why}").format(number=number, why=wrong))
    write: list[Place] = []
    for (place, _polygon), boundary in zip(read, _simplified([polygon for _place, polygon in read]), strict=True):
        if place.boundary == boundary:
            outcome.unchanged += 1
            continue
        outcome.added, outcome.changed = outcome.added + (not place.boundary), outcome.changed + bool(place.boundary)
        place.boundary = boundary
        write.append(place)
    if not dry_run and not outcome.problems:
        with transaction.atomic():
            for few in _by(50, write):
                Place.objects.bulk_update(few, ["boundary"])
            transaction.on_commit(forget)
    return outcome


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        features = list[dict[str, Any]](content["features"])
    except (ValueError, KeyError, TypeError, RecursionError) as wrong:
        raise NotGeoJson(_("Tệp này không phải GeoJSON có danh sách “features”.")) from wrong
    return features


def _read(feature: dict[str, Any], places: dict[str, Place]) -> tuple[Place, BaseGeometry]:
    """The place a feature is of and its polygon, mended where its lines cross. ValueError says what is wrong."""
    properties = feature.get("properties") or {}
    code = next((str(properties[name]) for name in WRITTEN_AS if properties.get(name)), "")
    if code not in places:
        raise ValueError(_("không có địa bàn nào mang mã “{code}”").format(code=code))
    try:
        polygon = make_valid(shape(feature["geometry"]))
    except (GEOSException, ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise ValueError(_("mã {code}: không đọc được hình").format(code=code)) from wrong
    if not _is_area(polygon):
        raise ValueError(_("mã {code}: hình không phải là vùng khép kín").format(code=code))
    west, south, east, north = polygon.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise ValueError(_("mã {code}: tọa độ không phải kinh, vĩ độ WGS84").format(code=code))
    return places[code], polygon


def _is_area(each: BaseGeometry) -> bool:
    return not each.is_empty and each.geom_type in ("Polygon", "MultiPolygon")


def _simplified(polygons: list[BaseGeometry]) -> list[dict[str, Any]]:
    """As they are stored: GeoJSON geometries; the lines that two share are simplified once for both."""
    if not polygons:
        return []
    written = [make_valid(set_precision(each, PRECISION)) for each in coverage_simplify(polygons, SIMPLIFIED)]
    kept = [new if _is_area(new) else old for new, old in zip(written, polygons, strict=True)]
    return [json.loads(json.dumps(mapping(each))) for each in kept]


def _by(size: int, rows: list[Place]) -> Iterator[list[Place]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
