"""A place by what people call it."""

from datetime import date

import pytest

from tongdai.directory import snapshot
from tongdai.directory.models import Place
from tongdai.directory.places.by_name import find, made_of, parted
from tongdai.platform.clock import today


@pytest.fixture(autouse=True)
def _city(hai_phong: None) -> None:
    pass


def names(text: str, **asked: object) -> list[str]:
    return [match.place.full_name for match in find(text, **asked)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Phường Hồng Bàng",
        "phuong hong bang",
        "PHƯỜNG HỒNG BÀNG",
        "p. Hồng Bàng",
        "P.hong bang, TP Hải Phòng",
        "f Hồng Bàng",
    ],
)
def test_a_ward_of_today_is_found_with_accents_or_none(text: str) -> None:
    assert names(text) == ["Phường Hồng Bàng"]


def test_a_name_in_decomposed_unicode_is_the_same_name() -> None:
    import unicodedata

    assert names(unicodedata.normalize("NFD", "Phường Hồng Bàng")) == ["Phường Hồng Bàng"]


@pytest.mark.parametrize(
    "text", ["phường Minh Khai, quận Hồng Bàng", "p minh khai q hong bang", "Minh Khai, Hồng Bàng"]
)
def test_a_former_ward_leads_to_the_one_it_lies_in_now(text: str) -> None:
    [match] = find(text)
    assert (match.place.full_name, match.via and match.via.full_name) == ("Phường Hồng Bàng", "Phường Minh Khai")


def test_a_former_ward_that_was_divided_leads_to_all_its_parts_the_chief_one_first() -> None:
    assert names("phường Vĩnh Niệm") == ["Phường An Biên", "Phường Lê Chân"]


def test_a_name_older_still_is_understood() -> None:
    assert names("phường Hạ Lý") == ["Phường Hồng Bàng"]
    assert names("xa Thuy Trieu, huyen Thuy Nguyen")[0] == "Phường Thủy Nguyên"


def test_the_same_name_in_two_districts_is_told_apart_by_the_district() -> None:
    assert names("phường Nam Sơn, quận Kiến An") == ["Phường Phù Liễn", "Phường Kiến An"]
    assert names("phường Nam Sơn, quận An Dương") == ["Phường An Dương"]
    assert set(names("phường Nam Sơn")) == {"Phường Phù Liễn", "Phường Kiến An", "Phường An Dương"}


def test_a_name_of_today_stands_before_a_former_unit_of_that_name() -> None:
    matches = find("phường An Biên")
    assert (matches[0].place.full_name, matches[0].via) == ("Phường An Biên", None)
    assert {m.place.full_name for m in matches} == {"Phường An Biên", "Phường Lê Chân"}


def test_a_former_district_gives_the_wards_it_became() -> None:
    assert set(names("quận Ngô Quyền")) == {"Phường Ngô Quyền", "Phường Gia Viên", "Phường Hồng Bàng", "Phường Lê Chân"}


def test_a_name_begun_or_misspelt_gives_those_most_like_it() -> None:
    assert "Phường Ngô Quyền" in names("ngo qu")
    assert names("Ngô Quyềnn")[0] == "Phường Ngô Quyền"
    assert names("x") == [] and names("") == [] and names("🚑") == []


def test_accents_tell_names_apart_that_have_the_same_letters() -> None:
    assert all("Đông Hải" in (m.via or m.place).full_name for m in find("phường Đông Hải 2"))
    assert names("Phường Hoà Bình") == names("Phường Hòa Bình")


def test_on_a_day_before_the_change_the_names_of_that_day_are_given() -> None:
    assert names("phường Minh Khai, quận Hồng Bàng", on=date(2025, 6, 1)) == ["Phường Minh Khai"]
    assert "Phường Hồng Bàng" not in names("Hồng Bàng", on=date(2025, 6, 1))


def test_a_place_that_ended_is_not_offered() -> None:
    Place.objects.filter(code="11311").update(valid_to=date(2020, 1, 1))
    from tongdai.directory import snapshot

    snapshot.forget()
    assert "Phường Hồng Bàng" not in names("phường Hồng Bàng")


def test_it_stays_quick_on_a_long_text() -> None:
    assert find("Hồng Bàng " * 2000)[0].place.full_name == "Phường Hồng Bàng"


def test_each_place_of_today_knows_what_it_was_made_of() -> None:
    by_name = {row.full_name: row.pk for row in snapshot.places()}
    units = made_of(snapshot.all_places(), today())
    hong_bang = units[by_name["Phường Hồng Bàng"]]
    assert {"Phường Minh Khai", "Phường Sở Dầu"} <= {unit.full_name for unit in hong_bang}
    assert any("haly" in unit.aliases for unit in hong_bang)  # older still
    assert set(units) <= set(by_name.values())


@pytest.mark.parametrize(
    ("text", "wards", "rest"),
    [
        ("trạm y tế phường Lê Chân ở đâu", ["Phường Lê Chân"], "trạm y tế ở đâu"),
        ("covid le chan", ["Phường Lê Chân"], "covid"),
        ("Hồng Bàng", ["Phường Hồng Bàng"], ""),
        ("đi xét nghiệm ở đâu", [], "đi xét nghiệm ở đâu"),
        ("Phường Không Có", [], "Phường Không Có"),
    ],
)
def test_a_text_is_parted_into_the_wards_whose_names_stand_in_it_and_the_rest(
    text: str, wards: list[str], rest: str
) -> None:
    found, left = parted(text)
    assert [place.full_name for place in found][:1] == wards[:1] and left == rest
