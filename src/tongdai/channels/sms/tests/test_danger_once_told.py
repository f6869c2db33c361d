"""Whoever may be in danger themselves: no date, no fee, no procedure; not told twice; and who can't ring may write."""

from __future__ import annotations

import pytest

from tests.city import City
from tongdai.cases.actions.raise_danger import raise_danger
from tongdai.cases.actor import Actor
from tongdai.cases.codes import spoken
from tongdai.cases.models import Case
from tongdai.cases.triage.danger import Kind, Level
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.people.models import Interaction
from tongdai.platform.clock import now

from .network import LAN, Network


@pytest.fixture
def network(knowing: City) -> Network:
    network = Network()
    network.at = now()  # what is notified is told by a job, which looks at the clock
    return network


def replies() -> list[str]:
    return list(Interaction.objects.filter(direction="out").order_by("pk").values_list("body", flat=True))


def all_told() -> list[str]:
    """Everything that was queued, the notifications of all cases included."""
    for case in Case.objects.order_by("pk"):
        for event in case.events.order_by("pk"):
            notify_citizen(event.pk)
    return replies()


@pytest.mark.parametrize(
    "words",
    [
        "TTHC khai tu toi muon tu tu",
        "Hoi toi khong muon song nua thi thu tuc the nao",
        "chi con nuoc nhay lau",
        "chu hay so vao nguoi con, con ko dam noi voi me",
    ],
)
def test_no_date_no_fee_and_no_procedure_stand_beside_a_life(network: Network, words: str) -> None:
    network.texts(LAN, words)
    told = " ".join(all_told())

    assert Case.objects.get().in_danger and told.startswith("Gọi 11")
    for word in ("Hạn trả lời", "lệ phí", "thủ tục", "TTHC"):
        assert word not in told, told


def test_a_date_is_not_told_to_who_adds_despair_to_an_ordinary_case(network: Network) -> None:
    network.texts(LAN, "Đèn đường ngõ 5 Lê Lai hỏng mấy hôm nay rồi")
    network.later(minutes=3)
    network.texts(LAN, "em mệt quá, em không muốn sống nữa")

    assert replies()[-1].startswith("Gọi 115") and "Hạn trả lời" not in replies()[-1]
    assert Case.objects.get().in_danger


def test_despair_with_the_code_of_a_case_that_is_over_is_for_somebody_to_read(network: Network, knowing: City) -> None:
    case = knowing.answered(channel="sms", proven=True, phone=f"+{LAN}")
    network.texts(LAN, f"TRA {case.code} em không muốn sống nữa")

    assert Case.objects.count() == 2 and Case.objects.latest("pk").in_danger


def test_the_same_matter_is_told_once_where_a_text_raises_it(network: Network) -> None:
    network.texts(LAN, "Cây trước số 12 Lê Lợi nghiêng quá, xin cho người xem")
    network.later(minutes=5)
    network.texts(LAN, "cây đổ đè vào người rồi, chảy máu nhiều, cứu với")
    told = all_told()

    assert Case.objects.get().events.filter(action="raise_danger").exists()
    assert sum(each.startswith("Gọi 11") for each in told) == 1, told


def test_whom_to_ring_is_left_out_of_what_follows_at_once(network: Network) -> None:
    network.texts(LAN, "chay nha o le chan")
    case = Case.objects.get()
    notify_citizen(case.events.get(action="register").pk)
    Case.objects.update(danger_level=Level.URGENT)
    case.refresh_from_db()
    network.later(minutes=1)
    raise_danger(case, by=Actor.system(), level=Level.LIFE, kind=Kind.FIRE, at=network.at)
    first, *_others, last = all_told()

    assert first.startswith("Gọi 114") and not last.startswith("Gọi") and spoken(case.code) in last


def test_a_child_that_cannot_ring_may_write_and_is_asked_where_it_is(network: Network) -> None:
    network.texts(LAN, "chú đánh con, chú hay sờ vào người con, con ko gọi được")
    [told] = all_told()

    assert "Bạn đang ở đâu?" in told and "Gọi 111" not in told and Case.objects.get().in_danger


def test_who_says_it_later_is_not_told_to_ring_again(network: Network) -> None:
    network.texts(LAN, "chú hay sờ vào người con, con sợ lắm")
    network.later(minutes=1)
    network.texts(LAN, "con ko gọi được")
    assert "Bạn đang ở đâu?" in replies()[-1] and "Gọi 111" not in replies()[-1]
    network.later(minutes=1)
    network.texts(LAN, "chú đang đánh con, cứu con với")
    assert "Bạn đang ở đâu?" in replies()[-1] and "Gọi 111" not in replies()[-1]
    assert Case.objects.count() == 1
