"""What the city asked is answered by text: with the code or without, in a word or a digit; what is something else stays that."""

from __future__ import annotations

import pytest

from tests.city import LE_CHAN, City
from tongdai.cases.actions.ask import ask
from tongdai.cases.actions.assign import assign
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case, CaseInteraction
from tongdai.cases.states import State
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.channels.sms.encoding import lengths
from tongdai.people.models import Channel, Interaction

from .network import LAN, MINH, Network

LAMP = "Đèn đường ngõ 12 Cát Cụt phường Lê Chân hỏng ba hôm nay"


@pytest.fixture
def network(knowing: City) -> Network:
    return Network()


def replies(phone: str = LAN) -> list[str]:
    sent = Interaction.objects.filter(direction="out", address=f"+{phone}").order_by("pk")
    return [each.body.replace("\u00a0", " ") for each in sent]


def history(case: Case) -> list[str]:
    links = CaseInteraction.objects.filter(case=case, interaction__direction="in").order_by("pk")
    return list(links.values_list("interaction__body", flat=True))


def asked(network: Network, city: City, words: str = LAMP, question: str = "Cột số mấy?") -> Case:
    network.texts(LAN, words)
    network.later(minutes=20)
    case, by = Case.objects.latest("pk"), Actor.staff(city.coordinator)
    case = assign(case, by=by, agency=city.agencies[LE_CHAN], at=network.at)
    case = ask(case, by=by, words=question, at=network.at)
    notify_citizen(case.events.get(action="ask").pk)
    network.later(hours=2)
    return case


def actions(case: Case) -> list[str]:
    return list(case.events.order_by("seq").values_list("action", flat=True))


@pytest.mark.parametrize(
    "words",
    [
        "trước quán bún chị Hoa",
        "có",
        "không",
        "2",
        "chỗ gần trường mầm non ấy",
        "em quên, bên phải đường ạ",
        "0912345678",
    ],
)
def test_what_follows_the_question_is_the_reply(network: Network, knowing: City, words: str) -> None:
    case = asked(network, knowing)
    network.texts(LAN, words)
    case.refresh_from_db()
    assert not case.waits and actions(case)[-1] == "reply" and history(case) == [LAMP, words]
    assert "Đã nhận trả lời" in replies()[-1] and lengths.fits(replies()[-1])
    assert Case.objects.count() == 1 and case.state == State.ASSIGNED


def test_with_its_code_it_is_the_reply_too(network: Network, knowing: City) -> None:
    case = asked(network, knowing)
    network.texts(LAN, f"TRA {case.code} cột số 15 trước nhà bà Hạnh")
    case.refresh_from_db()
    assert not case.waits and actions(case)[-1] == "reply"


@pytest.mark.parametrize("words", ["ok", "cảm ơn anh chị nhé", "việc của tôi đến đâu rồi"])
def test_what_says_nothing_of_it_leaves_the_case_waiting(network: Network, knowing: City, words: str) -> None:
    case = asked(network, knowing)
    network.texts(LAN, words)
    case.refresh_from_db()
    assert case.waits and "reply" not in actions(case)


def test_its_status_says_that_the_city_waits(network: Network, knowing: City) -> None:
    case = asked(network, knowing)
    for sender in (LAN, MINH):
        network.texts(sender, f"TRA {case.code}")
        assert "chờ người gửi trả lời" in replies(sender)[-1] and "21.2.2022" in replies(sender)[-1]
    assert Case.objects.get(pk=case.pk).waits


def test_a_stranger_with_the_code_replies_to_nothing(network: Network, knowing: City) -> None:
    case = asked(network, knowing)
    network.texts(MINH, f"TRA {case.code} cột số 15")
    assert Case.objects.get(pk=case.pk).waits and history(case) == [LAMP]


def test_of_several_that_wait_the_code_says_which(network: Network, knowing: City) -> None:
    lamp = asked(network, knowing)
    by = Actor.staff(knowing.coordinator)
    waste = knowing.case("Rác tràn ra hè phố", phone=f"+{LAN}", channel=Channel.SMS, proven=True, lead=LE_CHAN)
    ask(waste, by=by, words="Từ hôm nào?", at=network.at)
    network.later(minutes=5)
    network.texts(LAN, "2")
    assert [Case.objects.get(pk=case.pk).waits for case in (lamp, waste)] == [True, True]
    assert "nhắn mã phiếu" in replies()[-1]
    network.texts(LAN, f"{lamp.code} cột số 15")
    assert [Case.objects.get(pk=case.pk).waits for case in (lamp, waste)] == [False, True]


def test_a_withdrawal_withdraws_and_ends_the_waiting(network: Network, knowing: City) -> None:
    case = asked(network, knowing)
    network.texts(LAN, "thôi không cần nữa, sửa xong rồi")
    case.refresh_from_db()
    assert (case.state, case.waits) == (State.CLOSED, False)


def test_what_denounces_is_a_case_of_its_own(network: Network, knowing: City) -> None:
    case = asked(network, knowing)
    network.texts(LAN, "Tôi tố cáo cán bộ phường Lê Chân nhận hối lộ 5 triệu đồng")
    assert Case.objects.count() == 2 and Case.objects.get(pk=case.pk).waits and history(case) == [LAMP]
