"""What one number gets in an hour: receipts ten, answers thirty, and a word before the silence."""

from __future__ import annotations

import pytest

from tests.city import City
from tongdai.cases.models import Case
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.people.models import Interaction
from tongdai.platform.clock import now

from .network import LAN, Network

SILENCE = "sẽ trả lời tiếp sau một giờ"


def told() -> list[str]:
    return list(Interaction.objects.filter(direction="out").order_by("pk").values_list("body", flat=True))


@pytest.fixture
def network(knowing: City) -> Network:
    network = Network()
    network.at = now()  # receipts are told by a job, which looks at the clock
    return network


def test_the_last_reply_before_silence_says_so_and_names_1022(network: Network) -> None:
    for number in range(14):
        network.texts(LAN, "alo" + "!" * number)

    assert len(told()) == 10
    assert [SILENCE in each for each in told()] == [False] * 9 + [True]
    assert "gọi 1022" in told()[-1]


def test_the_last_receipt_of_a_case_says_so_too(network: Network) -> None:
    for number in range(9):
        network.texts(LAN, "alo" + "!" * number)
    network.texts(LAN, "Rác tràn ra hè phố Cầu Đất")
    notify_citizen(Case.objects.get().events.get(action="register").pk)

    assert told()[-1].startswith("1022 đã nhận phiếu") and SILENCE in told()[-1]


def test_questions_are_answered_thirty_times_an_hour(network: Network) -> None:
    for _turn in range(33):
        network.texts(LAN, "TTHC khai sinh o dau")
        network.later(seconds=20)

    assert len(told()) == 30
    assert [SILENCE in each for each in told()] == [False] * 29 + [True]
    network.later(minutes=61)
    network.texts(LAN, "TTHC khai sinh o dau")
    assert len(told()) == 31


def test_answers_leave_the_receipts_their_own(network: Network) -> None:
    for _turn in range(15):
        network.texts(LAN, "TTHC khai sinh o dau")
        network.later(seconds=20)
    network.texts(LAN, "Rác tràn ra hè phố Cầu Đất")
    notify_citizen(Case.objects.get().events.get(action="register").pk)

    assert told()[-1].startswith("1022 đã nhận phiếu") and SILENCE not in told()[-1]


def test_a_machine_that_answers_all_it_gets_is_left_alone_after_fifty(network: Network) -> None:
    """Even where it speaks of danger: a loop of two machines ends."""
    for turn in range(120):
        network.texts(LAN, ("TTHC khai sinh o dau", "alo", "chay nha o le chan", "TRA 12")[turn % 4])
        network.later(seconds=20)

    assert len(told()) == 50
