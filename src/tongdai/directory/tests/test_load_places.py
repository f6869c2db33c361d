"""The city's map: today's units, former ones, and Hải Phòng as it was during the trial."""

from collections import Counter
from datetime import date

import pytest

from tongdai.directory import snapshot
from tongdai.directory.city import the_city
from tongdai.directory.models import Place
from tongdai.directory.places.gazetteer import provinces, units_of
from tongdai.directory.places.loading import Loaded, load_hai_phong_2022, load_province

pytestmark = pytest.mark.django_db


def test_hai_phong_has_its_114_units_with_codes_centres_and_areas() -> None:
    load_province("31")

    units = Place.objects.on(date(2025, 7, 1)).exclude(level=Place.Level.PROVINCE)
    assert Counter(units.values_list("level", flat=True)) == {"ward": 45, "commune": 67, "special_zone": 2}
    assert not units.filter(latitude=None) and not units.filter(area_km2=None)
    hong_bang = Place.objects.get(code="11311")
    assert (hong_bang.full_name, hong_bang.valid_from, hong_bang.parent.code) == (
        "Phường Hồng Bàng", date(2025, 7, 1), "31",
    )  # fmt: skip
    assert set(hong_bang.predecessors.values_list("full_name", flat=True)) > {"Phường Minh Khai", "Phường Sở Dầu"}


def test_the_units_before_july_2025_end_the_day_before_and_say_what_became_of_them() -> None:
    load_province("31")

    former = Place.objects.filter(valid_to=date(2025, 6, 30))
    assert (
        former.filter(code__startswith="f-").exclude(level="district").filter(parent__parent__code="31").count() == 167
    )
    assert all(place.successors.exists() for place in former)
    vinh_niem = Place.objects.get(full_name="Phường Vĩnh Niệm")
    snapshot.forget()
    assert [p.name for p in snapshot.all_places().successors[vinh_niem.pk]] == [
        "An Biên",
        "Lê Chân",
    ]  # the chief one first


def test_loading_again_adds_and_changes_nothing() -> None:
    first, again = load_province("31"), load_province("31")

    assert (first.changed, first.unchanged) == (0, 0)
    assert again == Loaded(unchanged=first.added)


def test_the_first_province_loaded_names_the_city() -> None:
    load_province("31")
    snapshot.forget()
    assert (the_city().name, the_city().province_code) == ("Hải Phòng", "31")


def test_in_2022_there_were_seven_quan_and_eight_huyen_and_nothing_of_hai_duong() -> None:
    load_hai_phong_2022()
    snapshot.forget()

    then = snapshot.places(date(2022, 2, 14))
    kinds = Counter(place.full_name.split()[0] for place in then if place.level != "township")
    assert kinds == {"Thành": 1, "Quận": 7, "Huyện": 8, "Phường": 66, "Xã": 141}
    assert sum(place.level == "township" for place in then) == 10
    assert {"Huyện Thủy Nguyên", "Huyện An Dương", "Huyện Bạch Long Vĩ"} <= {place.full_name for place in then}
    assert not any("Hải Dương" in place.full_name for place in then)


def test_a_commune_of_2022_leads_to_its_ward_of_today() -> None:
    load_hai_phong_2022()
    thuy_trieu = Place.objects.get(full_name="Xã Thủy Triều")
    assert thuy_trieu.parent.full_name == "Huyện Thủy Nguyên"
    assert [p.full_name for p in thuy_trieu.successors.all()] == ["Phường Thủy Hà"]
    assert load_hai_phong_2022() == Loaded(unchanged=232)


def test_every_province_of_vietnam_can_be_read() -> None:
    assert len(provinces()) == 34
    for code in provinces():
        units = {unit.code: unit for unit in units_of(code)}
        assert all(
            unit.parent in units for unit in units.values() if unit.code != code and not unit.code.startswith("fp-")
        )
        assert all(heir in units for unit in units.values() for heir in unit.successors)


def test_an_unknown_province_is_refused() -> None:
    with pytest.raises(KeyError):
        load_province("99")
