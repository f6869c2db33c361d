"""What a text is by its words alone."""

from __future__ import annotations

import pytest

from tongdai.cases.triage.kind import Kind, examples, kinds_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Cống trước nhà số 9 ngõ 21 bị tắc, nước bẩn tràn cả ra đường", Kind.MATTER),
        ("xin cho biết làm lại bằng lái xe hết bao nhiêu tiền", Kind.QUESTION),
        ("vụ hôm nọ của tôi tới đâu rồi", Kind.STATUS),
        ("vu hom no cua toi toi dau roi", Kind.STATUS),
        ("cảm ơn các cháu nhiều", Kind.THANKS),
        ("chấm 5 sao nhé", Kind.RATING),
        ("thôi huỷ giúp tôi, họ sửa xong rồi", Kind.WITHDRAWAL),
        ("đừng gửi tin tới máy tôi nữa nhé", Kind.STOP),
        ("please answer in english", Kind.LANGUAGE),
        ("Cho cháu hỏi hồ bơi Rạch Miễu bán vé lượt giá nhiêu", Kind.QUESTION),
        ("xe buyt tuyen 9 chuyen cuoi luc may gio", Kind.QUESTION),
        ("nước dâng lên tới thềm nhà rồi", Kind.MATTER),
        ("tại sao cả tuần không ai tới hốt rác xóm tui?", Kind.MATTER),
        ("điện nhà tôi có lại từ trưa rồi", Kind.WITHDRAWAL),
        ("chừng nào thợ mới xuống vậy", Kind.STATUS),
        ("mẹ ơi tối nay con ngủ lại nhà bạn nhé", Kind.STRAY),
    ],
)
def test_the_likeliest_kind_of_words_it_has_not_learned(text: str, kind: Kind) -> None:
    assert text not in {learned for learned, _kind in examples()}
    assert next(iter(kinds_of(text))) is kind


def test_each_kind_is_learned_from_examples() -> None:
    assert {kind for _text, kind in examples()} == set(Kind)
