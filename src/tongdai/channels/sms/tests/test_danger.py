"""Somebody in danger is told whom to ring before anything else; the case is opened all the same, and is urgent."""

from __future__ import annotations

import pytest

from tests.city import City
from tongdai.cases.codes import spoken
from tongdai.cases.models import Case
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.channels.sms.encoding import lengths
from tongdai.channels.sms.inbound import overdue
from tongdai.people.models import Interaction
from tongdai.platform.clock import now

from .network import LAN, MINH, Network, in_parts


def texts(network: Network, said: str) -> str:
    """What is sent back for this text, the receipt of a new case included."""
    network.texts(LAN, said)
    for case in Case.objects.order_by("pk"):
        notify_citizen(case.events.get(action="register").pk)
    return Interaction.objects.filter(direction="out", address=f"+{LAN}").latest("pk").body


@pytest.fixture
def network(knowing: City) -> Network:
    network = Network()
    network.at = now()  # receipts are told by a job, which looks at the clock
    return network


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("chay nha o le chan", "114"),
        ("cuu voi chay nha so 5 lach tray", "114"),
        ("toi muon tu tu", "115"),
        ("toi bi chong danh", "113"),
        ("con toi bi xam hai", "111"),
        ("co nguoi bi dien giat", "115"),
        ("tai nan giao thong chay mau nhieu", "115"),
        ("HOI toi bi chong danh thi lam sao", "113"),
    ],
)
def test_the_receipt_begins_with_the_number(network: Network, said: str, number: str) -> None:
    told = texts(network, said)

    case = Case.objects.get()
    assert told.startswith(f"Gọi {number} ngay") and spoken(case.code) in told and lengths.fits(told)
    assert case.urgent and case.text == said


def test_an_ordinary_receipt_is_as_it_was(network: Network) -> None:
    assert texts(network, "Rác tràn ra hè phố Cầu Đất").startswith("1022 đã nhận phiếu")


def test_who_says_it_again_is_given_the_number_again(network: Network) -> None:
    texts(network, "chay nha o le chan")
    network.later(minutes=1)
    network.texts(LAN, "chay nha o le chan!")

    assert Interaction.objects.filter(direction="out").latest("pk").body.startswith("Gọi 114 ngay")
    assert Case.objects.count() == 1


def test_danger_is_answered_when_the_hours_receipts_are_used_up(network: Network) -> None:
    for number in range(12):
        network.texts(LAN, "alo" + "!" * number)

    assert texts(network, "chay nha o le chan").startswith("Gọi 114 ngay")


def test_no_date_is_promised_to_a_life_in_danger_but_what_happens_now(network: Network) -> None:
    told = texts(network, "chay nha o le chan")

    assert "người trực của thành phố đang được báo" in told.lower() and "Hạn trả lời" not in told
    assert Case.objects.get().in_danger


def test_the_first_part_of_a_long_text_is_answered_before_the_rest_has_come(network: Network) -> None:
    first, *rest = in_parts(LAN, "Cháy nhà rồi cứu với, có người kẹt trên tầng ba, số 5 Lạch Tray", "udh8", size=44)
    network.brings(first)

    [told] = Interaction.objects.filter(direction="out", address=f"+{LAN}")
    assert told.body.startswith("Gọi 114 ngay") and Case.objects.count() == 0
    network.brings(*rest)
    assert Case.objects.get().in_danger and Interaction.objects.filter(direction="out").count() == 1


def test_danger_whose_last_part_never_comes_becomes_a_case_after_a_minute(network: Network) -> None:
    network.brings(in_parts(LAN, "Cháy nhà rồi cứu với, có người kẹt trên tầng ba", "udh8", size=44)[0])
    network.brings(in_parts(MINH, "Đèn đường ngõ 5 Lê Lai hỏng mấy hôm nay rồi", "udh8", size=44)[0])
    network.later(minutes=1)
    overdue.give_up_waiting(at=network.at)

    assert "Cháy nhà rồi cứu với" in Case.objects.get().text  # the lamp waits on for its rest


def test_who_writes_english_is_answered_in_english(network: Network) -> None:
    told = texts(network, "There is a fire in my building, people are trapped on the 5th floor, please help")

    assert told.startswith("Call 114 now") and "person on duty is being alerted" in told


def test_who_says_it_is_urgent_is_believed(network: Network) -> None:
    texts(network, "KHẨN: nước ngoài ngõ vào đến cửa")

    assert Case.objects.get().in_danger


def test_danger_told_later_raises_the_case_it_joins(network: Network) -> None:
    texts(network, "Cây trước số 12 Lê Lợi nghiêng quá, xin cho người xem")
    code = Case.objects.get().code
    network.later(minutes=5)
    network.texts(LAN, f"TRA {code} cây đổ đè vào người rồi, chảy máu nhiều, cứu với")

    case = Case.objects.get()
    assert case.in_danger and [event.action for event in case.events.all()][-1] == "raise_danger"
