"""A wish to die is heard though a question about papers stands beside it; words that only exaggerate are none."""

from __future__ import annotations

import pytest

from tongdai.cases.triage.danger import Kind, Level
from tongdai.cases.triage.judgement import judge
from tongdai.cases.triage.rules import read
from tongdai.language.text import fold

BESIDE_A_QUESTION = [
    "Em muốn chết, làm căn cước mất bao lâu",
    "Cho em hỏi làm lại căn cước ở đâu, em muốn chết",
    "Em muốn chết quá, thủ tục ly hôn cần giấy tờ gì",
    "tôi muốn chết, xin hỏi đăng ký khai tử cần gì",
    "con muốn chết lắm rồi, hỏi giấy khai sinh làm ở đâu",
    "cháu muốn chết, thủ tục chuyển trường thế nào ạ",
    "làm giấy xác nhận độc thân ở đâu, tôi chỉ muốn chết thôi",
    "mất sổ đỏ rồi tôi muốn chết, cấp lại ở đâu",
    "em muốn chết đi cho rồi, cho hỏi hồ sơ trợ cấp thất nghiệp nộp ở đâu",
    "tôi không thiết sống nữa, xin hỏi thủ tục ly hôn đơn phương",
    "em không muốn sống nữa, phí cấp lại bằng lái bao nhiêu",
    "giờ mình chỉ muốn chết, hồ sơ vay vốn nộp ở đâu",
    "tôi định tự tử, xin hỏi thủ tục để lại nhà cho con",
    "e mún chết, lam the can cuoc o dau",
    "I want to die, how do I renew my passport",
    "where do I pay the fee, I don't want to live anymore",
]
ONLY_LOUD = [
    "nóng muốn chết, mất điện đến bao giờ",
    "mệt muốn chết luôn, làm căn cước ở đâu",
    "đẹp chết đi được, cầu này bao giờ thông xe",
    "em mệt muốn chết, làm căn cước mất bao lâu",
    "em nóng muốn chết luôn",
    "chờ căn cước lâu muốn chết",
    "em đợi muốn chết mà chưa có sổ đỏ",
    "giấy tờ rắc rối muốn chết",
    "chạy đi chạy lại muốn chết, thủ tục gì lằng nhằng",
    "trời nắng muốn chết, trạm xe buýt không có mái",
    "em muốn chết vì cười, ai viết bảng này vậy",
    "con chó nhà em muốn chết, báo thú y ở đâu",
    "xe em muốn chết máy giữa đường ngập",
    "làm hồ sơ muốn chết luôn á",
    "bố tôi chết, làm khai tử ở đâu",
    "tôi không muốn sống chung với chồng, thủ tục ly hôn cần gì",
    "tôi chán sống ở chung cư này, muốn chuyển hộ khẩu",
    "người muốn tự tử được hỗ trợ gì theo quy định",
    "em đùa thôi, em muốn chết vì bài tập haha",
]


@pytest.mark.parametrize("text", BESIDE_A_QUESTION)
def test_a_wish_to_die_goes_before_the_question_beside_it(text: str) -> None:
    for typed in (text, fold(text), text.upper()):
        judged = judge(typed)
        assert judged.level is Level.LIFE and judged.kind is Kind.SUICIDE, typed
        assert judged.own_life and judged.number == "115", typed


@pytest.mark.parametrize("text", ONLY_LOUD)
def test_who_only_exaggerates_wishes_for_nothing(text: str) -> None:
    for typed in (text, fold(text)):
        assert not read(typed).wishes_to_die, typed
        assert judge(typed).level is not Level.LIFE, typed
