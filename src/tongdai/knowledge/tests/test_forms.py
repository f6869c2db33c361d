"""A form is found by its name and its number, as the procedures' papers have them."""

from __future__ import annotations

import pytest

from tests.city import City
from tongdai.knowledge.answer_key import AnswerKey, Kind, Part
from tongdai.knowledge.ask import ask
from tongdai.knowledge.search.certainty.result import Certainty
from tongdai.knowledge.search.forms.names import Forms, Papers

STAY, TAX, HEALTH, POOR = (AnswerKey(Kind.PROCEDURE, number) for number in (1, 2, 3, 4))
FORMS = Forms(
    [
        Papers(STAY, ["Tờ khai thay đổi thông tin cư trú (Mẫu CT01 ban hành kèm theo Thông tư 53/2025/TT-BCA)", "CT01.docx"]),
        Papers(TAX, ["Tờ khai lệ phí trước bạ nhà, đất theo mẫu số 01/LPTB", "Bản sao giấy tờ"]),
        Papers(HEALTH, ["Tờ khai tham gia, điều chỉnh thông tin (Mẫu TK1-TS)"]),
        Papers(POOR, ["Giấy đề nghị rà soát hộ nghèo (mẫu số 01)"], ["Kết quả dùng mẫu CT07."]),
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "holder"),
    [
        ("mẫu CT01", STAY), ("CT01", STAY), ("mau ct 01", STAY), ("ct01 là gì", STAY), ("lấy tờ khai CT01 ở đâu", STAY),
        ("TK1-TS", HEALTH), ("mẫu tk1 ts", HEALTH), ("01/LPTB", TAX), ("mẫu 01 lptb", TAX), ("mẫu số 1", POOR),
        ("mẫu số 01", POOR), ("CT07", POOR),
    ],
)  # fmt: skip
def test_a_form_is_known_by_its_number_however_it_is_written(typed: str, holder: AnswerKey) -> None:
    found = FORMS.by_code(typed)
    assert found is not None and found.holders == (holder,) and found.alone


@pytest.mark.parametrize("typed", ["thông tư 53/2025/TT-BCA", "đăng ký tạm trú", "phường 01", "gọi 1022", "CT99"])
def test_what_is_no_form_here_is_none(typed: str) -> None:
    assert FORMS.by_code(typed) is None


def test_what_else_is_said_is_left_to_choose_by() -> None:
    found = FORMS.by_code("mẫu CT01 đăng ký tạm trú điền thế nào")
    assert found is not None and not found.alone and "dang ky tam tru" in found.rest


def test_a_form_is_known_by_its_whole_name() -> None:
    found = FORMS.by_name("tờ khai thay đổi thông tin cư trú lấy ở đâu")
    assert found is not None and found.holders == (STAY,)
    assert FORMS.by_name("tờ khai thay đổi thông tin cư trú cho con riêng của vợ ở tỉnh khác") is None
    assert FORMS.by_name("bản sao giấy tờ") is None


@pytest.mark.django_db
def test_whoever_names_a_form_is_offered_the_procedures_that_it_is_for(knowing: City) -> None:
    reply = ask("mẫu CT01")

    assert reply.certainty is Certainty.PERHAPS and reply.part is Part.FORM
    assert "Đăng ký thường trú" in [each.answer.title for each in reply.answers]


@pytest.mark.django_db
def test_whoever_names_form_and_matter_is_told_that_one(knowing: City) -> None:
    reply = ask("mẫu CT01 để đăng ký tạm trú")

    assert reply.certainty is Certainty.FOUND
    assert reply.answers[0].answer.title == "Đăng ký tạm trú"
