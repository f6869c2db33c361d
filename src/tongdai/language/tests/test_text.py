"""Vietnamese text: found without accents, sorted as in a dictionary, dates as a clerk says them."""

import unicodedata
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from tongdai.language.dates import in_words
from tongdai.language.sorting import sort_key
from tongdai.language.text import clean, fold
from tongdai.platform.clock import CITY_TZ


def test_words_are_found_without_accents_in_either_normal_form() -> None:
    for text in ("Đèn đường Lê Lợi", unicodedata.normalize("NFD", "Đèn đường Lê Lợi")):
        assert fold(text) == "den duong le loi"


@given(
    st.text() | st.text(st.characters(min_codepoint=0x300, max_codepoint=0x370) | st.sampled_from("aĐơ\u05b4\u0e38"))
)
def test_no_mark_of_any_script_is_left(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    assert fold(text) == "".join(each for each in decomposed if not unicodedata.combining(each))


def test_names_sort_as_in_a_vietnamese_dictionary() -> None:
    names = ["An Biên", "An Dương", "Ân Thi", "Cát Hải", "Dương Kinh", "Đồ Sơn", "Đông Hải", "Hải An", "Hồng An"]
    assert sorted(names, key=sort_key) == names


def test_tones_break_ties_in_the_order_of_the_tones() -> None:
    tones = ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(tones, key=sort_key) == tones


def test_marks_that_hide_or_turn_text_are_dropped_and_line_breaks_kept() -> None:
    assert clean("\u202eXin\u200b chào\r\nbà\x00 ") == "Xin chào\nbà"


@given(st.text())
def test_any_text_can_be_cleaned_and_stays_clean(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode()


def test_a_deadline_is_said_with_its_weekday() -> None:
    assert in_words(datetime(2022, 3, 4, 17, tzinfo=CITY_TZ)).replace("\u00a0", " ") == "17 giờ thứ Sáu, 4.3.2022"
    assert in_words(datetime(2022, 3, 6, 7, 5, tzinfo=CITY_TZ)).replace("\u00a0", " ") == "07 giờ 05 Chủ nhật, 6.3.2022"
