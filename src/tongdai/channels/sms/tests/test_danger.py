"""Somebody in danger is told whom to ring before anything else; the case is opened all the same, and is urgent."""

from __future__ import annotations

import pytest

from tests.city import City
from tongdai.cases.models import Case
from tongdai.channels.notify import tell_the_citizen
from tongdai.people.models import Interaction
from tongdai.platform.clock import now

from .network import LAN, Network


def texts(network: Network, said: str) -> str:
    """What is sent back for this text, the receipt of a new case included."""
    network.texts(LAN, said)
    for case in Case.objects.order_by("pk"):
        tell_the_citizen(case.events.get(deed="register").pk)
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

    assert told.startswith(f"Gọi {number} ngay") and "1022 đã nhận phiếu" in told
    case = Case.objects.get()
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
