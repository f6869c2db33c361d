"""Put a province's places into the database, today's and former ones; again and again, the second time adds nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from django.db import transaction

from ..freshness import forget
from ..models import City, Place
from .gazetteer import Unit, provinces, units_of

TWO_TIERS_SINCE = date(2025, 7, 1)  # Nghị quyết 202/2025/QH15 and 1669/NQ-UBTVQH15
DISTRICTS_UNTIL = date(2025, 6, 30)
MERGED_ON = date(
    2025, 1, 1
)  # Nghị quyết 1232/NQ-UBTVQH15: Thủy Nguyên a city, An Dương a quận, 50 wards and communes merged
BEFORE_MERGING = date(2024, 12, 31)
FIELDS = ["name", "sort_key", "folded", "full_name", "level", "parent_id", "latitude", "longitude", "area_km2", "aliases",
          "valid_from", "valid_to"]  # fmt: skip


@dataclass(frozen=True)
class Loaded:
    """How many places were new, differed, or were there already."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


@transaction.atomic
def load_province(code: str) -> Loaded:
    """The units of a province, its former ones, and which became which. Names the city if it has no name yet.

    Raises:
        KeyError: no province has this code.
    """
    units = units_of(code)
    dated = [(unit, *((None, None) if unit.code == code else _dates(unit))) for unit in units]
    loaded = _write(dated)
    city = City.objects.get_or_create(pk=1)[0]
    if not city.province_code:
        city.province_code, city.name = code, city.name or units[0].name
        city.save(update_fields=["province_code", "name"])
    transaction.on_commit(forget)
    return loaded


@transaction.atomic
def load_hai_phong_2022() -> Loaded:
    """Hải Phòng as it was from 2020 to 2024: 7 quận, 8 huyện, 66 phường, 141 xã, 10 thị trấn; nothing of Hải Dương.

    The dataset begins in early 2025, after fifty units had been merged and Thủy Nguyên and An Dương had stopped being
    huyện; data/hai_phong_2022.csv says which of its units each of 2022 became part of. A unit takes the centre of that
    one (for a merged unit an approximation of some kilometres) and, through it, its successors of today.
    """
    earlier = {unit.code: unit for unit in units_of("31")}
    lines = files("tongdai.directory").joinpath("data/hai_phong_2022.csv").read_text(encoding="utf-8").splitlines()
    dated: list[tuple[Unit, date | None, date | None]] = []
    for line in csv.DictReader(lines):
        became = earlier[line["became"]]
        unit = Unit(line["code"], Place.Level(line["level"]), _bare(line["full_name"]), line["full_name"], line["parent"],
                    became.latitude, became.longitude, None, True, (became.code,))  # fmt: skip
        dated.append((unit, None, BEFORE_MERGING))
    load_province("31")
    loaded = _write(dated)
    Place.objects.filter(code__in=[became for unit, _, _ in dated for became in unit.successors]).update(
        valid_from=MERGED_ON
    )
    return loaded


def province_name(code: str) -> str:
    """The full name of a province.

    Raises:
        KeyError: no province has this code.
    """
    return provinces()[code]


def _dates(unit: Unit) -> tuple[date | None, date | None]:
    return (None, DISTRICTS_UNTIL) if unit.former else (TWO_TIERS_SINCE, None)


def _bare(full_name: str) -> str:
    for kind in ("Thị trấn ", "Phường ", "Quận ", "Huyện ", "Xã "):
        full_name = full_name.removeprefix(kind)
    return full_name


def _write(dated: Iterable[tuple[Unit, date | None, date | None]]) -> Loaded:
    units = list(dated)
    known = {place.code: place for place in Place.objects.defer("boundary")}
    before = {code: [getattr(place, field) for field in FIELDS] for code, place in known.items()}
    for unit, valid_from, valid_to in units:
        place = known.setdefault(unit.code, Place(code=unit.code))
        place.name, place.full_name, place.level = unit.name, unit.full_name, unit.level
        place.latitude, place.longitude, place.area_km2 = unit.latitude, unit.longitude, unit.area_km2
        place.aliases = "\n".join(unit.aliases)
        place.valid_from, place.valid_to = valid_from or place.valid_from, valid_to
        place.clean_names()
    for generation in _parents_first([unit for unit, _, _ in units]):
        for unit in generation:
            known[unit.code].parent_id = known[unit.parent].pk if unit.parent else None
        Place.objects.bulk_create([known[unit.code] for unit in generation if known[unit.code].pk is None])
    touched = [known[unit.code] for unit, _, _ in units]
    new = [place for place in touched if place.code not in before]
    changed = [p for p in touched if p.code in before and before[p.code] != [getattr(p, field) for field in FIELDS]]
    Place.objects.bulk_update(changed, FIELDS)
    _link({unit.code: unit.successors for unit, _, _ in units}, known)
    return Loaded(len(new), len(changed), len(touched) - len(new) - len(changed))


def _parents_first(units: list[Unit]) -> Iterable[list[Unit]]:
    """The units by generation: those whose parent isn't among the rest, then those below them, and so on down."""
    while units:
        codes = {unit.code for unit in units}
        yield [unit for unit in units if unit.parent not in codes]
        units = [unit for unit in units if unit.parent in codes]


def _link(heirs: dict[str, tuple[str, ...]], known: dict[str, Place]) -> None:
    """Which unit became which, the chief successor first (by the order of the links' ids)."""
    through = Place.successors.through
    there = set(through.objects.values_list("from_place_id", "to_place_id"))
    wanted = [(known[old].pk, known[new].pk) for old, news in heirs.items() for new in news if new in known]
    through.objects.bulk_create(
        [through(from_place_id=old, to_place_id=new) for old, new in dict.fromkeys(wanted) if (old, new) not in there]
    )
