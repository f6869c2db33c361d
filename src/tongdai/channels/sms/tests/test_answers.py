"""Asked by text: answered in three segments with a link, chosen from by a digit, or sent to a person by a 0."""

from __future__ import annotations

import pytest

from tests.city import City
from tongdai.cases.models import Case
from tongdai.channels.sms.encoding import splitting
from tongdai.directory.freshness import forget
from tongdai.knowledge.models import Inquiry, Procedure
from tongdai.language.cutting import closers
from tongdai.people.models import Interaction
from tongdai.scenarios import tables

from .network import LAN, MINH, Network


def replies() -> list[str]:
    return [
        body.replace("\u00a0", " ")
        for body in Interaction.objects.filter(direction="out").order_by("pk").values_list("body", flat=True)
    ]


@pytest.fixture
def network(knowing: City) -> Network:
    return Network()


@pytest.mark.parametrize(
    "asked", ["TTHC dang ky ket hon can giay to gi", "tthc: đk kết hôn cần gtờ j", "HỎI đăng ký kết hôn cần giấy tờ gì"]
)
def test_a_question_is_answered_with_a_short_link_and_no_case(network: Network, asked: str) -> None:
    network.texts(LAN, asked)

    (told,) = replies()
    number = Procedure.objects.get(code="1.000894").pk
    assert told.startswith("Đăng ký kết hôn: Giấy tờ: 1) ")
    assert f"/t/p{number}g" in told
    assert len(splitting.split(told).parts) <= 3
    assert Case.objects.count() == 0
    assert Inquiry.objects.get().opened == f"procedure:{number}"


def test_what_may_be_meant_is_offered_and_chosen_by_a_digit(network: Network) -> None:
    network.texts(LAN, "TTHC đất")
    offer = replies()[-1]
    assert "Có phải bạn hỏi: 1 " in offer and len(splitting.split(offer).parts) <= 3

    network.texts(LAN, "2")

    chosen = replies()[-1]
    second = offer.split("; 2 ")[1].split(";")[0].rstrip("…").split("?")[0]
    assert chosen.startswith(second[:12])
    assert Inquiry.objects.get().opened
    assert Case.objects.count() == 0


def test_what_is_not_known_goes_to_a_person_by_a_zero_word_for_word(network: Network) -> None:
    network.texts(LAN, "TTHC bao giờ có điểm thi đại học của con tôi")
    assert "chưa có sẵn" in replies()[-1] and "Nhắn 0" in replies()[-1]

    network.texts(LAN, "0")

    assert Case.objects.get().text == "bao giờ có điểm thi đại học của con tôi"


def test_a_digit_after_nothing_is_told_how_it_works(network: Network) -> None:
    network.texts(LAN, "2")

    assert "TTHC" in replies()[-1]
    assert Case.objects.count() == 0


def test_a_digit_that_was_not_offered_gets_the_offer_again(network: Network) -> None:
    network.texts(LAN, "TTHC đất")
    network.texts(LAN, "9")

    assert replies()[-1] == replies()[-2]


def test_a_digit_after_what_is_not_known_is_told_so_again(network: Network) -> None:
    network.texts(LAN, "TTHC bao giờ có điểm thi đại học của con tôi")
    network.texts(LAN, "1")

    assert replies()[-1] == replies()[-2] and "Nhắn 0" in replies()[-1]


def test_a_sentence_that_begins_like_a_question_stays_a_matter(network: Network) -> None:
    network.texts(LAN, "Hoi phu nu phuong keu rac do day duong")

    assert Case.objects.get().text == "Hoi phu nu phuong keu rac do day duong"


def test_an_offer_is_forgotten_after_a_day(network: Network) -> None:
    network.texts(LAN, "TTHC đất")
    network.later(hours=25)
    network.texts(LAN, "1")

    assert "TTHC" in replies()[-1] and "Có phải" not in replies()[-1]


def test_whoever_asks_and_opens_a_case_within_the_hour_was_not_answered(network: Network) -> None:
    from tongdai.channels.notifications.notify import notify_citizen

    network.texts(LAN, "TTHC dang ky ket hon o dau")
    network.later(minutes=10)
    network.texts(LAN, "Can bo phuong Le Chan khong chiu nhan ho so ket hon")
    notify_citizen(Case.objects.get().events.get(action="register").pk)

    assert Inquiry.objects.get().to_person


def test_covid_and_a_ward_tell_the_care_point_there(network: Network, knowing: City) -> None:
    tables.build(list(knowing.places.values()), at=network.at)
    forget()

    network.texts(LAN, "COVID le chan")
    network.texts(LAN, "covid Tokyo")
    network.texts(LAN, "COVID")

    there, nowhere, how = replies()
    assert there.startswith("Trạm y tế phường Lê Chân: ") and "Nguồn: Dữ liệu mẫu" in there
    assert len(splitting.split(there).parts) <= 3
    assert "không có mục nào cho “Tokyo”" in nowhere
    assert "Nhắn COVID và tên phường" in how
    for aside in ("Vĩ độ", "Kinh độ", "Phường, xã:"):
        assert aside not in there
    assert there.index("Giờ: ") < there.index("Việc làm ở đây: ")
    assert Case.objects.count() == 0


def test_after_a_sure_answer_only_a_person_is_offered(network: Network) -> None:
    network.texts(LAN, "TTHC khai sinh o dau")
    assert replies()[-1].endswith("Nhắn 0 để hỏi người trực.") and len(splitting.split(replies()[-1]).parts) <= 3

    network.texts(LAN, "2")
    assert "Không có mục nào để chọn" in replies()[-1] and Case.objects.count() == 0

    network.texts(LAN, "0")
    assert Case.objects.get().text == "khai sinh o dau"


@pytest.mark.parametrize(
    ("keyword", "usage"),
    [("TTHC", "TTHC khai sinh"), ("Hỏi?", "TTHC khai sinh"), ("HS", "mã hồ sơ"), ("ho so", "mã hồ sơ")],
)
def test_a_keyword_alone_is_told_how_it_is_used(network: Network, keyword: str, usage: str) -> None:
    network.texts(LAN, keyword)

    assert usage in replies()[-1] and Case.objects.count() == 0


def test_a_table_without_wards_is_listed_and_asked_by_name_or_value(network: Network, knowing: City) -> None:
    tables.build(list(knowing.places.values()), at=network.at)
    forget()

    for asked in ("SO", "SO 114", "so cong an", "SO xyz"):
        network.texts(LAN, asked)

    all_of_it, fire, police, nothing = replies()
    assert "Công an 113; Cứu hỏa, cứu nạn 114;" in all_of_it and len(splitting.split(all_of_it).parts) <= 3
    assert fire.startswith("Cứu hỏa, cứu nạn: Điện thoại: 114.")
    assert police.startswith("Công an: Điện thoại: 113.")
    assert "“xyz”" in nothing and "SO Công an" in nothing and "phường" not in nothing


def test_a_sentence_that_begins_like_a_tables_keyword_is_a_matter(network: Network, knowing: City) -> None:
    tables.build(list(knowing.places.values()), at=network.at)
    forget()
    said = ["Số nhà 5 Lạch Tray nước tràn vào", "so 5 lach tray chay nha"]
    for number, text in zip((LAN, MINH), said, strict=True):
        network.texts(number, text)

    assert [case.text for case in Case.objects.order_by("pk")] == said


def test_what_no_table_has_goes_to_a_person_by_a_zero(network: Network, knowing: City) -> None:
    tables.build(list(knowing.places.values()), at=network.at)
    forget()
    network.texts(LAN, "SO xyz")
    network.texts(LAN, "0")

    assert Case.objects.get().text == "SO xyz"


def test_a_question_without_a_keyword_is_answered_and_kept_for_a_person_by_a_zero(network: Network) -> None:
    network.texts(LAN, "mat can cuoc lam o dau")

    (told,) = replies()
    assert told.startswith("Cấp lại thẻ căn cước: Nộp tại: ")
    assert told.endswith("Nhắn 0 để gửi câu này cho người trực.") and len(splitting.split(told).parts) <= 3
    assert Case.objects.count() == 0

    network.texts(LAN, "0")
    assert Case.objects.get().text == "mat can cuoc lam o dau"


@pytest.mark.parametrize(
    "said",
    [
        "nop ho so cap lai can cuoc o dau ma mai khong thay tra",  # somebody waits
        "toi bi chong danh, dang ky ket hon lai o dau",  # danger
        "F0 kho tho, cap lai can cuoc o dau",  # a topic of a matter
        "mat can cuoc lam o dau, " + "xin chi giup toi voi " * 16,  # long
    ],
)
def test_what_is_no_mere_question_stays_a_matter(network: Network, said: str) -> None:
    network.texts(LAN, said)

    assert Case.objects.get().text == said.strip()


def test_a_question_that_cannot_be_answered_now_becomes_a_case(network: Network) -> None:
    for _turn in range(30):
        network.texts(LAN, "TTHC khai sinh o dau")
        network.later(seconds=20)
    network.texts(LAN, "mat can cuoc lam o dau")

    assert Case.objects.get().text == "mat can cuoc lam o dau"


@pytest.mark.parametrize("asked", ["vay phi bao nhieu", "vậy phí bao nhiêu ạ", "thế mất bao nhiêu tiền"])
def test_a_follow_up_after_a_choice_is_of_what_was_chosen(network: Network, asked: str) -> None:
    network.texts(LAN, "TTHC đất")
    network.texts(LAN, "2")
    chosen = replies()[-1].split(":")[0][:30]  # a name is cut where the room is the answer's
    network.texts(LAN, asked)

    told = replies()[-1]
    assert told.split(":")[0][:30] == chosen and Case.objects.count() == 0
    assert "phí" in told.split(":")[1].lower()


def test_a_follow_up_before_a_choice_is_of_the_question_before(network: Network) -> None:
    network.texts(LAN, "TTHC đất")
    offer = replies()[-1]
    network.texts(LAN, "vay phi bao nhieu")
    assert replies()[-1] == offer

    network.texts(LAN, "2")
    second = offer.split("; 2 ")[1].split(";")[0].rstrip("…").split("?")[0]
    assert replies()[-1].startswith(second[:12]) and "phí" in replies()[-1].split(":")[1].lower()


def test_a_follow_up_after_an_answer_is_of_that_answer(network: Network) -> None:
    network.texts(LAN, "TTHC dang ky ket hon can giay to gi")
    network.texts(LAN, "the nop o dau")
    assert replies()[-1].startswith("Đăng ký kết hôn: Nộp tại")


def test_another_question_after_a_choice_is_asked_by_itself(network: Network) -> None:
    network.texts(LAN, "TTHC đất")
    network.texts(LAN, "2")
    network.texts(LAN, "đăng ký kết hôn mất bao nhiêu tiền")
    assert replies()[-1].startswith("Đăng ký kết hôn")


def test_a_text_that_is_cut_says_where_the_rest_is_and_leaves_nothing_open(network: Network) -> None:
    network.texts(LAN, "TTHC khai sinh can giay to gi")

    told = replies()[-1]
    body, rest = told.split(" Xem tiếp: ")
    assert "/t/p" in rest and len(splitting.split(told).parts) <= 3
    assert body.endswith(("…", ".", "…)")) and closers(body) == ""


@pytest.mark.parametrize("asked", ["TTHC khai sinh o dau", "dang ky ket hon o dau", "nhan tin den 1022 the nao"])
def test_a_zero_is_offered_once_in_a_text(network: Network, asked: str) -> None:
    network.texts(LAN, asked)

    assert [each for each in replies() if each.count("hắn 0 ") > 1] == []


def test_two_things_asked_in_one_breath_are_both_answered(network: Network) -> None:
    network.texts(LAN, "TTHC dang ky ket hon can giay to gi va het bao nhieu tien")

    told = replies()[-1]
    assert "Lệ phí: " in told and "Giấy tờ: 1) " in told


def test_two_matters_in_one_text_are_both_answered(network: Network) -> None:
    network.texts(LAN, "TTHC Đăng ký khai sinh cho con cần giấy tờ gì, với lại đăng ký kết hôn thì mất bao lâu?")

    first, second = replies()[-2:]
    assert first.startswith("Đăng ký khai sinh: Giấy tờ: 1) ")
    assert second.startswith("Đăng ký kết hôn: ") and "thời hạn giải quyết" in second


def test_where_a_ward_is_named_its_counter_is_told_in_a_text_of_its_own(network: Network, knowing: City) -> None:
    tables.build(list(knowing.places.values()), at=knowing.at("2022-02-01 08:00"))
    forget()
    network.texts(LAN, "TTHC đăng ký khai sinh nộp ở đâu, phường Lê Chân")

    law, counter = replies()
    assert law.startswith("Đăng ký khai sinh: Nộp tại:")
    assert counter.startswith("Trung tâm Phục vụ hành chính công phường") and "7:30–11:30" in counter
    assert all(len(splitting.split(told).parts) <= 3 for told in (law, counter))


def test_where_no_ward_is_named_the_text_says_how_to_ask_for_its_counter(network: Network, knowing: City) -> None:
    tables.build(list(knowing.places.values()), at=knowing.at("2022-02-01 08:00"))
    forget()
    network.texts(LAN, "TTHC đăng ký khai sinh nộp ở đâu")
    (told,) = replies()
    assert told.endswith("Nhắn MOTCUA và tên phường, xã để biết địa chỉ, giờ nhận.")
