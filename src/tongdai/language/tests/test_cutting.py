"""Where a text that is too long ends: with nothing half."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdai.language.cutting import beginning, closers


def test_what_fits_is_left_as_it_is() -> None:
    assert beginning("Lệ phí: 8.000 đồng.", 30) == "Lệ phí: 8.000 đồng."


@pytest.mark.parametrize(
    ("text", "most", "told"),
    [
        ("Chứng thực chữ ký trong giấy tờ, văn bản (áp dụng cho cả trường hợp", 56, "Chứng thực chữ ký trong giấy tờ, văn bản…"),
        ("Nộp theo mẫu của cơ quan là “Tờ khai tham gia bảo hiểm” nhé", 44, "Nộp theo mẫu của cơ quan là…"),
        ("Lệ phí một bản chính là 50.000 đồng, nộp khi nhận", 34, "Lệ phí một bản chính là…"),
        ("Kết quả có sau khi nộp hồ sơ 7 ngày làm việc", 32, "Kết quả có sau khi nộp hồ sơ…"),
        ("Điền tờ khai theo mẫu số 01 rồi nộp ở phường", 25, "Điền tờ khai theo…"),
        ("Tên (một ngoặc rất dài mà phần lớn câu đứng ở trong đó)", 40, "Tên (một ngoặc rất dài mà phần lớn câu…)"),
    ],
)  # fmt: skip
def test_no_bracket_name_or_number_stands_half(text: str, most: int, told: str) -> None:
    assert beginning(text, most) == told


@given(st.text(alphabet='ab 1.,;:()“”"…', max_size=150), st.integers(4, 100))
def test_it_is_never_longer_and_leaves_nothing_open(text: str, most: int) -> None:
    told = beginning(text, most)
    assert len(told) <= most
    if len(text) > most and " " in text.strip() and told != text[: most - 1] + "…":
        assert closers(told) == ""
