"""Where an answer that is too long ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tongdai.channels.sms.encoding.shortening import shortened


def cut(text: str, most: int) -> str:
    return shortened(text, fits=lambda shorter: len(shorter) <= most)


def test_what_fits_is_left_as_it_is() -> None:
    assert cut("Lệ phí: 8.000 đồng.", 30) == "Lệ phí: 8.000 đồng."


def test_it_ends_with_a_sentence_where_one_ends_in_the_last_third() -> None:
    text = "Đăng ký khai sinh cho con mới sinh. Thời hạn: Ngay trong ngày làm việc. Lệ phí: không."
    assert cut(text, 50) == "Đăng ký khai sinh cho con mới sinh."


def test_it_ends_with_an_item_of_a_list() -> None:
    text = "Giấy tờ: 1) Tờ khai (1 bản chính); 2) Giấy chứng sinh (1 bản chính); 3) Căn cước của cha, mẹ."
    assert cut(text, 78) == "Giấy tờ: 1) Tờ khai (1 bản chính); 2) Giấy chứng sinh (1 bản chính)…"
    assert cut("Cách làm: 1) Nộp hồ sơ ở phường 2) Chờ công chức xem rồi ký giấy", 40) == (
        "Cách làm: 1) Nộp hồ sơ ở phường…"
    )


def test_else_it_ends_with_a_word() -> None:
    assert (
        cut("Một câu rất dài không có dấu chấm nào ở giữa cả cho đến tận cuối", 30) == "Một câu rất dài không có dấu…"
    )


def test_a_label_never_stands_without_its_value() -> None:
    text = "Người dân mang giấy tờ đến bộ phận một cửa. Nộp hồ sơ tại: Trungtâmphụcvụhànhchínhcông"
    assert cut(text, 60) == "Người dân mang giấy tờ đến bộ phận một cửa."
    assert cut("Mười hai chữ rất dài ở đầu câu này. Thời hạn: 1) NgayTrongNgàyLàmViệcẤy", 52) == (
        "Mười hai chữ rất dài ở đầu câu này."
    )


@given(st.text(alphabet="ab .;:1)…", max_size=200), st.integers(5, 120))
def test_it_always_fits_and_is_a_beginning(text: str, most: int) -> None:
    told = cut(text, most)
    if len(text.strip()) > most:
        assert len(told) <= most
        assert text.strip().startswith(told.removesuffix("…").rstrip()) or told == "…"
