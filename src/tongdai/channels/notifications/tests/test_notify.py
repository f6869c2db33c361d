"""The answer goes back the way the matter came; nobody is told twice; nobody's phone is flooded."""

import re

import pytest
from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.city import HONG_BANG, City
from tongdai.cases.actions.accept import accept
from tongdai.cases.actions.answer import answer
from tongdai.cases.actions.prove_number import prove_number
from tongdai.cases.actions.reject import reject
from tongdai.cases.actions.take_duty import take_duty
from tongdai.cases.actor import Actor
from tongdai.cases.history import step_of
from tongdai.cases.models import Case, Event
from tongdai.channels.duty.jobs import ring_on_duty
from tongdai.channels.links import LINK, at_length, words_to_send
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.channels.notifications.template import template_of
from tongdai.channels.voice.models import Callback
from tongdai.people.models import Channel, Interaction

pytestmark = pytest.mark.django_db


def told(case: Case, action: str) -> list[Interaction]:
    event = Event.objects.get(case=case, action=action)
    notify_citizen(event.pk)
    return list(Interaction.objects.filter(key__endswith=f"-{action}:{event.pk}"))


def test_who_texted_is_texted_the_code_the_deadline_and_a_signed_link(city: City) -> None:
    case = city.case(channel=Channel.SMS, proven=True)
    (text,) = told(case, "register")
    assert text.state == "queued" and text.address == "+84904123318"
    code = f"{case.code[:4]}\u00a0{case.code[4:8]}\u00a0{case.code[8:]}"
    words = f"1022 đã nhận phiếu {code}. Hạn trả lời: 8\u00a0giờ thứ\u00a0Hai, 21.2.2022. Xem phiếu: "
    assert text.body == words + LINK  # no word of the matter; the link itself is put in as it is sent
    sent = words_to_send([text])[text.pk]
    short = sent.removeprefix(f"{words}{settings.PUBLIC_URL}/k/")
    assert re.fullmatch(r"[\w-]{12}[0-9a-z]{1,5}", short, re.ASCII) and case.code not in short
    assert words_to_send([text])[text.pk] == sent and len(sent) <= len(at_length(text.body)) <= len(sent) + 4


def test_who_texted_gets_the_answer_in_full(city: City) -> None:
    (text,) = told(city.answered(channel=Channel.SMS, proven=True, answer_text="Đã dọn xong sáng nay."), "answer")
    assert HONG_BANG in text.body and "Đã dọn xong sáng nay." in text.body
    assert text.case_link.case.state == "answered"


def test_a_number_typed_into_a_form_gets_code_and_deadline_and_a_notice_and_no_link(city: City) -> None:
    case = city.answered(channel=Channel.WEB, answer_text="Bệnh của ông…")
    (first,), (notice,) = told(case, "register"), told(case, "answer")
    assert "Hạn trả lời" in first.body and "đã trả lời phiếu" in notice.body
    assert "Bệnh" not in notice.body and LINK not in first.body + notice.body


def test_a_proven_number_of_the_portal_gets_a_notice_with_a_link_and_without_the_words(city: City) -> None:
    case = city.case(channel=Channel.WEB, lead=HONG_BANG, accepted=True)
    case = prove_number(case, by=Actor.citizen(channel=Channel.WEB), at=case.received_at)
    (proven,) = told(case, "prove_number")
    answer(case, by=Actor.staff(city.officer(HONG_BANG)), text="Bệnh của ông…", at=case.received_at)
    (notice,) = told(case, "answer")
    assert LINK in proven.body and LINK in notice.body and "Bệnh" not in notice.body


def test_a_denunciation_with_a_typed_number_names_no_agency_to_it(city: City) -> None:
    case = city.case("Tôi tố cáo", topic="denunciation", lead="Thanh tra", channel=Channel.VOICE)
    accept(case, by=Actor.staff(city.inspector), at=case.received_at)
    answer(case, by=Actor.staff(city.inspector), text="Đã xử lý.", at=case.received_at)
    for action in ("register", "assign", "answer"):
        message = template_of(action).message_of(step_of(Event.objects.get(case=case, action=action)))
        assert message and not any("Thanh tra" in each or LINK in each for each in (message.whole, message.notice))


def test_a_number_a_call_taker_typed_is_rung_back_and_told_no_word_of_the_answer(city: City) -> None:
    case = city.answered(channel=Channel.VOICE, answer_text="Bệnh của ông…")
    told(case, "answer")
    assert "đã trả lời phiếu" in Callback.objects.get(case=case).words
    assert "Bệnh" not in Callback.objects.get(case=case).words


def test_a_caller_gets_the_code_by_text_and_the_answer_by_a_call_back(city: City) -> None:
    case = city.answered(channel=Channel.VOICE, proven=True, answer_text="Đã dọn xong.")
    assert len(told(case, "register")) == 1
    assert told(case, "answer") == []
    assert "Đã dọn xong." in Callback.objects.get(case=case).words


def test_a_caller_on_a_landline_gets_no_text(city: City) -> None:
    assert told(city.case(channel=Channel.VOICE, phone="+842253842005"), "register") == []


def test_a_rejection_tells_the_ground_in_law(city: City) -> None:
    case = city.case(channel=Channel.SMS, proven=True)
    by, at = Actor.staff(city.coordinator), city.at("2022-02-14 09:00")
    reject(case, by=by, ground="in_court", reason="Tòa án quận đang xử.", at=at)
    (text,) = told(case, "reject")
    assert "tòa án hoặc cơ quan điều tra đang thụ lý" in text.body and "Tòa án quận đang xử." in text.body


def test_a_job_run_twice_tells_once(city: City) -> None:
    case = city.case(channel=Channel.SMS, proven=True)
    assert len(told(case, "register")) == len(told(case, "register")) == 1


def test_a_claimed_number_is_sent_three_codes_a_day(city: City) -> None:
    sent = [told(city.case(f"Rác {n}", channel=Channel.WEB), "register") for n in range(5)]
    assert [len(texts) for texts in sent] == [1, 1, 1, 0, 0]


def test_ten_automatic_texts_an_hour_and_an_answer_all_the_same(city: City) -> None:
    sent = [told(city.case(f"Rác {n}", channel=Channel.SMS, proven=True), "register") for n in range(12)]
    assert sum(len(texts) for texts in sent) == 10
    assert len(told(city.answered("Thêm", channel=Channel.SMS, proven=True), "answer")) == 1


def test_who_came_by_text_is_told_that_somebody_has_taken_it(city: City) -> None:
    by_text = city.case("F0 khó thở", channel=Channel.SMS, proven=True, phone="+84904123319")
    by_web = city.case("F0 khó thở", channel=Channel.WEB, phone="+84904123320")
    for case in (by_text, by_web):
        take_duty(case, by=Actor.system(), at=city.at("2022-02-14 08:03"))
    (text,) = told(by_text, "take_duty")
    assert "người trực của thành phố đã nhận việc lúc 08\u00a0giờ\u00a003" in text.body
    assert told(by_web, "take_duty") == []


def test_a_text_says_what_it_is_for(city: City) -> None:
    receipt, answer = (
        told(city.answered(f"Rác {action}", channel=Channel.SMS, proven=True), action)[0]
        for action in ("register", "answer")
    )
    assert (receipt.purpose, receipt.priority) == ("receipt", 0)
    assert answer.purpose == "answer" and answer.priority > receipt.priority


def test_what_becomes_of_an_urgent_case_goes_before_all_else(city: City) -> None:
    case = city.answered("F0 khó thở", channel=Channel.SMS, proven=True)
    assert {told(case, action)[0].purpose for action in ("register", "assign", "answer")} == {"danger"}
    ring_on_duty(city.case("Cháy nhà", channel=Channel.WEB).events.get().pk)
    on_duty = Interaction.objects.get(address="+84912000115")
    assert on_duty.purpose == "duty" and on_duty.priority == told(case, "register")[0].priority == 30
    jobs = ProcrastinateJob.objects.filter(queue_name="notify").values_list("priority", flat=True)
    # four to the citizens; two that ring who is on duty, one that stops it, and the next step
    assert len(jobs) == 8 and set(jobs) == {30}


def test_english_speakers_are_told_in_english(city: City) -> None:
    (text,) = told(city.case(channel=Channel.SMS, proven=True, language="en"), "register")
    assert "received" in text.body
