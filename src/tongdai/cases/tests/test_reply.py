"""The citizen replies to what the city asked, on the page or through a call taker; the case goes on, and what is told counts."""

from __future__ import annotations

import io

import pytest
from django.core import signing
from django.test import Client
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.city import HONG_BANG, City
from tongdai.cases import queries, standing
from tongdai.cases.access import links
from tongdai.cases.actions.ask import ask
from tongdai.cases.actions.close import close
from tongdai.cases.actions.go_on import go_on
from tongdai.cases.actions.reply import reply
from tongdai.cases.actions.take_duty import take_duty
from tongdai.cases.actor import Actor
from tongdai.cases.history import history
from tongdai.cases.models import Attachment, Case, CaseLink
from tongdai.cases.states import ActionRefused, State
from tongdai.cases.transition import RING_ON_DUTY
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.people.models import Channel, Interaction
from tongdai.platform.clock import now
from tongdai.portal.citizen import COOKIE, SALT

pytestmark = pytest.mark.django_db
CITIZEN = Actor.citizen(channel=Channel.WEB)
ASKED, REPLIED = "2022-02-16 10:00", "2022-02-18 10:00"


def waiting_case(city: City, *, accepted: bool = True, at: str = ASKED, **more: object) -> Case:
    case = city.case("Rác tràn ra hè phố", lead=HONG_BANG, accepted=accepted, received="2022-02-14 08:00", **more)
    return ask(case, by=Actor.staff(city.officer(HONG_BANG)), words="Ở đoạn nào?", at=city.at(at))


def said(city: City, case: Case, words: str = "Trước số 24.", by: Actor = CITIZEN) -> Case:
    return reply(case, by=by, words=words, at=city.at(REPLIED))


def test_it_goes_on_where_it_was_with_the_words_and_what_was_left(city: City) -> None:
    case = said(city, waiting_case(city))
    assert (case.state, case.lead, case.waits) == (State.IN_PROGRESS, city.agencies[HONG_BANG], False)
    assert case.due_at == city.at("2022-02-23 08:00")
    assert history(case)[-1].remark == "Trước số 24." and "Trước" not in str(case.events.last().changed)  # type: ignore[union-attr]
    assert case in city.inbox(city.officer(HONG_BANG), "in_progress")


def test_a_call_taker_writes_down_what_was_said_and_the_citizen_is_told(city: City) -> None:
    case = said(city, waiting_case(city), by=Actor.staff(city.call_taker))
    event = case.events.get(action="reply")
    assert (event.user, event.capacity) == (city.call_taker, "call_taker")
    notify_citizen(event.pk)
    text = Interaction.objects.get(key=f"web-reply:{event.pk}")
    assert "đã ghi trả lời" in text.body and "23.2.2022" in text.body and "số 24" not in text.body
    own = said(city, waiting_case(city)).events.get(action="reply")
    notify_citizen(own.pk)
    assert not Interaction.objects.filter(key=f"web-reply:{own.pk}").exists()  # they read it where they replied


def test_who_was_not_asked_or_has_replied_does_not_reply(city: City) -> None:
    never = city.case(lead=HONG_BANG, accepted=True)
    twice = waiting_case(city)
    said(city, twice)
    ended = close(city.answered(), by=Actor.system(), at=city.at("2022-02-16 10:00"))
    for case in (never, twice, ended):
        before = case.events.count()
        with pytest.raises(ActionRefused):
            said(city, case)
        assert case.events.count() == before


def test_of_two_in_the_same_second_the_first_one_counts(city: City) -> None:
    case = waiting_case(city)
    go_on(case, by=Actor.staff(city.officer(HONG_BANG)), at=city.at(REPLIED))
    with pytest.raises(ActionRefused) as refused:
        said(city, case)  # the page still shows the question
    assert "không chờ trả lời" in refused.value.why
    case = Case.objects.get(pk=case.pk)
    assert [event.action for event in case.events.order_by("seq")][-2:] == ["ask", "go_on"]
    assert case.due_at == city.at("2022-02-23 08:00")


def test_danger_that_is_told_of_rings_who_is_on_duty(city: City) -> None:
    words = "Đống rác bốc cháy rồi, lửa lan sang nhà, có người kẹt bên trong!"
    case = said(city, waiting_case(city), words)
    assert (case.state, case.danger_level, case.untaken) == (State.ASSIGNED, "life", True)
    assert standing.running(case) is standing.Clock.TAKE
    assert ProcrastinateJob.objects.filter(task_name=RING_ON_DUTY).count() == 1
    calm = said(city, waiting_case(city), words, by=Actor.staff(city.call_taker))  # who hears it raises it themselves
    assert not calm.urgent and calm.state == State.IN_PROGRESS


def test_danger_in_a_case_that_somebody_took_up_rings_once_more(city: City) -> None:
    case = city.case("Cần thuốc điều trị", topic="covid-help", lead=HONG_BANG)
    case = take_duty(case, by=Actor.staff(city.coordinator), at=city.at("2022-02-14 08:02"))
    Case.objects.filter(pk=case.pk).update(danger_level="none", danger_kind="")
    case = ask(case, by=Actor.staff(city.coordinator), words="Nhà có mấy người?", at=city.at(ASKED))
    ProcrastinateJob.objects.all().delete()
    case = said(city, case, "Cứu với, mẹ tôi ngừng thở rồi")
    assert case.untaken and ProcrastinateJob.objects.filter(task_name=RING_ON_DUTY).exists()


def test_words_that_accuse_never_reach_the_agency_that_asked(city: City) -> None:
    case = said(city, waiting_case(city), "Tôi tố cáo cán bộ phường Hồng Bàng nhận hối lộ 5 triệu đồng nên không dọn.")
    assert (case.state, case.lead, case.perhaps_denunciation, case.waits) == (State.HANDED_BACK, None, True, False)
    assert not queries.visible_cases(city.officer(HONG_BANG)).filter(pk=case.pk).exists()
    assert case.assignments.get().ended_at == city.at(REPLIED)
    assert case in city.inbox(city.coordinator, "inbox")


def its_citizen(case: Case) -> Client:
    """A browser that has proven whose case it is."""
    link = links.give(case, purpose=CaseLink.Purpose.DIGITS, at=now())
    client = Client()
    client.cookies[COOKIE] = signing.Signer(salt=SALT).sign(f"{case.code}-{link.pk}")
    return client


def asked_just_now(city: City) -> Case:
    case = city.case("Rác tràn ra hè phố", lead=HONG_BANG, accepted=True, received="2022-02-14 08:00")
    return ask(case, by=Actor.staff(city.officer(HONG_BANG)), words="Ở đoạn nào?\nTừ hôm nào?", at=now())


def named(data: bytes) -> io.BytesIO:
    made = io.BytesIO(data)
    made.name = "rac.jpg"
    return made


def photo() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(made, "JPEG")
    return named(made.getvalue())


KEY = "k" * 22


def test_on_its_page_the_citizen_reads_the_question_and_replies_with_words_and_a_photo(city: City) -> None:
    case = asked_just_now(city)
    client, page = its_citizen(case), f"/p/{case.code}/tra-loi/"
    shown = client.get(f"/p/{case.code}/").content.decode()
    assert "Thành phố hỏi bạn" in shown and "Ở đoạn nào?" in shown and f'action="{page}"' in shown
    nothing = client.post(page, {"words": "  ", "key": KEY})
    assert nothing.status_code == 422 and "Xin viết trả lời" in nothing.content.decode()
    long = client.post(page, {"words": "Trước số 24. " * 400, "key": KEY})
    assert long.status_code == 422 and "Trước số 24. Trước" in long.content.decode()
    broken = client.post(page, {"words": "Trước số 24.", "key": KEY, "photos": named(b"no picture")})
    assert broken.status_code == 422 and "Trước số 24." in broken.content.decode()
    done = client.post(page, {"words": "Trước số 24.", "key": KEY, "photos": photo()}, follow=True).content.decode()
    assert "Đã nhận trả lời của bạn" in done and "Bạn trả lời" in done and "Thành phố hỏi bạn" not in done
    case.refresh_from_db()
    attached = Attachment.objects.get(case=case)
    assert not case.waits and attached.interaction is not None and attached.interaction.body == "Trước số 24."
    again = client.post(page, {"words": "Trước số 24.", "key": KEY})  # pressed twice
    assert again.status_code == 303 and case.events.filter(action="reply").count() == 1
    assert client.get(page).status_code == 302


def test_words_that_come_too_late_are_kept_on_the_page(city: City) -> None:
    case = asked_just_now(city)
    client = its_citizen(case)
    go_on(case, by=Actor.staff(city.coordinator), at=now())
    late = client.post(f"/p/{case.code}/tra-loi/", {"words": "Trước số 24.", "key": KEY})
    assert late.status_code == 409 and "Trước số 24." in late.content.decode()
    assert not Interaction.objects.filter(body="Trước số 24.").exists()


def test_a_stranger_replies_to_nothing_and_reads_no_question(city: City) -> None:
    case = asked_just_now(city)
    assert Client().post(f"/p/{case.code}/tra-loi/", {"words": "Tôi đây."}).status_code == 302
    shown = Client().get(f"/p/{case.code}/").content.decode()
    assert "Ở đoạn nào?" not in shown and "chờ người gửi trả lời" in shown
    assert Case.objects.get(pk=case.pk).waits


def test_on_the_desk_an_officer_asks_and_a_call_taker_writes_the_reply_down(city: City) -> None:
    case = city.case("Rác tràn ra hè phố", lead=HONG_BANG, accepted=True)
    officer, call_taker = Client(), Client()
    officer.force_login(city.officer(HONG_BANG))
    call_taker.force_login(city.call_taker)
    place = f"/ban/phieu/{case.code}/"
    assert "Người dân đọc đúng lời này" in officer.get(f"{place}hoi/").content.decode()
    assert officer.post(f"{place}hoi/", {"words": " "}).status_code == 422
    done = officer.post(f"{place}hoi/", {"words": "Ở đoạn nào?"}, follow=True).content.decode()
    assert "Đã hỏi người dân" in done and "Chờ người dân" in done and "Xử lý tiếp" in done
    assert case.code in officer.get("/ban/?khung=waiting").content.decode()
    done = call_taker.post(f"{place}dan-tra-loi/", {"words": "Trước số 24."}, follow=True).content.decode()
    assert "Đã ghi trả lời" in done and "Trước số 24." in done
    assert call_taker.post(f"{place}dan-tra-loi/", {"words": "Nữa."}).status_code == 409


def test_why_nobody_can_be_asked_stands_where_the_form_would(city: City) -> None:
    case = city.case("Rác tràn ra hè phố", lead=HONG_BANG, accepted=True, phone="")
    officer = Client()
    officer.force_login(city.officer(HONG_BANG))
    shown = officer.get(f"/ban/phieu/{case.code}/hoi/").content.decode()
    assert "không để lại số điện thoại" in shown and 'name="words"' not in shown
