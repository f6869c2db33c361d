"""Where papers are handed in, by what the record says of a counter, and not of whoever answers for the procedure."""

from __future__ import annotations

import pytest

from tongdai.knowledge.answer_key import Part
from tongdai.knowledge.answers import places
from tongdai.knowledge.answers.short_answers import in_short, is_recorded
from tongdai.knowledge.models import Procedure

UNION = "Công đoàn cơ quan BHXH Việt Nam"
COUNTER = "Bộ phận tiếp nhận và trả kết quả theo cơ chế “Một cửa” của Ủy ban nhân dân cấp xã"


def test_the_counter_that_the_steps_name_is_told_before_the_agency() -> None:
    """2.001023: the column of the agency names a trade union, the first step the one-stop counter."""
    row = Procedure(agency=UNION, steps=[f"Người có yêu cầu nộp hồ sơ tại {COUNTER}.", "Cán bộ kiểm tra giấy tờ."])

    assert in_short(row, Part.WHERE) == f"Nộp tại: {COUNTER}."
    assert UNION not in in_short(row)


def test_of_an_agency_alone_it_is_not_said_that_papers_are_handed_in_there() -> None:
    row = Procedure(agency="Sở Tư pháp", steps=["Nhận kết quả."])

    assert in_short(row, Part.WHERE) == "Cơ quan giải quyết: Sở Tư pháp."
    assert not is_recorded(row, Part.WHERE)


@pytest.mark.parametrize(
    ("step", "place"),
    [
        (
            "Tổ chức nộp hồ sơ đến Sở Tư pháp nơi đã đăng ký tham gia trợ giúp pháp lý.",
            "Sở Tư pháp nơi đã đăng ký tham gia trợ giúp pháp lý",
        ),
        (
            "Cá nhân gửi hồ sơ đến Trung tâm Phục vụ hành chính công cấp tỉnh (sau đây gọi là Bộ phận Một cửa) hoặc qua bưu chính.",
            "Trung tâm Phục vụ hành chính công cấp tỉnh",
        ),
        ("Sở Xây dựng gửi hồ sơ đến Ủy ban nhân dân cấp tỉnh để quyết định.", ""),
        ("Gửi hồ sơ đến cơ quan có thẩm quyền sau: a) Bộ Công an.", ""),
        ("Người dân nộp lệ phí rồi chờ thông báo.", ""),
    ],
)
def test_which_office_a_step_has_the_citizen_go_to(step: str, place: str) -> None:
    assert places.in_the_steps([step]) == place
