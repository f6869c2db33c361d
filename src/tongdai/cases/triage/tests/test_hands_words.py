"""Danger as hands write it, kind by kind, beside as many words that only look like it: the phrases alone, and with the model."""

from __future__ import annotations

import pytest

from tongdai.cases.triage.danger import Kind, Level
from tongdai.cases.triage.judgement import judge
from tongdai.cases.triage.rules import cannot_ring, kind_of
from tongdai.language.text import fold

CHILD = [
    "nha ben canh hay so vao nguoi con be",
    "hay so vao nguoi con",
    "con ko dam noi voi me",
    "ông hàng xóm hay sờ vào người con bé 7 tuổi",
    "chú hay sờ khắp người con lúc mẹ đi làm",
    "ổng hay rờ vào người con nhỏ nhà kế bên",
    "dượng hay sờ soạng cháu",
    "bác ấy thò tay vào quần cháu",
    "thầy sờ đùi mấy bạn lớp con",
    "nó bắt con bé cởi hết quần áo",
    "ông ấy bóp ngực cháu gái tôi",
    "gã ấy ôm hôn con bé ở cầu thang",
    "chu so mo con, con so lam",
    "chú sờ vào vùng kín của em bé",
    "con hok dám kể với bố mẹ",
    "cháu không dám nói với ai, chú ấy dọa",
    "con mà nói thì chú đánh con",
    "chú bảo con không được kể với ai",
    "ba dượng hay vào giường con ban đêm",
    "the man next door keeps touching a little girl",
    "my stepfather touches me at night",
    "I'm scared to tell my mum",
    "she says the teacher molested a child",
]
NO_CHILD = [
    "trẻ con hay sờ vào tượng ở công viên",
    "số người con được hưởng chế độ là bao nhiêu",
    "sổ hộ khẩu vào người con thì làm thế nào",
    "cho tôi hỏi số mộ của liệt sĩ",
    "sơ mi đồng phục của con",
    "sợ con bé lạc đường, xin cắm biển",
    "che chắn cho kín bãi rác",
    "mất điện cả ngõ mò mẫm như đi trong hầm",
    "rác bám vào người đi đường",
    "con không dám nói với mẹ là con làm mất thẻ xe, làm lại ở đâu",
    "em không dám nói với bố là bị phạt nguội, nộp ở đâu",
    "tôi không dám nói với hàng xóm vì sợ mất lòng",
    "cô giáo ôm các cháu chụp ảnh",
    "khám ngực cho phụ nữ ở trạm y tế nào",
    "em bé sờ vào ổ điện hỏng ở nhà văn hóa",
    "touch screen at the ward office is broken",
    "please don't touch the trees in the park",
    "con không dám qua đường vì xe chạy nhanh",
    "cháu không dám đi học vì đường ngập",
    "quần áo phơi bị bụi bám",
]
SUICIDE = [
    "chi con nuoc nhay lau",
    "chỉ còn nước nhảy lầu thôi",
    "chắc chỉ còn nước nhảy cầu",
    "em chi con duong nhay lau",
    "chỉ còn cách ra cầu nhảy sông chết",
    "nhảy lầu cho xong",
    "tôi muốn nhảy lầu",
    "nó đang đòi nhảy lầu",
    "e mún chết",
    "em ko muon song nua",
    "sống làm gì nữa",
    "chết cho xong",
    "chet quach cho roi",
    "hết muốn sống rồi",
    "không còn lý do gì để sống",
    "em muốn biến mất khỏi thế giới này",
    "cháu đang rạch tay",
    "em muốn treo cổ",
    "chỉ muốn ngủ mãi không dậy",
    "I want to die",
    "I am going to kill myself",
    "there is no reason to live",
    "I don't want to live anymore",
]
NO_SUICIDE = [
    "nóng muốn chết, mất điện từ trưa",
    "ồn muốn chết",
    "chờ lâu muốn chết",
    "mệt muốn chết vì giấy tờ",
    "học phí đắt muốn chết",
    "kẹt xe muốn chết",
    "mày muốn chết à, nó quát tôi thế",
    "chỉ còn nước bán nhà",
    "chỉ còn nước kêu trời",
    "bể chỉ còn nước đáy",
    "con nước lên to quá",
    "xin treo cờ dịp lễ",
    "treo co to quoc ngay nao",
    "áo rách tay",
    "trẻ con nhảy cầu tắm sông",
    "lớp nhảy trên lầu hai ồn quá",
    "xe muốn chết máy",
    "cây trong công viên muốn chết khô",
    "đi làm căn cước cho xong",
    "nghe mắng muốn nhảy lầu, đùa thôi",
    "my phone died, I want to charge it",
]
CANNOT_RING = [
    "con không gọi được",
    "con ko goi dc",
    "em không dám gọi",
    "cháu không nói được, nó ở ngay bên",
    "con chỉ nhắn tin được thôi",
    "đừng gọi lại nó nghe thấy",
    "dung goi lai",
    "máy hết tiền, cháu chỉ dám nhắn",
    "em bị câm điếc",
    "không gọi điện được đâu",
    "không tiện gọi",
    "gọi là nó nghe",
    "I can't call",
    "i cant talk now",
    "please don't call me",
    "cannot speak, he is here",
]
CAN_RING = [
    "không gọi được 114",
    "gọi điện lực không ai nghe",
    "không gọi được cho một cửa",
    "quán karaoke bị cấm",
    "số tổng đài gọi không được hỗ trợ",
    "xin gọi lại cho tôi",
    "call me back please",
    "đừng mở loa nữa",
    "tôi không nói được tiếng Anh",
    "làm ơn gọi giúp tôi",
]
ORDINARY = [
    "There is a broken street light on my street",
    "The street light is out",
    "street lamp burned out in front of house 12",
    "Street light not working at 25 Tran Phu street",
    "vẫn đang hát",
    "van dang hat",
    "vẫn đang hát karaoke",
    "quán bên cạnh vẫn đang hát",
    "11 giờ đêm rồi quán karaoke vẫn đang hát",
    "rác hôi thối lắm",
    "hôi thối lắm",
    "rac hoi thoi lam",
    "các phòng đùn đẩy nhau",
    "cac phong ban dun day nhau khong ai nhan ho so",
    "phòng này đùn đẩy phòng kia",
    "Mẹ ơi tối nay ăn gì để con mua",
    "me oi toi nay nau com gi",
    "nhà còn gạo không em",
    "tối nay anh có về ăn cơm không",
    "đèn đường tắt 3 hôm nay",
    "đèn đường bị hỏng mấy hôm nay",
    "cột đèn trước nhà số 5 không sáng",
    "den duong khong sang",
    "I lost my driving licence",
    "I lost my passport",
    "I lost my passport yesterday, what should I do",
    "I lost my wallet with driving license",
    "my wallet and passport are lost",
]
STILL_HEARD = [
    "the street lamp is on fire and sparks are falling",
    "I lost my son at the night market, he is four",
    "quán karaoke đang cháy, còn người bên trong",
    "mùi khét lắm, khói đen tuôn ra từ nhà bên",
    "mùi gas nồng lắm trong bếp",
    "cột đèn rò điện, có người bị giật ngã",
    "bà cụ đi lạc từ sáng, cả nhà tìm không thấy",
]
HARD_BUT_NO_LIFE = "nhà tôi hết gạo ba hôm nay, các cháu nhịn đói, xin giúp"


@pytest.mark.parametrize("text", CHILD)
def test_a_child_that_is_harmed_or_dares_not_tell_is_heard(text: str) -> None:
    for typed in (text, text.upper()):
        assert kind_of(typed) is Kind.CHILD, typed
    judged = judge(text)
    assert judged.kind is Kind.CHILD and judged.level is Level.LIFE and judged.number == "111"


@pytest.mark.parametrize("text", SUICIDE)
def test_somebody_who_wants_to_die_is_heard(text: str) -> None:
    for typed in (text, text.upper()):
        assert kind_of(typed) is Kind.SUICIDE, typed
    judged = judge(text)
    assert judged.kind is Kind.SUICIDE and judged.level is Level.LIFE and judged.own_life


@pytest.mark.parametrize("text", [*NO_CHILD, *NO_SUICIDE])
def test_no_phrase_is_heard_where_none_stands(text: str) -> None:
    for typed in (text, fold(text)):
        assert kind_of(typed) not in (Kind.CHILD, Kind.SUICIDE), typed


@pytest.mark.parametrize("text", CANNOT_RING)
def test_who_cannot_ring_is_understood(text: str) -> None:
    assert cannot_ring(text) and judge(text).cannot_ring


@pytest.mark.parametrize("text", CAN_RING)
def test_who_can_ring_is_not_taken_for_one_who_cannot(text: str) -> None:
    assert not cannot_ring(text) and not cannot_ring(fold(text))


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_matter_is_no_danger(text: str) -> None:
    judged = judge(text)
    assert judged.level is Level.NONE and not judged.shown


@pytest.mark.parametrize("text", STILL_HEARD)
def test_danger_in_words_like_those_is_heard(text: str) -> None:
    assert judge(text).shown and judge(text).level is Level.LIFE


def test_hunger_is_still_heard() -> None:
    assert judge(HARD_BUT_NO_LIFE).level is not Level.NONE


def test_a_child_that_cannot_ring_is_told_to_write_and_asked_where_it_is() -> None:
    judged = judge("chú hay sờ vào người con, con không gọi được")
    assert "ở đâu?" in judged.whom_to_ring and "gọi 111" not in judged.whom_to_ring.lower()
    assert judge("cháy nhà, tôi không gọi được").whom_to_ring.startswith("Gọi 114 ngay")
