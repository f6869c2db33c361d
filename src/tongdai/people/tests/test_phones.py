"""Numbers as Vietnam writes them."""

import pytest

from tongdai.people.phones import Kind, dialled, is_mobile, kind_of, masked, normalise, pretty


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0912345678", "+84912345678"),
        ("0912 345 678", "+84912345678"),
        ("091.234.5678", "+84912345678"),
        ("+84 912 345 678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("+840912345678", "+84912345678"),
        ("(0225) 3842 005", "+842253842005"),
        ("0225-3842005", "+842253842005"),
        ("０９１２３４５６７８", "+84912345678"),
        ("+1 650 253 0000", "+16502530000"),
    ],
)
def test_every_style_is_one_number(typed: str, number: str) -> None:
    assert normalise(typed) == number


@pytest.mark.parametrize("typed", ["", "091 234 567", "1022", "115", "anonymous", "VIETTEL", "09123456789012", "+84"])
def test_short_codes_names_and_half_numbers_are_none(typed: str) -> None:
    assert normalise(typed) is None


@pytest.mark.parametrize("typed", ["19001234", "1900 1234", "+84 1900 1234", "8419001234", "18001091", "1800123456"])
def test_a_service_number_is_nobodys_telephone_however_it_is_written(typed: str) -> None:
    assert normalise(typed) is None


@pytest.mark.parametrize(
    ("typed", "number", "kind"),
    [
        ("0912 345 678", "+84912345678", Kind.MOBILE),
        ("0225 3842 005", "+842253842005", Kind.LANDLINE),
        ("1900 1234", "19001234", Kind.PREMIUM),
        ("18001091", "18001091", Kind.FREE),
        ("1022", "1022", Kind.SHORT),
        ("115", "115", None),  # is rung whatever the city decides
        ("+252 61 234 5678", "+252612345678", Kind.FOREIGN),
        ("+8816 1234 5678", "+881612345678", Kind.SATELLITE),
        ("+1 900 555 1212", None, None),
        ("0912", "0912", Kind.SHORT),
        ("xyz", None, None),
    ],
)
def test_what_is_dialled_and_of_which_kind_it_is(typed: str, number: str | None, kind: Kind | None) -> None:
    assert dialled(typed) == number
    assert kind_of(number or "") == kind


@pytest.mark.parametrize(
    ("stored", "kind"),
    [
        ("+8419001234", Kind.PREMIUM), ("+19005551212", Kind.PREMIUM), ("+84115", None), ("+840", None),
        ("Viettel", None), ("", None),
    ],
)  # fmt: skip
def test_a_stored_number_that_is_no_subscribers_is_of_no_kind_that_is_texted_by_default(
    stored: str, kind: Kind | None
) -> None:
    assert kind_of(stored) == kind


def test_numbers_are_shown_as_vietnam_writes_them() -> None:
    assert pretty("+84912345678") == "0912\u00a0345\u00a0678"
    assert masked("+84904123318") == "0904\u00a0•••\u00a0318"
    assert "225" in pretty("+842253842005")


def test_a_landline_gets_no_text() -> None:
    assert is_mobile("+84912345678") and not is_mobile("+842253842005")
