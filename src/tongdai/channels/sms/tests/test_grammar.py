"""What people text, and what they mean by it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdai.cases.codes import check_digit
from tongdai.channels.sms.conversation.grammar import (
    Help,
    KeywordAlone,
    Matter,
    NoReply,
    Refuse,
    Status,
    WrongCode,
    asks_for,
    code_within,
    same_words,
)

CODES = st.integers(0, 10**10 - 1).map(lambda number: f"{number:010d}" + check_digit(f"{number:010d}"))
CODE = "7304185926" + check_digit("7304185926")


@given(
    CODES,
    st.sampled_from(["TRA ", "tra ", "Tra cứu mã ", "TRA CUU ", "STATUS ", "MA ", "Mã: ", "TRA:", "TRA", "", " #"]),
)
def test_a_code_is_understood_however_it_is_written(code: str, keyword: str) -> None:
    for shown in (code, f"{code[:4]} {code[4:8]} {code[8:]}", f"{code[:4]}.{code[4:8]}.{code[8:]}", "-".join(code)):
        assert asks_for(f"{keyword}{shown}") == Status(code)
        assert asks_for(f"  {keyword}{shown} . ") == Status(code)


@given(CODES)
def test_words_after_a_code_are_kept(code: str) -> None:
    assert asks_for(f"TRA {code} sao lâu thế?") == Status(code, "sao lâu thế?")
    assert asks_for(f"{code} chưa ai đến dọn") == Status(code, "chưa ai đến dọn")


@given(CODES, st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_told_not_guessed(code: str, position: int, by: int) -> None:
    digit = (int(code[position]) + by) % 10
    wrong = code[:position] + str(digit) + code[position + 1 :]
    assert asks_for(f"TRA {wrong}") == WrongCode(wrong)
    assert asks_for(wrong) == WrongCode(wrong)


@pytest.mark.parametrize("text", ["TRA 12", "tra cuu 123456", "STATUS 00000000001"])
def test_a_keyword_before_any_other_number_means_a_code(text: str) -> None:
    assert isinstance(asks_for(text), WrongCode)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "\n", "\u200b\u200f", "Alo", "alo alo!", "A lô ạ", "Xin chào", "xin chao 👋", "hi", "Help",
     "1022", "TRA", "tra cứu", "Tra mã?", "Hướng dẫn", unicodedata.normalize("NFD", "Xin chào")],
)  # fmt: skip
def test_nothing_or_a_greeting_is_helped(text: str) -> None:
    assert asks_for(text) == Help()


@pytest.mark.parametrize(
    ("text", "keyword"),
    [("TTHC", "tthc"), ("tthc ", "tthc"), ("HOI", "tthc"), ("Hỏi?", "tthc"), ("Thủ tục ạ", "tthc"), ("hs", "hs"),
     ("Hồ sơ:", "hs")],
)  # fmt: skip
def test_a_keyword_with_nothing_after_it_asks_nothing(text: str, keyword: str) -> None:
    assert asks_for(text) == KeywordAlone(keyword)


@pytest.mark.parametrize("text", ["Cảm ơn", "cam on nhieu!", "OK", "vâng", "Dạ vâng ạ"])
def test_thanks_are_left_alone(text: str) -> None:
    assert asks_for(text) == NoReply()


@pytest.mark.parametrize("text", ["TC", "tc.", "STOP"])
def test_the_carriers_word_to_opt_out_is_known(text: str) -> None:
    assert asks_for(text) == Refuse()


def test_a_code_is_found_within_a_sentence_and_a_wrong_one_is_not() -> None:
    assert code_within(f"phiếu {CODE[:4]} {CODE[4:8]} {CODE[8:]} của tôi đến đâu rồi") == CODE
    assert code_within("gọi tôi số 0912345678 nhé, biển 15A 123.45") == ""


@pytest.mark.parametrize(
    "text",
    [
        "Tra lai tien cho toi",
        "trả lại 5 triệu tiền cọc",
        "TC 12 ngo 5 bi mat dien",
        "5 ngày nay không có nước",
        "0912345678 goi lai cho toi",
        "0912345678",
        "115 den ngay 20 Le Loi",
        "Xin chào, nhà tôi mất điện",
        "alo cho hoi cach xin giay phep",
        "Rac tran ra he pho Cau Dat",
        "🔥🔥🔥",
        "Mã đáo thành công",
        "<b>HTML</b> & ' \"",
    ],
)
def test_everything_else_is_a_matter_with_its_words_as_typed(text: str) -> None:
    assert asks_for(text) == Matter(text)


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    asked = asks_for(text)
    if isinstance(asked, Matter):
        assert asked.text


def test_the_same_words_are_the_same_whatever_the_spacing_case_and_form() -> None:
    first = "Rác tràn ra hè phố  Cầu Đất!"
    assert same_words(first) == same_words(unicodedata.normalize("NFD", "rác tràn ra\nhè phố cầu đất"))
    assert same_words(first) != same_words("Rac tran ra he pho Cau Dat")
