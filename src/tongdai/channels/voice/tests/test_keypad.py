"""A ward spelt on a telephone's keys."""

from __future__ import annotations

import pytest

from tongdai.directory.models import Place
from tongdai.directory.places.loading import load_province

from ..menu.keypad import keyed, meant


def test_a_name_is_spelt_without_accents_and_spaces() -> None:
    assert keyed("Lê Chân") == "532426"
    assert keyed("Đồ Sơn") == "36766"
    assert keyed("Phố 12") == "74612"


@pytest.mark.django_db
def test_a_ward_is_meant_by_its_whole_name_or_its_beginning_or_a_name_it_had() -> None:
    load_province("31")
    all_of_them = list(Place.objects.values_list("pk", flat=True))

    def names(keys: str) -> list[str]:
        return [place.name for place in meant(keys, all_of_them)]

    assert names("532426") == ["Lê Chân"]
    assert "Lê Chân" in names("53") and len(names("53")) > 1
    assert names(keyed("Vĩnh Niệm")) == ["An Biên", "Lê Chân"]  # a ward until 2025, now in two
    assert names("99999") == [] == names("")
    assert meant("532426", []) == []
