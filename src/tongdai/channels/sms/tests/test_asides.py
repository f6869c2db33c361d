"""What citizens text that is neither a matter nor a question: no name, a forgotten code, an insult, a wrong number, a 0."""

from __future__ import annotations

import pytest

from tests.city import City
from tongdai.cases.actions.answer import answer
from tongdai.cases.actor import Actor
from tongdai.cases.codes import spoken
from tongdai.cases.models import Case, CaseInteraction, Event
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.channels.sms.encoding import lengths
from tongdai.directory.models import Topic
from tongdai.people.models import Interaction
from tongdai.privacy.models import Consent

from .network import LAN, MINH, Network
from .test_conversation import LAMP, a_case, history, replies

RUBBISH = "Rác thải chất đống bốc mùi ở cổng chợ Đôn Niệm phường Kiến An"
NO_NAME = ["toi ko muon lo ten", "Tôi không muốn lộ tên", "xin giấu tên em", "đừng cho ai biết tên tôi nhé",
           "k muốn lộ tên", "please keep my name secret", "I don't want my name told"]  # fmt: skip
FORGOTTEN = ["ma so toi quen roi", "Mã số tôi quên rồi", "em quên mã phiếu", "ko nho ma", "mất mã rồi",
             "I forgot my code"]  # fmt: skip
INSULTS = ["đồ vô dụng", "do vo dung, mot lu an hai", "chúng mày ngu như bò", "you are useless"]
MISTAKES = ["a nham so xin loi", "À nhầm số, xin lỗi", "lộn số rồi, sr", "wrong number, sorry"]


@pytest.fixture
def network(knowing: City) -> Network:
    return Network()


def about_health(network: Network) -> Case:
    """A case of which consent is asked."""
    network.texts(LAN, "Mẹ tôi ốm ba ngày nay không ai giúp mua thuốc")
    case = Case.objects.latest("pk")
    topic = Topic(code="y-te", name="Y tế", health=True)
    topic.clean_names()
    topic.save()
    Case.objects.filter(pk=case.pk).update(topic=topic, danger_level="none", urgent=False)
    case.refresh_from_db()
    notify_citizen(Event.objects.filter(case=case, action="register").values_list("pk", flat=True).get())
    return case


# ── no name ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", NO_NAME)
def test_who_wants_no_name_told_has_refused_consent(network: Network, words: str) -> None:
    about_health(network)
    network.texts(LAN, words)

    assert Case.objects.count() == 1
    assert list(Consent.objects.values_list("answer", flat=True)) == ["refused"]
    assert "DONG Y" in replies()[-1] and lengths.fits(replies()[-1])


def test_who_agreed_and_then_wants_no_name_told_takes_it_back(network: Network) -> None:
    about_health(network)
    network.texts(LAN, "dong y")
    network.texts(LAN, "thôi tôi không muốn lộ tên nữa")

    assert list(Consent.objects.order_by("pk").values_list("answer", flat=True)) == ["given", "withdrawn"]


def test_with_the_code_it_is_of_that_case(network: Network) -> None:
    case = about_health(network)
    network.texts(LAN, f"{case.code} toi ko muon lo ten")

    assert Consent.objects.get().answer == "refused"


def test_where_no_consent_is_asked_it_stands_in_the_history_of_the_case(network: Network) -> None:
    case = a_case(network)
    network.texts(LAN, "toi ko muon lo ten")

    assert history(case) == [LAMP, "toi ko muon lo ten"] and not Consent.objects.exists()
    assert "không muốn lộ tên" in replies()[-1] and lengths.fits(replies()[-1])


def test_who_has_no_case_is_told_that_no_name_is_needed(network: Network) -> None:
    network.texts(LAN, "toi ko muon lo ten")

    assert Case.objects.count() == 0 and replies()[-1].startswith("Bạn không cần nêu tên.")


@pytest.mark.parametrize(
    "words",
    ["Phường dán danh sách lộ tên người nghèo lên bảng tin", "Hàng xóm lộ tên tôi trên facebook",
     "Quán nhậu số 5 Lê Lai ồn ào, xin giấu tên tôi"],
)  # fmt: skip
def test_a_name_within_a_matter_is_no_refusal(network: Network, words: str) -> None:
    network.texts(LAN, words)
    assert Case.objects.get().text == words


# ── a 0 ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_0_beside_an_open_case_is_told_who_has_it_and_how_to_reach_a_person(network: Network) -> None:
    case = a_case(network)
    network.texts(LAN, "0")

    assert Case.objects.count() == 1
    assert replies()[-1].startswith(f"Phiếu {spoken(case.code)}".replace("\u00a0", " "))
    assert "gọi 1022" in replies()[-1] and lengths.fits(replies()[-1])


# ── a forgotten code ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", FORGOTTEN)
def test_a_forgotten_code_is_told_to_the_number_it_was_sent_to(network: Network, words: str) -> None:
    case = a_case(network)
    network.texts(LAN, words)

    assert Case.objects.count() == 1
    assert spoken(case.code).replace("\u00a0", " ") in replies()[-1] and lengths.fits(replies()[-1])


def test_it_says_that_the_code_is_in_the_earlier_text(network: Network) -> None:
    a_case(network)
    network.texts(LAN, "ma so toi quen roi")
    assert replies()[-1].startswith("Mã có trong tin 1022 đã nhắn cho số này. Phiếu ")


def test_of_several_open_cases_each_is_told_by_its_short_subject(network: Network) -> None:
    first = a_case(network)
    network.texts(LAN, RUBBISH)
    second = Case.objects.exclude(pk=first.pk).get()
    topic = Topic(code="rac-thai", name="Rác thải, vệ sinh")
    topic.clean_names()
    topic.save()
    Case.objects.filter(pk=second.pk).update(topic=topic)
    network.texts(LAN, "ma so toi quen roi")

    told = replies()[-1]
    assert all(spoken(each.code).replace("\u00a0", " ") in told for each in (first, second))
    assert "Rác thải" in told and "chất đống" not in told and lengths.fits(told)


def test_another_number_is_told_no_code(network: Network) -> None:
    case = a_case(network)
    network.texts(MINH, "ma so toi quen roi")

    assert "chưa thấy phiếu nào của số này" in replies(MINH)[-1] and case.code[:4] not in replies(MINH)[-1]
    assert Case.objects.count() == 1


@pytest.mark.parametrize("words", ["quên mã số bảo hiểm xã hội thì xem ở đâu", "mất mã số thuế thì tra ở đâu"])
def test_another_code_is_a_question(network: Network, words: str) -> None:
    a_case(network)
    network.later(days=2)
    network.texts(LAN, words)
    assert Case.objects.count() == 1 and "Mã có trong" not in replies()[-1]


# ── an insult ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", INSULTS)
def test_an_insult_alone_opens_no_case_and_the_matter_after_it_opens_its_own(network: Network, words: str) -> None:
    network.texts(LAN, words)
    assert Case.objects.count() == 0
    (calm,) = replies()
    assert ("Xin lỗi" in calm or "sorry" in calm) and lengths.fits(calm)

    network.later(minutes=2)
    network.texts(LAN, LAMP)
    assert Case.objects.get().text == LAMP


def test_insults_one_after_another_are_answered_once_a_day(network: Network) -> None:
    for words in INSULTS[:3]:
        network.texts(LAN, words)
    assert len(replies()) == 1
    network.later(days=1)
    network.texts(LAN, INSULTS[0])
    assert len(replies()) == 2


def test_an_insult_beside_an_open_case_is_answered_with_how_it_stands(network: Network) -> None:
    case = a_case(network)
    network.texts(LAN, "đồ vô dụng")

    assert Case.objects.count() == 1
    assert replies()[-1].startswith("Xin lỗi") and spoken(case.code).replace("\u00a0", " ") in replies()[-1]
    assert lengths.fits(replies()[-1])
    network.later(minutes=2)
    network.texts(LAN, RUBBISH)
    assert Case.objects.exclude(pk=case.pk).get().text == RUBBISH


def test_an_insult_to_a_case_that_is_over_opens_none(network: Network, knowing: City) -> None:
    case = a_case(network)
    answer(case, by=Actor.staff(knowing.coordinator), text="Đã thay bóng đèn.", at=network.at)
    network.later(hours=2)
    network.texts(LAN, "đồ vô dụng")
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    "words",
    ["Lũ vô ý thức xả rác đầy ngõ 12 Cát Cụt", "đồ ăn ôi thiu ở căng tin", "lũ ăn hại, đèn ngõ 5 Lê Lai tắt cả tháng"],
)  # fmt: skip
def test_a_matter_told_in_anger_is_a_matter(network: Network, words: str) -> None:
    network.texts(LAN, words)
    assert Case.objects.get().text == words


# ── a wrong number ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", MISTAKES)
def test_a_wrong_number_is_told_so_politely_once(network: Network, words: str) -> None:
    network.texts(LAN, words)
    network.texts(LAN, words)

    (told,) = replies()
    assert ("Không sao" in told or "No problem" in told) and lengths.fits(told) and Case.objects.count() == 0


@pytest.mark.parametrize("words", ["à nhầm, ngõ 21 chứ không phải 12", "gõ nhầm"])
def test_a_mistake_that_is_put_right_goes_on_with_the_case(network: Network, words: str) -> None:
    case = a_case(network)
    network.texts(LAN, words)
    assert history(case) == [LAMP, words]


def test_a_wrong_number_days_after_a_matter_is_none_of_its_case(network: Network) -> None:
    case = a_case(network)
    network.later(days=2)
    network.texts(LAN, "xin lỗi, gửi nhầm số")
    assert history(case) == [LAMP] and "Không sao" in replies()[-1]


# ── English ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    ["Pothole at 12 Le Loi, Ngo Quyen", "Street lamp broken Lach Tray since monday",
     "There is garbage everywhere in front of the market"],
)  # fmt: skip
def test_the_receipt_of_a_matter_in_english_is_english(network: Network, words: str) -> None:
    network.texts(LAN, words)
    case = Case.objects.get()
    notify_citizen(case.events.get(action="register").pk)

    assert case.language == "en" and CaseInteraction.objects.filter(case=case).exists()
    sent = Interaction.objects.filter(direction="out").latest("pk")
    assert "Your case" in sent.body or "case" in sent.body.lower()


@pytest.mark.parametrize(
    "words",
    ["how do I register a marriage", "what documents do I need to get married?", "How can I extend my visa",
     "where do we go to register the birth of a baby"],
)  # fmt: skip
def test_a_question_in_english_is_answered_as_one(network: Network, words: str) -> None:
    network.texts(LAN, words)
    assert Case.objects.count() == 0 and len(replies()) == 1 and "đ" not in replies()[-1]
