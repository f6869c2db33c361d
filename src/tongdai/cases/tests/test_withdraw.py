"""A case is withdrawn by its citizen; a life in danger and a denunciation only after a person has looked."""

from __future__ import annotations

import pytest
from django.core import signing
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.city import HONG_BANG, INSPECTORATE, City, doubtful
from tongdai.cases import queries
from tongdai.cases.access import links
from tongdai.cases.actions.ask_to_withdraw import ask_to_withdraw
from tongdai.cases.actions.withdraw import withdraw
from tongdai.cases.actor import Actor
from tongdai.cases.history import history
from tongdai.cases.models import Case, CaseLink, Remark
from tongdai.cases.states import ActionRefused, State
from tongdai.cases.transition import STOP_RINGING
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.people.models import Channel, Interaction
from tongdai.platform.clock import now
from tongdai.portal.citizen import COOKIE, SALT
from tongdai.privacy.erasure import erase

pytestmark = pytest.mark.django_db
CITIZEN = Actor.citizen(channel=Channel.WEB)
DANGER = "Cháy nhà số 5, có người kẹt bên trong"
DENUNCIATION = "Tôi tố cáo cán bộ nhận hối lộ"


def withdrawn(city: City, case: Case, words: str = "Hàng xóm đã sửa giúp.") -> Case:
    return withdraw(case, by=CITIZEN, words=words, at=city.at("2022-02-14 10:00"))


def its_citizen(case: Case) -> Client:
    """A browser that has proven whose case it is."""
    link = links.give(case, purpose=CaseLink.Purpose.DIGITS, at=now())
    client = Client()
    client.cookies[COOKIE] = signing.Signer(salt=SALT).sign(f"{case.code}-{link.pk}")
    return client


def test_it_ends_without_answer_or_rejection_and_both_who_had_it_see_it_among_the_withdrawn(city: City) -> None:
    case = withdrawn(city, city.case(lead=HONG_BANG, accepted=True))
    assert (case.state, case.answered_at) == (State.CLOSED, None)
    for user in (city.coordinator, city.officer(HONG_BANG)):
        assert city.inbox(user, "withdrawn") == [case]
        assert case not in city.inbox(user, "late") and case not in city.inbox(user, "answered")
    told = queries.status_of(case)
    assert told.withdrawn and told.state is State.CLOSED


def test_who_is_on_duty_is_rung_no_more_about_what_was_urgent(city: City) -> None:
    case = city.case("Cần thuốc điều trị", topic="covid-help")
    assert case.untaken and not case.in_danger
    before = queued().count(STOP_RINGING)
    assert not withdrawn(city, case).untaken
    assert queued().count(STOP_RINGING) == before + 1


def queued() -> list[str]:
    return list(ProcrastinateJob.objects.values_list("task_name", flat=True))


@pytest.mark.parametrize("words", [DANGER, DENUNCIATION, doubtful()])
def test_danger_a_denunciation_and_a_doubt_go_on_until_somebody_has_decided(city: City, words: str) -> None:
    case = city.case(words)
    rung = queued().count(STOP_RINGING)
    with pytest.raises(ActionRefused):
        withdrawn(city, case)
    decides = Actor.staff(city.inspector if case.confidential else city.coordinator)
    with pytest.raises(ActionRefused):  # nobody has asked
        withdraw(case, by=decides, words="Đơn ngày 14.2", at=city.at("2022-02-14 11:00"))
    asked = ask_to_withdraw(case, by=CITIZEN, words="Thôi ạ.", at=city.at("2022-02-14 10:00"))
    assert asked.state == case.state and asked.untaken == case.untaken and queued().count(STOP_RINGING) == rung
    with pytest.raises(ActionRefused):
        ask_to_withdraw(case, by=CITIZEN, at=city.at("2022-02-14 10:01"))
    ended = withdraw(case, by=decides, words="Đơn rút ngày 14.2", at=city.at("2022-02-14 11:00"))
    assert ended.state == State.CLOSED and ended.withdrawn_at
    assert queries.status_of(ended).withdrawn is not ended.confidential


def test_what_is_answered_is_withdrawn_no_more(city: City) -> None:
    case = city.answered()
    with pytest.raises(ActionRefused) as refused:
        withdrawn(city, case)
    assert refused.value.why == "Phiếu đã kết thúc, không làm việc này được nữa."
    client = its_citizen(case)
    assert "Rút phiếu" not in client.get(f"/p/{case.code}/").content.decode()
    assert client.post(f"/p/{case.code}/rut/").status_code == 302
    assert Case.objects.get().state == State.ANSWERED


def test_the_citizen_withdraws_on_the_cases_page_and_reads_that_it_is_over(city: City) -> None:
    case = city.case(lead=HONG_BANG)
    client = its_citizen(case)
    assert f"/p/{case.code}/rut/" in client.get(f"/p/{case.code}/").content.decode()
    assert "cơ quan thôi xử lý" in client.get(f"/p/{case.code}/rut/").content.decode()
    long = client.post(f"/p/{case.code}/rut/", {"words": "a" * 1001})
    assert long.status_code == 422 and Case.objects.get().state == State.ASSIGNED
    page = client.post(f"/p/{case.code}/rut/", {"words": "Đã sửa xong."}, follow=True).content.decode()
    assert "Phiếu đã rút" in page and "Bạn rút phiếu này" in page and "Đã sửa xong." in page
    assert "Người gửi đã rút phiếu này." in page and "Xem câu trả lời" not in page and "chậm nhất" not in page
    assert "Hạn trả lời</dt>" not in page  # nobody answers any more
    again = client.post(f"/p/{case.code}/rut/", {"words": "Đã sửa xong."})
    assert again.status_code == 302 and case.events.filter(action="withdraw").count() == 1
    assert "Người gửi đã rút phiếu này." in Client().get(f"/p/{case.code}/").content.decode()


def test_a_strangers_browser_withdraws_nothing(city: City) -> None:
    case, other = city.case(), city.case("Đèn đường hỏng", phone="+84904000111")
    for client in (Client(), its_citizen(other)):
        assert client.post(f"/p/{case.code}/rut/", {"words": "x"}).status_code == 302
    assert Case.objects.get(pk=case.pk).state == State.RECEIVED


def test_on_the_page_of_a_denunciation_it_is_asked_and_the_inspector_ends_it_with_words_nobody_else_reads(
    city: City,
) -> None:
    case = city.case(DENUNCIATION, lead=INSPECTORATE)
    client = its_citizen(case)
    assert "điều 33" in client.get(f"/p/{case.code}/rut/").content.decode()
    page = client.post(f"/p/{case.code}/rut/", follow=True).content.decode()
    assert "Đã ghi yêu cầu rút" in page and f"/p/{case.code}/rut/" not in page
    desk = Client()
    desk.force_login(city.coordinator)
    assert desk.post(f"/ban/phieu/{case.code}/rut/", {"words": "Đơn"}).status_code == 404
    desk.force_login(city.inspector)
    assert "Kết thúc theo yêu cầu rút" in desk.get(f"/ban/phieu/{case.code}/").content.decode()
    assert desk.post(f"/ban/phieu/{case.code}/rut/", {"words": ""}).status_code == 422
    page = desk.post(f"/ban/phieu/{case.code}/rut/", {"words": "Đơn rút số 12"}, follow=True).content.decode()
    assert "Đã kết thúc phiếu" in page and "Đơn rút số 12" in page
    page = client.get(f"/p/{case.code}/").content.decode()
    assert "Tổng đài kết thúc phiếu theo yêu cầu rút của bạn" in page and "Đơn rút số 12" not in page


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.WEB, Channel.VOICE])
def test_whoever_has_the_number_is_told_and_can_say_that_it_wasnt_them(city: City, channel: Channel) -> None:
    case = withdrawn(city, city.case(channel=channel, proven=channel == Channel.SMS))
    event = case.events.get(action="withdraw")
    notify_citizen(event.pk)
    text = Interaction.objects.get(key=f"{channel}-withdraw:{event.pk}")
    assert "yêu cầu rút" in text.body and "sửa giúp" not in text.body


def test_who_withdrew_by_text_has_had_a_reply_and_gets_no_second_one(city: City) -> None:
    case = withdraw(
        city.case(channel=Channel.SMS, proven=True),
        by=Actor.citizen(channel=Channel.SMS),
        at=city.at("2022-02-14 10:00"),
    )
    event = case.events.get(action="withdraw")
    notify_citizen(event.pk)
    assert not Interaction.objects.filter(key__endswith=f"-withdraw:{event.pk}").exists()


def test_its_words_stand_in_no_event_and_are_erased_with_the_case(city: City) -> None:
    case = withdrawn(city, city.case())
    assert "sửa giúp" not in str(case.events.get(action="withdraw").changed)
    assert history(case)[-1].remark == "Hàng xóm đã sửa giúp."
    assert erase(Case.objects.get(), because="request", at=city.at("2022-04-01 08:00"))
    assert Remark.objects.get().text == ""
