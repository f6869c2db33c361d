"""A detail that no part of a record is named after is found in the sentence that tells it."""

from __future__ import annotations

import pytest

from tongdai.knowledge.answers import closest
from tongdai.knowledge.models import Procedure

pytestmark = pytest.mark.django_db

MEDIATION = Procedure(
    code="9.000001",
    name="Hòa giải tranh chấp đất đai",
    steps=[
        "Nộp đơn yêu cầu hòa giải tại xã.",
        "Thẩm tra, xác minh nguyên nhân phát sinh tranh chấp, thu thập giấy tờ, tài liệu có liên quan.",
        "Trường hợp một trong các bên tranh chấp vắng mặt đến lần thứ hai thì được coi là việc hòa giải không thành.",
        "Kết quả hòa giải phải được lập thành biên bản.",
    ],
    papers=[{"name": "Đơn yêu cầu hòa giải", "originals": 1, "copies": 0, "form": "", "note": ""}],
)


def said(typed: str) -> list[str]:
    return closest.at(MEDIATION, closest.closest(MEDIATION, typed))


@pytest.mark.parametrize(
    "typed",
    [
        "hòa giải tranh chấp đất mà hàng xóm vắng mặt đến hai lần thì coi như thế nào",
        "hoa giai tranh chap dat ma hang xom vang mat den hai lan thi sao",
    ],
)
def test_the_sentence_with_the_questions_own_words_is_found(typed: str) -> None:
    assert said(typed)[0].startswith("Trường hợp một trong các bên tranh chấp vắng mặt đến lần thứ hai")


@pytest.mark.parametrize(
    "typed", ["hòa giải tranh chấp đất đai cần giấy tờ gì", "nộp đơn hòa giải tranh chấp ở đâu", "hòa giải mất bao lâu"]
)
def test_words_of_the_name_and_of_asking_find_no_sentence(typed: str) -> None:
    assert said(typed) == []


def test_a_number_that_the_record_does_not_have_is_left_out() -> None:
    assert closest.at(MEDIATION, [999, 0]) == ["Nộp đơn yêu cầu hòa giải tại xã."]
