"""Vietnam's units as the package `vietnamadminunits` (MIT) knows them: those since 1 July 2025 and those before.

Its data files are read as data (SQLite and JSON); its code, which asks a geocoder on the internet, is never imported.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..models import Place

Level = Place.Level
LEVELS = {
    "Phường": Level.WARD,
    "Xã": Level.COMMUNE,
    "Thị trấn": Level.TOWNSHIP,
    "Đặc khu": Level.SPECIAL_ZONE,
    "Quận": Level.DISTRICT,
    "Huyện": Level.DISTRICT,
    "Thị xã": Level.DISTRICT,
    "Thành phố": Level.DISTRICT,
}


@dataclass(frozen=True)
class Unit:
    """A unit. `code` is the General Statistics Office's; former units carry `f-` before it, former provinces `fp-`."""

    code: str
    level: Level
    name: str  # without its kind: Hồng Bàng
    full_name: str  # with it: Phường Hồng Bàng
    parent: str = ""  # code
    latitude: float | None = None
    longitude: float | None = None
    area_km2: float | None = None
    former: bool = False
    successors: tuple[str, ...] = ()  # codes, the one that most people live in now first
    aliases: tuple[str, ...] = ()  # names that went before it, letters only: phuonghaly


@dataclass(frozen=True)
class Centre:
    """The centre of a ward of today, anywhere in the country, and the radius of a circle as large as it."""

    province: str  # code
    latitude: float
    longitude: float
    radius_km: float


def provinces() -> dict[str, str]:
    """Code → full name of the 34 provinces and cities, in the order of their codes."""
    return dict(_rows("SELECT DISTINCT provinceCode, province FROM admin_units ORDER BY provinceCode"))


def units_of(province: str) -> list[Unit]:
    """A province with its units of today and all former units that became part of it; parents before children.

    Raises:
        KeyError: no province has this code.
    """
    full_name = provinces()[province]
    today = _today(province)
    by_key = dict(today)
    top = Unit(province, Level.PROVINCE, _short(full_name), full_name)
    return [top, *(unit for _, unit in today), *_former(province, by_key)]


def centres() -> tuple[Centre, ...]:
    """Every ward, commune and special zone of the country."""
    query = "SELECT provinceCode, wardLat, wardLon, wardAreaKm2 FROM admin_units WHERE wardLat IS NOT NULL"
    return tuple(Centre(code, lat, lon, math.sqrt((area or 30) / math.pi)) for code, lat, lon, area in _rows(query))


def _today(province: str) -> list[tuple[str, Unit]]:
    query = """SELECT wardKey, wardCode, wardType, wardShort, ward, wardLat, wardLon, wardAreaKm2
               FROM admin_units WHERE provinceCode = ? ORDER BY wardCode"""
    return [
        (key, Unit(code, LEVELS[kind], short, full, province, lat, lon, area))
        for key, code, kind, short, full, lat, lon, area in _rows(query, province)
    ]


def _former(province: str, today: dict[str, Unit]) -> Iterator[Unit]:
    """Former provinces, districts, wards whose people live in this province now."""
    became = _became(province)
    query = """SELECT provinceKey, districtKey, wardKey, provinceCode, provinceShort, province, districtCode, districtType,
                      districtShort, district, districtLat, districtLon, wardCode, wardType, wardShort, ward, wardLat,
                      wardLon, wardAlias
               FROM admin_units_legacy ORDER BY provinceCode, districtCode, wardCode"""
    wards: dict[str, Unit] = {}
    above: dict[str, Unit] = {}
    for pk, dk, wk, pc, ps, pf, dc, dt, ds, df, dlat, dlon, wc, wt, ws, wf, wlat, wlon, alias in _rows(query):
        heirs = _near(became.get(f"{pk}_{dk}_{wk or ''}", ()), today)
        if not heirs:
            continue
        top = province if pc == province else f"fp-{pc}"
        if pc != province:
            above.setdefault(top, Unit(top, Level.PROVINCE, ps, pf, former=True, successors=(province,)))
        district = Unit(f"f-{dc}", LEVELS[dt], ds, df, top, dlat, dlon, former=True)
        known = above.setdefault(district.code, district)
        above[district.code] = replace(known, successors=tuple(dict.fromkeys((*known.successors, *heirs))))
        if wc:
            code = f"f-{wc}" if f"f-{wc}" not in wards else f"f-{wc}-{dc}"
            names = tuple(json.loads(alias or "[]"))
            wards[code] = Unit(code, LEVELS[wt], ws, wf, district.code, wlat, wlon, None, True, heirs, names)
    yield from above.values()
    yield from wards.values()


def _became(province: str) -> dict[str, tuple[str, ...]]:
    """Key of a former ward (province_district_ward) → keys of the wards it became part of, the chief one first."""
    heirs: dict[str, list[str]] = defaultdict(list)
    key = _rows("SELECT DISTINCT provinceKey FROM admin_units WHERE provinceCode = ?", province)[0][0]
    for new, olds in _conversion()["DICT_PROVINCE_WARD_NO_DIVIDED"].get(key, {}).items():
        for old in olds:
            heirs[old].append(new)
    for old, parts in _conversion()["DICT_PROVINCE_WARD_DIVIDED"].get(key, {}).items():
        heirs[old] += [p["newWardKey"] for p in sorted(parts, key=lambda part: not part["isDefaultNewWard"])]
    return {old: tuple(new) for old, new in heirs.items()}


def _near(keys: tuple[str, ...], today: dict[str, Unit]) -> tuple[str, ...]:
    """The codes of these wards. Where a former ward was divided, the data at times names a namesake far away: not it."""
    found = [today[key] for key in keys if key in today]
    return tuple(unit.code for unit in found if unit is found[0] or _touches(found[0], unit))


def _touches(one: Unit, other: Unit) -> bool:
    """Whether two wards may be neighbours: no farther apart than four times their radii together."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return True
    radii = sum(math.sqrt((unit.area_km2 or 30) / math.pi) for unit in (one, other))
    north = (one.latitude - other.latitude) * 111.2  # type: ignore[operator]
    east = (one.longitude - other.longitude) * 111.2 * math.cos(math.radians(one.latitude))  # type: ignore[operator, arg-type]
    return math.hypot(north, east) <= 4 * radii


def _short(full_name: str) -> str:
    return full_name.removeprefix("Thành phố ").removeprefix("Tỉnh ")


def _rows(query: str, *values: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{_data() / 'dataset.db'}?mode=ro", uri=True)) as database:
        return database.execute(query, values).fetchall()


@cache
def _conversion() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((_data() / "converter_2025.json").read_text(encoding="utf-8"))
    return found


def _data() -> Path:
    spec = find_spec("vietnamadminunits")  # finds a top-level package without importing it
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package vietnamadminunits is not installed")
    return Path(spec.submodule_search_locations[0]) / "data"
