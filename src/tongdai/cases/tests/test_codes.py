"""The tracking code survives being read out, texted and keyed."""

from hypothesis import given
from hypothesis import strategies as st

from tongdai.audit.models import Entry
from tongdai.cases import codes
from tongdai.cases.models import Case, CodeTry

DIGITS = st.text(alphabet="0123456789", min_size=10, max_size=10)


@given(DIGITS, st.integers(0, 10), st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(digits: str, place: int, shift: int) -> None:
    code = digits + codes.check_digit(digits)
    wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]
    assert codes.is_valid(code)
    assert not codes.is_valid(wrong)


@given(DIGITS, st.integers(0, 9))
def test_two_neighbours_swapped_are_noticed(digits: str, place: int) -> None:
    code = digits + codes.check_digit(digits)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert swapped == code or not codes.is_valid(swapped)


@given(DIGITS)
def test_a_code_is_read_as_people_type_it(digits: str) -> None:
    code = digits + codes.check_digit(digits)
    for typed in (codes.spoken(code), f" {code[:4]}.{code[4:8]}.{code[8:]} ", f"{code[:5]} - {code[5:]}"):
        assert codes.read(typed) == code


def test_new_codes_are_valid_and_differ() -> None:
    drawn = {codes.new_code() for _ in range(1000)}
    assert len(drawn) == 1000
    assert all(codes.is_valid(code) for code in drawn)


def test_letters_and_short_numbers_are_no_code() -> None:
    for typed in ("", "1022", "0912345678", "abc", "7304 1859 26"):
        assert codes.read(typed) is None


def test_digits_of_other_keyboards_are_read_as_ours_but_stand_in_no_address() -> None:
    code = "7304185926" + codes.check_digit("7304185926")
    full_width = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in code)
    assert codes.read(full_width) == code and codes.read(f"{full_width[:4]} {full_width[4:]}") == code
    assert not codes.is_valid(full_width)


def test_a_code_has_eleven_digits_wherever_it_is_kept() -> None:
    """The record lies below the cases and can't ask them."""
    lengths = [
        row._meta.get_field(name).max_length for row, name in ((Case, "code"), (CodeTry, "code"), (Entry, "case_code"))
    ]
    assert [codes.LENGTH, *lengths] == [11, 11, 11, 11]
