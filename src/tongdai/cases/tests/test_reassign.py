"""Sent to the wrong agency: the coordinator sends it on, or takes it back into the inbox."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.city import HONG_BANG, INSPECTORATE, LE_CHAN, LIGHTING, City, forget_snapshots
from tests.reading import read
from tongdai.accounts.models import Role, User
from tongdai.cases import queries
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.name_denounced import name_denounced
from tongdai.cases.actions.reassign import reassign
from tongdai.cases.actions.recall import recall
from tongdai.cases.actions.take_duty import take_duty
from tongdai.cases.actor import Actor
from tongdai.cases.history import history
from tongdai.cases.models import Case
from tongdai.cases.states import ActionRefused, State
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.channels.notifications.template import template_of
from tongdai.directory.models import Agency
from tongdai.people.models import Channel, Interaction

WHY = "Đèn do công ty chiếu sáng quản lý."


def sent_on(city: City, case: Case, to: str = LIGHTING, *, reason: str = WHY, by: User | None = None) -> Case:
    who = Actor.staff(by or city.coordinator)
    return reassign(case, by=who, agency=city.agencies[to], reason=reason, at=city.at("2022-02-14 14:00"))


def sees(user: User, case: Case) -> bool:
    return queries.visible_cases(user).filter(pk=case.pk).exists()


@pytest.mark.parametrize("accepted", [False, True])
def test_the_other_agency_takes_the_lead_and_the_deadline_stays(city: City, accepted: bool) -> None:
    case = city.case("Đèn đường tắt", lead=HONG_BANG, accepted=accepted)
    due_at = case.due_at
    case = sent_on(city, case)
    assert (case.state, case.lead, case.due_at) == (State.ASSIGNED, city.agencies[LIGHTING], due_at)
    first, second = case.assignments.order_by("pk")
    assert first.ended_at == city.at("2022-02-14 14:00") and first.agency == city.agencies[HONG_BANG]
    assert (second.agency, second.note, second.ended_at) == (city.agencies[LIGHTING], WHY, None)
    assert sees(city.officer(LIGHTING), case) and not sees(city.officer(HONG_BANG), case)


def test_before_it_is_accepted_no_reason_is_wanted_afterwards_there_must_be_one(city: City) -> None:
    early = sent_on(city, city.case(lead=HONG_BANG), reason="")
    assert early.lead == city.agencies[LIGHTING]
    late = city.case(lead=HONG_BANG, accepted=True)
    for action in (
        lambda: sent_on(city, late, reason=""),
        lambda: recall(late, by=Actor.staff(city.coordinator), at=city.at("2022-02-14 14:00")),
    ):
        with pytest.raises(ActionRefused) as refused:
            action()
        assert refused.value.argument == "reason" and "phải có lý do" in refused.value.why
    assert Case.objects.get(pk=late.pk).lead == city.agencies[HONG_BANG]


def test_to_the_agency_that_has_it_already_it_isnt_sent(city: City) -> None:
    case = city.case(lead=HONG_BANG)
    with pytest.raises(ActionRefused) as refused:
        sent_on(city, case, HONG_BANG)
    assert refused.value.argument == "agency" and case.assignments.count() == 1


def test_its_citizen_is_told_the_new_agency_as_of_the_first(city: City) -> None:
    case = sent_on(city, city.case("Đèn đường tắt", lead=HONG_BANG, channel=Channel.SMS))
    event = case.events.get(action="reassign")
    notify_citizen(event.pk)
    text = Interaction.objects.get(key=f"sms-reassign:{event.pk}").body
    assert f"đã chuyển đến {LIGHTING}" in text and WHY not in text


def test_an_urgent_one_that_was_in_hand_is_anybodys_again_one_that_duty_took_stays_theirs(city: City) -> None:
    """Who is on duty is rung once more for what nobody has in hand by now."""
    at = city.at("2022-02-14 13:00")
    accepted = city.case(lead=HONG_BANG, accepted=True, topic="covid-help")
    assert accepted.urgent
    case = sent_on(city, accepted)
    assert case.untaken
    taken = take_duty(city.case(lead=HONG_BANG, topic="covid-help"), by=Actor.staff(city.coordinator), at=at)
    assert not sent_on(city, taken).untaken


@pytest.mark.parametrize("accepted", [False, True])
def test_recalled_it_is_in_the_inbox_and_its_agency_isnt_suggested_again(city: City, accepted: bool) -> None:
    case = city.case("Rác tràn ra hè phố", topic="waste", place="Hồng Bàng", lead=HONG_BANG, accepted=accepted)
    case = recall(case, by=Actor.staff(city.coordinator), at=city.at("2022-02-14 14:00"), reason="Gửi nhầm.")
    assert (case.state, case.lead) == (State.HANDED_BACK, None) and case in city.inbox(city.coordinator)
    assert case.assignments.get().end_reason == "Gửi nhầm."
    told = template_of("recall").line_of(history(case)[-1])
    assert told and told.sentence == "Tổng đài nhận lại phiếu để chuyển đúng nơi" and not told.words
    assert not sees(city.officer(HONG_BANG), case)


def test_neither_is_anybody_elses(city: City) -> None:
    case = city.case(lead=HONG_BANG, accepted=True)
    for who in (city.call_taker, city.leader, city.admin, city.officer(HONG_BANG), city.officer(LIGHTING)):
        with pytest.raises(ActionRefused):
            sent_on(city, case, by=who)
        with pytest.raises(ActionRefused):
            recall(case, by=Actor.staff(who), at=city.at("2022-02-14 14:00"), reason=WHY)
    for over in (city.answered(lead=HONG_BANG), city.case()):
        with pytest.raises(ActionRefused):
            sent_on(city, over)


def test_a_denunciation_goes_on_to_a_body_that_handles_them_alone(city: City) -> None:
    police = Agency(name="Công an", code="cong-an", handles_denunciations=True)
    police.clean_names()
    police.save()
    forget_snapshots()
    by, at = Actor.staff(city.inspector), city.at("2022-02-14 14:00")
    case = city.case("Tôi tố cáo", topic="denunciation")
    name_denounced(case, by=by, agency=city.agencies[HONG_BANG], at=at)
    case = assign(case, by=by, agency=city.agencies[INSPECTORATE], at=at)
    with pytest.raises(ActionRefused):
        reassign(case, by=by, agency=city.agencies[LE_CHAN], at=at)
    assert reassign(case, by=by, agency=police, at=at).lead == police
    assert not sees(city.staff(Role.OFFICER, "Ông Khác", agency=LE_CHAN), case)


def test_on_the_desk_the_coordinator_sends_it_on_and_what_was_typed_stays(city: City) -> None:
    case = city.case("Đèn đường tắt", lead=HONG_BANG, accepted=True)
    client = Client()
    client.force_login(city.coordinator)
    address = f"/ban/phieu/{case.code}/chuyen-lai/"
    page = read(client.get(f"/ban/phieu/{case.code}/"))
    assert "Chuyển cơ quan khác" in page and "Thu hồi" in page
    form = client.get(address).content.decode()
    assert f"Phiếu rời {HONG_BANG} ngay." in form and f"<span>{HONG_BANG}</span>" not in form
    missing = client.post(address, {"agency": city.agencies[LIGHTING].pk, "reason": " "})
    assert missing.status_code == 422 and missing.context["form"].errors == {
        "reason": ["Cơ quan đã nhận xử lý, nên phải có lý do mới chuyển đi được."]
    }
    assert missing.context["form"]["agency"].value() == str(city.agencies[LIGHTING].pk)
    done = read(client.post(address, {"agency": city.agencies[LIGHTING].pk, "reason": WHY}, follow=True))
    assert f"sang {LIGHTING}." in done and f"Chuyển sang {LIGHTING}" in done and WHY in done
    back = read(client.post(f"/ban/phieu/{case.code}/lay-lai/", follow=True))
    assert f"Thu hồi từ {LIGHTING}" in back


def test_who_answers_in_the_same_moment_wins_or_is_told(city: City) -> None:
    case = sent_on(city, city.case(lead=HONG_BANG, accepted=True))
    officer = Client()
    officer.force_login(city.officer(HONG_BANG))
    page = officer.post(f"/ban/phieu/{case.code}/tra-loi/", {"text": "Đã thay bóng."})
    assert page.status_code == 404 and not case.answers.exists()
