"""Search by code, phone and words, with accents or none."""

from __future__ import annotations

from tests.city import HONG_BANG, LE_CHAN, City, forget_snapshots
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.close import close
from tongdai.cases.actions.erase import erase
from tongdai.cases.actions.name_denounced import name_denounced
from tongdai.cases.actor import Actor
from tongdai.cases.codes import spoken
from tongdai.cases.models import Answer
from tongdai.cases.search import by_number, find
from tongdai.cases.search.answer_words import make_up
from tongdai.directory.models import Agency


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


def test_part_of_a_telephone_number_finds_its_cases_and_three_digits_find_nothing(city: City) -> None:
    case = city.case("Rác ở ngõ 1", phone="+84904123318")
    city.case("Rác ở ngõ 2", phone="+84912777888")
    for asked in ("3318", "0904 12", "12 33", "84904"):
        assert find(city.coordinator, asked) == [case], asked
    assert find(city.coordinator, "318") == []


def test_the_first_digits_of_a_code_find_it(city: City) -> None:
    case = city.case(phone="")
    assert find(city.coordinator, case.code[:6]) == [case]


def test_a_case_is_found_by_its_agency_and_its_topic_half_typed_and_without_accents(city: City) -> None:
    case = city.case("Nước chảy tràn ngõ", lead=HONG_BANG, topic="waste")
    other = city.case("Bóng hỏng", topic="lighting", phone="")
    for asked in ("UBND phường Hồng Bàng", "ubnd p hong bang", "rac thai", "moi truo"):
        assert find(city.coordinator, asked) == [case], asked
    assert find(city.coordinator, "chieu sang") == [other]
    assert find(city.officer(HONG_BANG), "chiếu sáng") == []


def test_a_case_is_found_by_the_words_of_its_answer_after_those_of_its_matter(city: City) -> None:
    answered = city.answered("Đèn đường hỏng", answer_text="Tổ công trình đã thay bóng cao áp.")
    told = city.case("Bóng cao áp nhà tôi bị vỡ", received="2022-02-10 08:00", phone="")
    assert find(city.coordinator, "bong cao ap") == [told, answered]
    assert find(city.coordinator, "thay bóng") == [answered]
    assert find(city.officer(LE_CHAN), "thay bóng") == []


def test_answers_of_before_are_made_findable_by_night_and_erased_ones_are_not(city: City) -> None:
    old = city.answered("Đèn đường hỏng", answer_text="Đã thay bóng cao áp.")
    gone = city.answered("Rác ở chợ", answer_text="Đã thay bóng.", phone="+84904000009")
    Answer.objects.update(search=None)
    Answer.objects.filter(case=gone).update(text="")
    assert find(city.coordinator, "thay bong") == []
    make_up(0)
    assert find(city.coordinator, "thay bong") == [old]
    make_up(0)
    assert Answer.objects.filter(search=None).get().case == gone


def test_an_erased_case_is_found_by_no_word_of_its_answer(city: City) -> None:
    case = city.answered("Đèn đường hỏng", answer_text="Đã thay bóng cao áp.")
    close(case, by=Actor.system(), at=city.at("2022-02-20 08:00"))
    erase(case, interactions=[], because="retention", by=Actor.system(), at=city.at("2022-03-20 08:00"))
    assert find(city.coordinator, "thay bóng") == []


def test_a_body_that_resolves_a_denunciation_doesnt_find_it_by_who_sent_it(city: City) -> None:
    """Neither by the number, whole or in part, nor by the name; by its words it does."""
    Agency.objects.filter(pk=city.agencies[HONG_BANG].pk).update(handles_denunciations=True)
    forget_snapshots()
    secret = city.case("Tôi tố cáo cán bộ nhận hối lộ khi cấp phép", topic="denunciation", name="Nguyễn Thị Kín")
    secret = name_denounced(secret, by=Actor.staff(city.inspector), agency=None, at=secret.received_at)
    secret = assign(
        secret, by=Actor.staff(city.inspector), agency=Agency.objects.get(name=HONG_BANG), at=secret.received_at
    )
    officer = city.officer(HONG_BANG)
    assert find(officer, "nhận hối lộ") == [secret] and find(officer, secret.code) == [secret]
    for asked in ("0904 123 318", "3318", "nguyen thi kin", "Kín"):
        assert find(officer, asked) == [], asked
        assert find(city.inspector, asked) == [secret], asked


def test_what_is_looked_for_among_numbers_is_known_as_such() -> None:
    assert all(by_number(asked) for asked in ("0904 123 318", "3318", "+84 904"))
    assert not any(by_number(asked) for asked in ("ngõ 3318", "331", "rác", ""))
