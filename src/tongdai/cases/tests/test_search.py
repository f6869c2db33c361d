"""Search by code, phone and words, with accents or none."""

from __future__ import annotations

from tests.city import City
from tongdai.cases.codes import spoken
from tongdai.cases.search import find


def test_words_are_found_with_accents_without_and_half_typed(city: City) -> None:
    case = city.case("Đèn đường ngõ 47 Lê Lợi hỏng cả tuần")
    city.case("Nước thải quán ăn chảy ra hè phố", phone="+84904123319")
    for asked in ("đèn đường", "den duong", "DEN DUONG le lo", "hong tuan", "\u0111e\u0300n"):
        assert find(city.coordinator, asked) == [case], asked


def test_a_code_is_found_however_it_is_typed(city: City) -> None:
    case = city.case()
    for asked in (case.code, spoken(case.code), f" {case.code[:4]}-{case.code[4:8]}.{case.code[8:]} "):
        assert find(city.coordinator, asked) == [case]


def test_a_phone_number_finds_its_cases_newest_first(city: City) -> None:
    first = city.case("Rác ở ngõ 1", received="2022-02-14 08:00")
    second = city.case("Rác ở ngõ 2", received="2022-02-15 08:00")
    for asked in ("0904 123 318", "+84904123318", "84904123318"):
        assert find(city.coordinator, asked) == [second, first], asked


def test_signs_and_operators_in_the_words_do_no_harm(city: City) -> None:
    case = city.case("Rác tràn ra hè phố")
    for asked in ("", "   ", "':*", "a & | !", "\x00", "<script>", "🙂", "(" * 300):
        assert find(city.coordinator, asked) == [], asked
    for asked in ("rác & tràn", "!rác | (tràn", "'rác':*"):
        assert find(city.coordinator, asked) == [case], asked
