"""A yes or no by text, to what the city asked about a case's personal data (privacy/by_text.py)."""

from __future__ import annotations

import pytest

from tongdai.cases.models import Case, CaseInteraction, Event
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.channels.sms.conversation.grammar import Consent, Matter, asks_for
from tongdai.directory.models import Topic
from tongdai.people.models import Interaction
from tongdai.privacy.models import Consent as Kept
from tongdai.privacy.models import DataRequest

from .network import LAN, MINH, Network

CODE = "73041859261"


@pytest.mark.parametrize(
    ("said", "agrees", "digits"),
    [
        ("DONG Y 7304 1859 261", True, CODE),
        ("Đồng ý.", True, ""),
        ("toi dong y voi phieu 73041859261", True, CODE),
        ("Đồng ý ạ", True, ""),
        ("KHONG DONG Y 73041859261", False, CODE),
        ("rut dong y 73041859261", False, CODE),
        ("Rút lại đồng ý: 7304.1859.261", False, CODE),
        ("khongdongy 73041859261", False, CODE),
    ],
)
def test_a_yes_or_no_is_understood(said: str, agrees: bool, digits: str) -> None:
    assert asks_for(said) == Consent(agrees, digits)


@pytest.mark.parametrize(
    "said", ["Đồng ý cho mở quán nhậu lúc 2 giờ sáng à?", "Không đồng ý với cách trả lời của phường"]
)
def test_a_sentence_that_begins_so_is_a_matter(said: str) -> None:
    assert asks_for(said) == Matter(said)


def answers(phone: str = LAN) -> list[str]:
    sent = Interaction.objects.filter(direction="out", address=f"+{phone}").order_by("pk")
    return [each.body for each in sent]


def a_case(network: Network, *, health: bool = True, phone: str = LAN) -> Case:
    network.texts(phone, "Mẹ tôi ốm ba ngày nay không ai giúp mua thuốc")
    case = Case.objects.latest("pk")
    topic = Topic(code="y-te", name="Y tế", health=health)
    topic.clean_names()
    topic.save()
    Case.objects.filter(pk=case.pk).update(topic=topic, danger_level="none", urgent=False)
    case.refresh_from_db()
    notify_citizen(Event.objects.filter(case=case, action="register").values_list("pk", flat=True).get())
    return case


def test_it_is_asked_after_the_receipt_given_by_one_word_and_taken_back_by_another(network: Network) -> None:
    case = a_case(network)
    receipt, question = answers()
    assert "đã nhận phiếu" in receipt and "DONG Y" not in receipt and "Nhắn DONG Y hoặc KHONG DONG Y" in question

    network.texts(LAN, "dong y")
    assert [(each.answer, each.channel) for each in Kept.objects.all()] == [("given", "sms")]
    assert "bạn đồng ý" in answers()[-1]

    network.texts(LAN, f"KHONG DONG Y {case.code}")
    assert list(Kept.objects.order_by("pk").values_list("answer", flat=True)) == ["given", "withdrawn"]
    assert DataRequest.objects.get().kind == DataRequest.Kind.WITHDRAWAL
    network.texts(LAN, f"KHONG DONG Y {case.code}.")
    assert Kept.objects.count() == 2 and Case.objects.count() == 1
    assert CaseInteraction.objects.filter(case=case, interaction__direction="in").count() == 4


def test_another_number_agrees_to_nothing_and_learns_nothing(network: Network) -> None:
    case = a_case(network)
    network.texts(MINH, f"DONG Y {case.code}")
    assert not Kept.objects.exists() and case.code[:4] in answers(MINH)[-1]
    assert "sức khỏe" not in answers(MINH)[-1]


def test_where_nothing_was_asked_a_yes_is_no_matter_and_a_no_is_seen_by_a_person(network: Network) -> None:
    case = a_case(network, health=False)
    assert "DONG Y" not in answers()[-1]
    network.texts(LAN, "Đồng ý")
    assert Case.objects.count() == 1
    network.texts(LAN, "Không đồng ý")
    assert Case.objects.count() == 1 and not Kept.objects.exists()
    assert case.links.filter(interaction__body="Không đồng ý").exists()
    network.texts(LAN, f"DONG Y {case.code}")
    assert "Hạn trả lời" in answers()[-1]
