"""Asked by text: answered in three segments with a link, chosen from by a digit, or sent to a person by a 0."""

from __future__ import annotations

import pytest

from tests.city import City
from tongdai.cases.models import Case
from tongdai.channels.sms import segments
from tongdai.directory.freshness import forget
from tongdai.knowledge.models import Procedure, Use
from tongdai.people.models import Interaction
from tongdai.scenarios import tables

from .network import LAN, Network


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
    assert told.endswith(f"/t/p{number}g")
    assert len(segments.cut(told).parts) <= 3
    assert Case.objects.count() == 0
    assert Use.objects.get().opened == f"procedure:{number}"


def test_what_may_be_meant_is_offered_and_chosen_by_a_digit(network: Network) -> None:
    network.texts(LAN, "TTHC đất")
    offer = replies()[-1]
    assert "Có phải bạn hỏi: 1 " in offer and len(segments.cut(offer).parts) <= 3

    network.texts(LAN, "2")

    chosen = replies()[-1]
    second = offer.split("; 2 ")[1].split(";")[0].rstrip("…").split("?")[0]
    assert chosen.startswith(second[:12])
    assert Use.objects.get().opened
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
    from tongdai.channels.notify import tell_the_citizen

    network.texts(LAN, "TTHC dang ky ket hon o dau")
    network.later(minutes=10)
    network.texts(LAN, "Can bo phuong Le Chan khong chiu nhan ho so ket hon")
    tell_the_citizen(Case.objects.get().events.get(deed="register").pk)

    assert Use.objects.get().to_person


def test_covid_and_a_ward_tell_the_care_point_there(network: Network, knowing: City) -> None:
    tables.build(list(knowing.places.values()), at=network.at)
    forget()

    network.texts(LAN, "COVID le chan")
    network.texts(LAN, "covid Tokyo")
    network.texts(LAN, "COVID")

    there, nowhere, how = replies()
    assert there.startswith("Trạm y tế phường Lê Chân: ") and "Nguồn: Dữ liệu mẫu" in there
    assert len(segments.cut(there).parts) <= 3
    assert "không có mục nào cho “Tokyo”" in nowhere
    assert "Nhắn COVID và tên phường" in how
    assert Case.objects.count() == 0
