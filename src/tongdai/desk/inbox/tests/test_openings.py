"""A row begins with the matter: openings as people write them, each with the row it becomes, written by hand."""

from __future__ import annotations

import pytest

from tests.city import City
from tongdai.desk.inbox.openings import without_opening
from tongdai.desk.inbox.tests.test_lists import shown

ROWS = {
    # a greeting, and whom it is for
    "Kính gửi tổng đài 1022, đèn đường ngõ 47 hỏng cả tuần": "Đèn đường ngõ 47 hỏng cả tuần",
    "Kính gửi tổng đài 1022 Hải Phòng. Rác tràn ra hè phố": "Rác tràn ra hè phố",
    "kinh gui tong dai 1022, den duong hong ca tuan nay": "Den duong hong ca tuan nay",
    "KÍNH GỬI: UBND thành phố Hải Phòng\nNước thải quán ăn chảy ra hè": "Nước thải quán ăn chảy ra hè",
    "Kính gửi các cơ quan chức năng thành phố Hải Phòng, cống tắc đã ba ngày": "Cống tắc đã ba ngày",
    "Kính thưa quý cơ quan! Cây phượng trước cổng trường nghiêng hẳn": "Cây phượng trước cổng trường nghiêng hẳn",
    "Kính chào quý lãnh đạo, quý cơ quan. Xe tải đỗ kín đường": "Xe tải đỗ kín đường",
    "Chào anh chị, hàng xóm hát karaoke đến một giờ sáng": "Hàng xóm hát karaoke đến một giờ sáng",
    "Chào tổng đài ạ, mất nước từ hôm qua": "Mất nước từ hôm qua",
    "Em chào anh chị ạ. Thủ tục nhập hộ khẩu cho mẹ cần gì?": "Thủ tục nhập hộ khẩu cho mẹ cần gì?",
    "Xin chào, biển báo ngã tư bị cành cây che": "Biển báo ngã tư bị cành cây che",
    "Alo tổng đài ơi, nhà tôi bị ngập": "Nhà tôi bị ngập",
    "Dạ em chào tổng đài, vỉa hè bị lấn chiếm": "Vỉa hè bị lấn chiếm",
    "Thưa các đồng chí, ngõ nhà tôi không có đèn": "Ngõ nhà tôi không có đèn",
    "Dạ thưa cô chú, cháu bị mất thẻ bảo hiểm": "Cháu bị mất thẻ bảo hiểm",
    "Hello ad, bao giờ có lịch tiêm mũi ba?": "Bao giờ có lịch tiêm mũi ba?",
    "Chào anh chị em bị mất thẻ bảo hiểm": "Em bị mất thẻ bảo hiểm",
    "Chao tong dai, ba toi bi lac tu sang": "Ba toi bi lac tu sang",
    "Kính gửi UBND phường Hồng Bàng, cây đổ chắn đường": "Cây đổ chắn đường",
    # who it is, and where they live
    "Tôi tên là Phạm Văn Lực, nhà số 14 cơi nới ban công": "Nhà số 14 cơi nới ban công",
    "Chào anh chị, tôi tên là Nguyễn Thị Lan, ở 12 Lê Lợi, đèn đường không sáng": "Đèn đường không sáng",
    "Kính gửi tổng đài, tôi là Trần Văn Hải, trú tại số 5 ngõ 89 Hàng Kênh, phường Lê Chân. Cống trước nhà bị vỡ.":
        "Cống trước nhà bị vỡ.",
    "toi ten la nguyen van nam, den duong hong": "Den duong hong",
    "Tôi tên Lan, ở 12 Lê Lợi, phường Lê Chân không ai thu rác": "Phường Lê Chân không ai thu rác",
    "Tên tôi là Lê Thị Hoa, hiện ở tổ 5 phường Cát Bi; rác không ai thu": "Rác không ai thu",
    "Em là Minh, em muốn phản ánh việc xe container đỗ kín đường Đình Vũ": "Xe container đỗ kín đường Đình Vũ",
    "Họ và tên: Đỗ Văn Nam. Địa chỉ: 20 Trần Phú. Điện giật ở cột đèn": "Điện giật ở cột đèn",
    "Người dân, tôi xin phản ánh cầu thang chung cư tối om": "Cầu thang chung cư tối om",
    # what only says that something is said
    "Tôi xin phản ánh về việc quán ăn xả nước thải ra hè": "Quán ăn xả nước thải ra hè",
    "Tôi muốn phản ánh tình trạng chó thả rông ở công viên": "Chó thả rông ở công viên",
    "Xin phản ánh: nắp cống mất đã hai hôm": "Nắp cống mất đã hai hôm",
    "Phản ánh đến tổng đài việc đốt rác gần trường học": "Đốt rác gần trường học",
    "chúng tôi xin phản ánh như sau: nước máy đục và hôi": "Nước máy đục và hôi",
    "Kính gửi 1022. Tôi xin phản ánh với tổng đài là vỉa hè đường Lạch Tray hỏng": "Vỉa hè đường Lạch Tray hỏng",
    # nothing goes before the matter: the citizen's own spelling stays
    "den duong ngo 47 le lai hong ca tuan nay": "den duong ngo 47 le lai hong ca tuan nay",
    "Chào cờ ở trường mở loa to quá": "Chào cờ ở trường mở loa to quá",
    "Hi vọng thành phố sửa đường sớm": "Hi vọng thành phố sửa đường sớm",
    "Da ba ngay khong ai thu rac": "Da ba ngay khong ai thu rac",
    "Ở ngõ 47 Lê Lợi, đèn đường hỏng": "Ở ngõ 47 Lê Lợi, đèn đường hỏng",
    "Địa chỉ nhà tôi ghi sai trên sổ": "Địa chỉ nhà tôi ghi sai trên sổ",
    "Đèn đường ngõ 47 hỏng": "Đèn đường ngõ 47 hỏng",
    "Ở ngõ 47 Lê Lợi đèn hỏng, tối lắm": "Ở ngõ 47 Lê Lợi đèn hỏng, tối lắm",
    "Tôi là người bán hàng ở chợ, chợ không có nước": "Tôi là người bán hàng ở chợ, chợ không có nước",
    "Em trai tôi bị F0, cần thuốc": "Em trai tôi bị F0, cần thuốc",
    "Anh Nam hàng xóm đánh vợ": "Anh Nam hàng xóm đánh vợ",
    "Tổng đài không ai nghe máy": "Tổng đài không ai nghe máy",
    "UBND phường trả hồ sơ chậm": "UBND phường trả hồ sơ chậm",
    "Bà tôi bị lạc từ sáng": "Bà tôi bị lạc từ sáng",
    "Tên đường Nguyễn Trãi viết sai trên biển": "Tên đường Nguyễn Trãi viết sai trên biển",
    # nothing but an opening: it stays whole
    "Alo": "Alo",
    "Kính gửi tổng đài 1022": "Kính gửi tổng đài 1022",
    "Chào anh chị, giúp": "Chào anh chị, giúp",
    "": "",
}  # fmt: skip


@pytest.mark.parametrize(("told", "row"), ROWS.items())
def test_a_row_begins_with_the_matter(told: str, row: str) -> None:
    assert without_opening(told) == row


def test_the_list_leaves_the_opening_out_and_the_case_keeps_it(city: City) -> None:
    told = "Kính gửi tổng đài 1022, tôi tên là Lan, rác tràn ra hè phố Điện Biên Phủ"
    case = city.case(told)
    [(_heading, rows)] = shown(city.coordinator, "inbox")
    assert rows == ["Rác tràn ra hè phố Điện Biên Phủ"]
    case.refresh_from_db()
    assert case.text == told
