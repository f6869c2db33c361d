"""The map of the wards: what is drawn adds up with what is not, and without boundaries the page says how to bring them in."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from tests.city import City, forget_snapshots
from tongdai.directory.places import boundaries
from tongdai.reports import figures
from tongdai.reports.period import Period
from tongdai.reports.showing import ward_map

pytestmark = pytest.mark.django_db
FEBRUARY = Period(date(2022, 2, 1), date(2022, 2, 28))
DAYS = {"tu": "1.2.2022", "den": "28.2.2022"}


def square(west: float, south: float, side: float = 0.1) -> dict[str, object]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def bring_in(folder: Path, **shapes: dict[str, object]) -> None:
    rows = [{"properties": {"code": f"t-{name}"}, "geometry": each} for name, each in shapes.items()]
    file = folder / "map.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    assert boundaries.load(file).problems == []
    forget_snapshots()


def drawn(period: Period = FEBRUARY) -> ward_map.WardMap:
    found = ward_map.draw(figures.count(period).by_place, period)
    assert found
    return found


@pytest.fixture
def filled(city: City) -> City:
    for number in range(7):
        city.report(f"Rác {number}", topic="waste", place="Hồng Bàng")
    city.report("Rác", topic="waste", place="Lê Chân")
    city.report("Không biết ở đâu", topic="waste")
    return city


def test_without_boundaries_the_page_says_how_they_are_brought_in(filled: City, client: Client) -> None:
    client.force_login(filled.leader)
    page = client.get("/bao-cao/", DAYS).content.decode()
    assert "tongdai places boundaries" in page and 'class="shade' not in page
    assert "Phường Hồng Bàng" in page


def test_each_ward_is_drawn_with_its_number_the_more_the_darker(filled: City, client: Client, tmp_path: Path) -> None:
    bring_in(tmp_path, **{"Hồng Bàng": square(106.6, 20.8), "Lê Chân": square(106.7, 20.8)})
    found = {ward.name: ward for ward in drawn().wards}
    assert {name: ward.received for name, ward in found.items()} == {"Phường Hồng Bàng": 7, "Phường Lê Chân": 1}
    assert found["Phường Hồng Bàng"].shade > found["Phường Lê Chân"].shade > 0

    client.force_login(filled.leader)
    page = client.get("/bao-cao/", DAYS).content.decode()
    assert "<title>Phường Hồng Bàng: 7</title>" in page and "1 phiếu chưa rõ nơi." in page
    assert "tongdai places boundaries" not in page


def test_drawn_undrawn_and_unknown_add_up_to_what_the_table_counts(filled: City, tmp_path: Path) -> None:
    bring_in(tmp_path, **{"Hồng Bàng": square(106.6, 20.8)})
    found = drawn()
    assert (found.drawn, found.undrawn, found.unknown) == (7, 1, 1)
    assert found.drawn + found.undrawn + found.unknown == sum(row.received for row in figures.count(FEBRUARY).by_place)


def test_north_is_up_east_is_right_and_neighbours_meet(city: City, tmp_path: Path) -> None:
    bring_in(tmp_path, **{"Hồng Bàng": square(106.6, 20.9), "Lê Chân": square(106.7, 20.8)})
    ways = {
        ward.name: [tuple(map(int, pair)) for pair in re.findall(r"(-?\d+) (-?\d+)", ward.path)]
        for ward in drawn().wards
    }
    west, east = ways["Phường Hồng Bàng"], ways["Phường Lê Chân"]
    assert max(x for x, _ in west) == min(x for x, _ in east)
    assert max(y for _, y in west) == min(y for _, y in east)


def test_an_island_far_away_stands_in_a_frame_and_shrinks_nothing(city: City, tmp_path: Path) -> None:
    bring_in(tmp_path, **{"Hồng Bàng": square(106.6, 20.8)})
    alone = next(ward.path for ward in drawn().wards)
    bring_in(tmp_path, **{"Lê Chân": square(107.7, 20.1, side=0.02)})
    found = drawn()
    assert [frame.name for frame in found.frames] == ["Phường Lê Chân"]
    assert next(ward.path for ward in found.wards if ward.name == "Phường Hồng Bàng") == alone
    [frame] = found.frames
    points = re.findall(r"(-?\d+) (-?\d+)", next(ward.path for ward in found.wards if "Lê Chân" in ward.name))
    assert all(
        frame.x <= int(x) <= frame.x + frame.size and frame.y <= int(y) <= frame.y + frame.size for x, y in points
    )
    assert frame.y + frame.size <= found.height


@pytest.mark.parametrize(
    "received", [[], [0, 0], [1], [2, 2, 2], [1, 2, 3], [0, 1, 1, 1, 900], list(range(115)), [4_534, 7]]
)
def test_the_key_runs_from_one_to_the_most_without_a_gap_and_every_number_has_its_shade(received: list[int]) -> None:
    steps = ward_map._steps(received)
    key = list(ward_map._key(steps))
    assert len(key) <= ward_map.SHADES and bool(key) == any(received)
    assert [each.least for each in key[1:]] == [each.most + 1 for each in key[:-1]]
    assert not key or key[-1].shade == ward_map.SHADES
    for number in received:
        shade = ward_map._shade(number, steps)
        assert (shade == 0) == (number == 0)
        assert all(each.least <= number <= each.most for each in key if each.shade == shade)


def test_one_ward_with_very_many_leaves_the_others_told_apart() -> None:
    steps = ward_map._steps([1, 2, 3, 4, 5, 6, 7, 8, 9, 5_000])
    assert len({ward_map._shade(number, steps) for number in (1, 4, 8, 5_000)}) == 4
