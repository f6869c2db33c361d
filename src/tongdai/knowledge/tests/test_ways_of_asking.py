"""Ways of asking for a part of an answer: each kind of wording with the part that is meant, none of them a procedure's name."""

from __future__ import annotations

import re

import pytest

from tongdai.knowledge.answer_key import Part
from tongdai.knowledge.search.question import marked_unless_asking, read_question
from tongdai.language.text import fold

WAYS = {
    Part.FEE: [
        "đăng ký khai tử có phải đóng đồng nào không",
        "làm lại căn cước bị mất tốn kém không ạ",
        "đăng ký hộ kinh doanh tiền nong thế nào",
        "người già có được giảm phí chứng thực không",
        "tách thửa phải chi những khoản nào",
        "cấp phiếu lý lịch tư pháp cho sinh viên có được giảm không",
    ],
    Part.TIME: [
        "đăng ký kết hôn có lấy ngay trong ngày không",
        "bao giờ thì được cấp sổ đỏ",
        "nộp thứ hai thì thứ mấy có",
        "đăng ký hộ kinh doanh thì vài hôm có giấy chưa",
        "chứng thực sao y chờ lấy luôn hay hẹn",
        "Đăng ký thành lập công ty TNHH một thành viên thì bao nhiêu ngày được cấp giấy chứng nhận",
        "thành lập công ty trách nhiệm hữu hạn mất mấy ngày",
    ],
    Part.DEADLINE: [
        "khai tử quá hạn",
        "khai tử trễ có bị phạt không",
        "quá hạn đăng ký khai sinh thì sao",
        "hạn chót nộp hồ sơ hưởng trợ cấp thất nghiệp",
        "hạn sang tên đổi chủ xe là bao nhiêu ngày",
        "thời hạn đi đăng ký khai tử",
        "để lâu quá 60 ngày mới khai sinh có sao không",
        "người nước ngoài đến ở thì trong bao nhiêu tiếng phải khai báo",
    ],
    Part.WHERE: [
        "khai tử nộp ở phường hay công an",
        "đăng ký xe máy ở công an phường được không",
        "nộp hồ sơ đất đai tại phường nào cũng được à",
        "ai giải quyết việc đăng ký nhận cha con",
        "làm căn cước có cần về quê không",
        "đăng ký kết hôn ở nơi tạm trú được không",
        "công an phường có nhận hồ sơ hộ chiếu không",
    ],
    Part.ONLINE: [
        "khai sinh ngồi nhà nộp được không",
        "có cần đến trực tiếp không",
        "nộp hồ sơ qua bưu điện được không",
        "không ra tận nơi có làm được giấy độc thân không",
        "không có vneid thì nộp được không",
    ],
    Part.STEPS: [
        "bắt đầu từ đâu để làm sổ đỏ",
        "đổi bằng lái làm kiểu chi",
        "phải làm những việc gì khi đóng cửa hộ kinh doanh",
        "làm giấy khai sinh cho con thì mần răng",
    ],
    Part.PAPERS: [
        "hồ sơ xin giấy phép xây dựng",
        "đi làm hộ chiếu cho con cầm theo những chi",
        "có cần mang sổ hộ khẩu không",
        "cần bản gốc hay bản photo",
        "ly hôn rồi thì có phải nộp quyết định của tòa không",
        "giấy chứng sinh mất rồi thì lấy gì thay thế",
        "có phải xin xác nhận của tổ trưởng dân phố không",
    ],
    Part.CONDITIONS: [
        "ai được đăng ký nhà ở xã hội",
        "bao nhiêu tuổi thì được đăng ký kết hôn",
        "điều kiện nhận con nuôi",
        "tôi có được nhờ người khác nộp hộ không",
        "người nước ngoài có được mua nhà không",
        "chồng đi vắng tôi làm một mình được không",
        "bao lâu thì được thi lại",
    ],
    Part.FORM: [
        "đơn xin cấp lại sổ đỏ viết thế nào",
        "mẫu CT01 lấy ở đâu",
        "tải tờ khai ở đâu",
        "xin file word tờ khai khai sinh",
        "có mẫu sẵn không",
    ],
    Part.RESULT: [
        "đăng ký thường trú rồi có được phát sổ không",
        "nhận lại những gì sau khi khai tử",
        "xong thì họ trả giấy gì",
        "kết quả trả bằng giấy hay bản điện tử",
    ],
}


def read(typed: str) -> Part | None:
    words = [marked_unless_asking(fold(word), word) for word in re.findall(r"\w+", typed.lower())]
    return read_question(words).part


@pytest.mark.parametrize(("part", "typed"), [(part, typed) for part, all_of in WAYS.items() for typed in all_of])
def test_it_is_heard_which_part_is_asked_for(part: Part, typed: str) -> None:
    assert read(typed) is part


@pytest.mark.parametrize(
    "typed",
    [
        "giấy chứng nhận đủ điều kiện kinh doanh",
        "khai lệ phí trước bạ",
        "miễn tiền thuê đất",
        "hộ chiếu quá hạn",
        "công ty trách nhiệm hữu hạn",
        "đăng ký giấy tờ xe",
    ],
)
def test_words_of_a_procedures_name_ask_for_no_part(typed: str) -> None:
    assert read(typed) is None


def test_late_and_a_paper_asked_in_one_breath_are_both_heard() -> None:
    question = read_question(fold("khai tử quá hạn cần giấy tờ gì").split())

    assert (question.part, question.also) == (Part.PAPERS, Part.DEADLINE)
    assert question.about == ("khai", "tu")
