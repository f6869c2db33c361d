"""Numbers as Vietnam writes them."""

import pytest

from tongdai.people.phones import is_mobile, masked, normalise, pretty


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


def test_numbers_are_shown_as_vietnam_writes_them() -> None:
    assert pretty("+84912345678") == "0912\u00a0345\u00a0678"
    assert masked("+84904123318") == "0904\u00a0•••\u00a0318"
    assert "225" in pretty("+842253842005")


def test_a_landline_gets_no_text() -> None:
    assert is_mobile("+84912345678") and not is_mobile("+842253842005")
