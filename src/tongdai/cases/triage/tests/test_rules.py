"""Somebody in danger is told whom to ring; somebody who speaks of permits, bulbs and evaluations isn't."""

from __future__ import annotations

import pytest

from tongdai.cases.triage.danger import Kind, number_of, whom_to_ring
from tongdai.cases.triage.rules import kind_of
from tongdai.language.text import fold

IN_DANGER = [
    ("chay nha o le chan", "114"),
    ("cuu voi chay nha so 5 lach tray", "114"),
    ("Nhà hàng xóm cháy to lắm", "114"),
    ("Cháy to ở chợ Sắt 🔥🚒", "114"),
    ("Rò rỉ gas ở chung cư, mùi nồng nặc", "114"),
    ("có cháu bé bị đuối nước ở hồ Tam Bạc", "114"),
    ("ket thang may toa A", "114"),
    ("co nguoi bi dien giat", "115"),
    ("tai nan giao thong chay mau nhieu", "115"),
    ("Mẹ tôi bất tỉnh, không thở", "115"),
    ("vợ tôi sắp sinh, vỡ ối rồi", "115"),
    ("toi bi chong danh", "113"),
    ("có đám thanh niên cầm dao đuổi nhau", "113"),
    ("Tôi bị đánh đập ở chỗ làm", "113"),
    ("con toi bi xam hai", "111"),
    ("bé gái 6 tuổi nhà bên bị bạo hành", "111"),
    ("trẻ sơ sinh bị bỏ ở cổng chùa", "111"),
    ("toi muon tu tu", "115"),
    ("em không muốn sống nữa", "115"),
    ("nha toi mua bao hiem chay no roi nhung dang chay to cuu voi", "114"),
]

CALM = [
    "báo cháy thử ở toà nhà",
    "còi báo cháy chung cư kêu suốt đêm",
    "bảo hiểm cháy nổ mua ở đâu",
    "giấy phép phòng cháy chữa cháy",
    "xin phép chữa cháy",
    "diễn tập chữa cháy có đám cháy giả",
    "xe chết máy giữa đường Lê Lợi ngập",
    "làm giấy khai tử cho người chết đuối cần gì",
    "khai tử",
    "mất 115 nghìn",
    "đèn đường cháy bóng ngõ 5",
    "bóng đèn đường bị cháy mấy hôm nay",
    "xe buýt đang chạy quá tốc độ",
    "nước chảy ở vỉa hè cả tuần",
    "giấy xác nhận tai nạn giao thông để hưởng chế độ",
    "bồi thường vụ cháy năm ngoái",
    "dịch vụ công bị đánh giá thấp",
    "tôi đánh rơi căn cước",
    "phòng chống bạo lực gia đình phường tổ chức khi nào",
    "tuyên truyền phòng chống đuối nước",
    "Rác tràn ra hè phố Cầu Đất",
    "gọi 114 không ai nghe máy",
    "xin tư vấn thủ tục",
    "cho tôi hỏi, xin tư vấn",
    "cứ từ từ cũng được",
    "tủ lạnh hết bảo hành",
    "cấm đào đường mà vẫn đào",
    "cây đổ nằm dưới nước",
    "nước chảy to ở ngõ 5",
    "khu vui chơi dành trẻ em bị hỏng",
    "nhà sắp xây xong chưa có số nhà",
    "xe chạy rồi mà chưa bán vé",
    "liệt sĩ vô danh",
    "nút giao hay xảy ra tai nạn giao thông, đề nghị lắp đèn",
    "ma tuý bán ở ngõ 12",
    "đất nhà tôi bị lấn chiếm",
    "",
    "🔥",
]


@pytest.mark.parametrize(("text", "number"), IN_DANGER)
def test_somebody_in_danger_is_given_the_number_with_accents_or_without(text: str, number: str) -> None:
    for typed in (text, fold(text), text.upper()):
        kind = kind_of(typed)
        assert kind is not None and number_of(kind) == number, typed
        assert whom_to_ring(kind).startswith(f"Gọi {number} ngay")


@pytest.mark.parametrize("text", CALM)
def test_words_that_only_sound_like_it_give_none(text: str) -> None:
    for typed in (text, fold(text)):
        assert kind_of(typed) is None, typed


def test_a_life_goes_before_a_fire_and_a_fire_before_a_wound() -> None:
    assert kind_of("cháy nhà, có người bị thương nặng") is Kind.FIRE
    assert kind_of("tôi bị chồng đánh, tôi không muốn sống nữa") is Kind.SUICIDE


def test_violence_and_despair_count_beside_papers_too() -> None:
    assert kind_of("toi bi chong danh, xin hoi thu tuc ly hon") is Kind.VIOLENCE
