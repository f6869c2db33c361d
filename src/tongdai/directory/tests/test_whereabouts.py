"""A point and its ward, measured against the real boundaries."""

import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from shapely.geometry import Point, shape
from shapely.ops import unary_union

from tongdai.directory import snapshot
from tongdai.directory.models import Place
from tongdai.directory.places import boundaries
from tongdai.directory.places.by_point import propose

pytestmark = pytest.mark.django_db
A_WARD = 40  # points


@pytest.fixture(autouse=True)
def _city(hai_phong: None) -> None:
    pass


def features(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["features"]
    return found


def points(file: Path) -> Iterator[tuple[str, float, float]]:
    """Code of the ward, latitude, longitude: forty points inside each of the 114."""
    chance = random.Random(1022)
    for feature in features(file):
        polygon = shape(feature["geometry"])
        west, south, east, north = polygon.bounds
        inside = 0
        while inside < A_WARD:
            point = Point(chance.uniform(west, east), chance.uniform(south, north))
            if polygon.contains(point):
                inside += 1
                yield feature["properties"]["code"], point.y, point.x


def test_without_boundaries_the_right_ward_is_among_the_three_nearest_for_95_of_100(boundaries_file: Path) -> None:
    asked = [(code, propose(lat, lon)) for code, lat, lon in points(boundaries_file)]

    assert not any(found.exact for _, found in asked)
    assert all(len(found.places) in (0, 3) for code, found in asked if code != "11948")  # Bạch Long Vĩ lies alone
    right = sum(code in {place.code for place in found.places} for code, found in asked)
    assert right / len(asked) >= 0.95


def test_with_boundaries_every_point_finds_its_ward(boundaries_file: Path) -> None:
    outcome = boundaries.load(boundaries_file)
    snapshot.forget()

    assert (outcome.added, outcome.problems) == (114, [])
    lines = {f["properties"]["code"]: shape(f["geometry"]).boundary for f in features(boundaries_file)}
    for code, lat, lon in points(boundaries_file):
        if lines[code].distance(Point(lon, lat)) > 2 * boundaries.SIMPLIFIED:
            found = propose(lat, lon)
            assert found.exact and [place.code for place in found.places] == [code]


def test_a_boundary_is_stored_simplified_and_a_point_on_a_common_line_is_in_one_of_the_two(tmp_path: Path) -> None:
    """Two squares whose common side was digitised to the centimetre."""
    side = [[106.7, 20.8 + step / 100_000] for step in range(10_001)]
    west = [[106.6, 20.8], *side, [106.6, 20.9], [106.6, 20.8]]
    east = [[106.8, 20.9], *reversed(side), [106.8, 20.8], [106.8, 20.9]]
    file = tmp_path / "map.geojson"
    shapes = [{"properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
              for code, ring in (("11311", west), ("11329", east))]  # fmt: skip
    file.write_text(json.dumps({"type": "FeatureCollection", "features": shapes}))

    assert boundaries.load(file).added == 2
    snapshot.forget()

    stored = Place.objects.get(code="11311").boundary
    assert stored is not None and len(stored["coordinates"][0]) < 10
    assert propose(20.85, 106.69999).places[0].code == "11311"
    assert propose(20.85, 106.70001).places[0].code == "11329"
    assert propose(20.85, 106.7).exact


def test_loading_the_same_boundaries_again_changes_nothing_and_a_dry_run_writes_nothing(boundaries_file: Path) -> None:
    assert boundaries.load(boundaries_file, dry_run=True).added == 114
    assert boundaries.load(boundaries_file).added == 114
    assert (boundaries.load(boundaries_file).unchanged, boundaries.load(boundaries_file).changed) == (114, 0)


def test_a_file_with_one_wrong_shape_is_not_taken_at_all(tmp_path: Path) -> None:
    square = {"type": "Polygon", "coordinates": [[[106, 20], [107, 20], [107, 21], [106, 20]]]}
    metres = {
        "type": "Polygon",
        "coordinates": [[[596000, 2300000], [597000, 2300000], [597000, 2301000], [596000, 2300000]]],
    }
    rows = [("11311", square), ("00000", square), ("11407", {"type": "Point", "coordinates": [106, 20]}), ("11383", metres),
            ("11329", {"type": "Polygon"})]  # fmt: skip
    file = tmp_path / "map.geojson"
    file.write_text(json.dumps({"features": [{"properties": {"code": c}, "geometry": g} for c, g in rows]}))

    outcome = boundaries.load(file)

    assert outcome.added == 1 and len(outcome.problems) == 4
    assert "00000" in outcome.problems[0] and "11383" in outcome.problems[2]
    assert boundaries.load(file, dry_run=True).added == 1


@pytest.mark.parametrize("content", ["", "[]", "{}", "xin chào", '{"features": null}', "[" * 200_000])
def test_what_is_no_geojson_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "map.geojson"
    file.write_text(content)
    with pytest.raises(boundaries.NotGeoJson):
        boundaries.load(file)


HA_LONG, HUNG_YEN, THAI_BINH, UONG_BI = (20.951, 107.080), (20.646, 106.051), (20.446, 106.336), (21.036, 106.763)


@pytest.mark.parametrize("there", [HA_LONG, HUNG_YEN, THAI_BINH, UONG_BI])
@pytest.mark.parametrize("drawn", [False, True])
def test_in_the_province_next_to_it_no_ward_is_proposed(
    boundaries_file: Path, there: tuple[float, float], drawn: bool
) -> None:
    if drawn:
        boundaries.load(boundaries_file)
        snapshot.forget()
    found = propose(*there)
    assert found.outside and found.places == ()


def test_with_boundaries_a_point_on_the_quay_or_just_over_the_line_still_finds_a_ward(boundaries_file: Path) -> None:
    boundaries.load(boundaries_file)
    snapshot.forget()
    land = unary_union([shape(each["geometry"]) for each in features(boundaries_file)])
    line = land.buffer(0.002).boundary
    for part in range(40):
        point = line.interpolate(part / 40, normalized=True)
        assert propose(point.y, point.x).places


def test_far_from_the_city_nothing_is_proposed() -> None:
    assert propose(10.77, 106.70).outside and propose(10.77, 106.70).places == ()
    assert propose(20.1346, 107.7307).places[0].full_name == "Đặc khu Bạch Long Vĩ"


def test_on_a_day_of_2022_the_units_of_that_day_are_proposed(hai_phong_2022: None) -> None:
    names = {place.full_name for place in propose(20.863623, 106.681451, on=date(2022, 2, 14)).places}
    assert "Phường Minh Khai" in names


def test_a_point_is_proposed_without_a_query_once_the_city_is_in_memory() -> None:
    propose(20.86, 106.68)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        propose(20.86, 106.68)
    assert len(queries) == 0
