"""What an answer hasn't settled is taken up again: by whoever answered, a second time by the coordinator; figures stay true."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import signing
from django.test import Client

from tests.city import HONG_BANG, INSPECTORATE, City
from tongdai.cases import deadlines, queries, standing
from tongdai.cases.access import links
from tongdai.cases.actions.accept import accept
from tongdai.cases.actions.answer import answer
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.close import close
from tongdai.cases.actions.rate import rate, unrated
from tongdai.cases.actions.reopen import MOST, WITHIN, may_reopen, reopen
from tongdai.cases.actions.withdraw import withdraw
from tongdai.cases.actor import Actor
from tongdai.cases.history import history
from tongdai.cases.models import Case, CaseLink
from tongdai.cases.states import ActionRefused, State
from tongdai.people.models import Channel
from tongdai.platform.clock import now
from tongdai.portal.citizen import COOKIE, SALT
from tongdai.portal.follow.status_card import status_card
from tongdai.privacy.erasure import erase
from tongdai.reports import ratings
from tongdai.reports.figures import total_of
from tongdai.reports.period import Period

pytestmark = pytest.mark.django_db
CITIZEN = Actor.citizen(channel=Channel.WEB)
FEBRUARY = Period(date(2022, 2, 1), date(2022, 2, 28))


def reopened(city: City, case: Case, day: str = "2022-02-17", **more: object) -> Case:
    return reopen(case, by=CITIZEN, at=city.at(f"{day} 10:00"), **({"words": "Vẫn còn rác."} | more))  # type: ignore[arg-type]


def answered_again(city: City, case: Case, day: str = "2022-02-18") -> Case:
    officer, at = Actor.staff(city.officer(HONG_BANG)), city.at(f"{day} 09:00")
    return answer(accept(case, by=officer, at=at), by=officer, text="Đã dọn lại.", at=at)


def test_it_goes_back_to_who_answered_with_a_deadline_from_now(city: City) -> None:
    before = city.answered(topic="waste")
    case = reopened(city, before)
    at = city.at("2022-02-17 10:00")
    assert (case.state, case.lead) == (State.ASSIGNED, before.lead)
    assert case.due_at == deadlines.due_at(at, hours=case.topic.limit_hours)  # type: ignore[union-attr]
    assert [each.ended_at for each in case.assignments.order_by("pk")] == [at, None]
    step = history(case)[-1]
    assert (step.remark, step.lead) == ("Vẫn còn rác.", HONG_BANG)
    assert "rác" not in str(case.events.last().changed)  # type: ignore[union-attr]


def test_a_second_time_the_coordinator_decides_and_a_third_time_is_for_a_person(city: City) -> None:
    case = answered_again(city, reopened(city, city.answered()))
    case = reopened(city, case, "2022-02-21")
    assert (case.state, case.lead) == (State.RECEIVED, None)
    assert case.assign_by == deadlines.assign_by(city.at("2022-02-21 10:00"))
    assert case in city.inbox(city.coordinator, "inbox")
    given = assign(
        case, by=Actor.staff(city.coordinator), agency=city.agencies[HONG_BANG], at=city.at("2022-02-21 11:00")
    )
    case = answered_again(city, given, "2022-02-22")
    assert case.events.filter(action="reopen").count() == MOST
    with pytest.raises(ActionRefused) as refused:
        reopened(city, case, "2022-02-23")
    assert "hai lần" in refused.value.why
    by_staff = reopen(case, by=Actor.staff(city.coordinator), words="Dân gọi lại.", at=city.at("2022-02-23 10:00"))
    assert by_staff.state == State.RECEIVED


def test_after_fifteen_days_the_staff_alone_reopen_it(city: City) -> None:
    case = city.answered()
    last = city.at("2022-02-15 09:00") + WITHIN
    assert may_reopen(case, by=CITIZEN, at=last)
    assert not may_reopen(case, by=CITIZEN, at=last + timedelta(seconds=1))
    assert may_reopen(case, by=Actor.staff(city.coordinator), at=last + timedelta(days=100))
    assert not may_reopen(case, by=Actor.staff(city.officer(HONG_BANG)), at=last)
    with pytest.raises(ActionRefused) as refused:
        reopen(case, by=CITIZEN, words="Vẫn còn.", at=last + timedelta(days=1))
    assert "15 ngày" in refused.value.why


def test_a_case_without_an_answer_or_without_its_words_is_not_reopened(city: City) -> None:
    withdrawn = withdraw(city.case(), by=CITIZEN, at=city.at("2022-02-15 10:00"))
    erased = close(city.answered(), by=Actor.system(), at=city.at("2022-02-16 10:00"))
    erase(erased, because="retention", at=city.at("2022-02-16 11:00"))
    for case in (withdrawn, Case.objects.get(pk=erased.pk)):
        assert not may_reopen(case, by=CITIZEN, at=city.at("2022-02-17 10:00"))
        with pytest.raises(ActionRefused):
            reopened(city, case)


def test_an_agency_that_is_no_more_gets_none_back(city: City) -> None:
    case = city.answered()
    city.agencies[HONG_BANG].valid_to = date(2022, 2, 16)
    city.agencies[HONG_BANG].save()
    case = reopened(city, Case.objects.get(pk=case.pk))
    assert (case.state, case.lead) == (State.RECEIVED, None)


def test_a_denunciation_goes_to_the_inspectorates_own_inbox(city: City) -> None:
    case = city.case("Tôi tố cáo", topic="denunciation", lead=INSPECTORATE, accepted=True)
    officer = Actor.staff(city.officer(INSPECTORATE))
    case = answer(case, by=officer, text="Đã kết luận.", at=city.at("2022-02-15 09:00"))
    case = reopened(city, case)
    assert (case.state, case.lead, case.confidential) == (State.RECEIVED, None, True)
    assert case in city.inbox(city.inspector, "inbox") and case not in city.inbox(city.coordinator, "inbox")


def test_figures_keep_to_the_first_answer_and_the_deadline_it_had(city: City) -> None:
    late = Case.objects.get(pk=city.answered().pk)
    Case.objects.filter(pk=late.pk).update(due_at=city.at("2022-02-15 08:00"))  # answered at nine
    city.answered()
    before = total_of(FEBRUARY)
    case = reopened(city, Case.objects.get(pk=late.pk))
    assert case.due_at > city.at("2022-02-17 10:00") and case.first_due_at == city.at("2022-02-15 08:00")
    assert total_of(FEBRUARY) == before
    assert ratings.count(FEBRUARY).reopened == 1
    answered_again(city, case)
    assert total_of(FEBRUARY) == before and (before[0].answered, before[0].on_time) == (2, 1)


def test_the_clock_that_runs_is_the_new_one(city: City) -> None:
    case = reopened(city, city.answered(topic="waste"))
    just_after, at_the_end = city.at("2022-02-17 10:05"), case.due_at + timedelta(minutes=1)
    for at, soon, late in (
        (just_after, False, False),
        (case.due_at - timedelta(hours=1), True, False),
        (at_the_end, False, True),
    ):
        assert standing.is_due_soon(case, at=at) is soon is Case.objects.filter(standing.due_soon(at=at)).exists()
        assert standing.is_overdue(case, at=at) is late is Case.objects.filter(standing.overdue(at=at)).exists()


def test_the_card_tells_the_new_date_while_open_and_the_last_answer_after(city: City) -> None:
    case = reopened(city, city.answered(topic="waste"))
    card = status_card(queries.status_of(case), at=city.at("2022-02-17 11:00"))
    assert card.due_at == case.due_at and card.promises_date
    assert card.tag is not None and card.tag.words.startswith("Còn")
    case = answered_again(city, case)
    card = status_card(queries.status_of(case), at=city.at("2022-02-18 11:00"))
    assert "sáng\xa0nay" in card.sentence and card.tag is not None and card.tag.kind == "done"


def test_a_new_answer_may_be_rated_though_the_first_was(city: City) -> None:
    case = rate(city.answered(), by=CITIZEN, stars=1, at=city.at("2022-02-16 09:00"))
    case = answered_again(city, reopened(city, case))
    assert unrated(case) is not None


def test_its_links_open_as_long_as_those_of_a_new_case(city: City) -> None:
    case = city.answered()
    link = links.give(case, purpose=CaseLink.Purpose.TEXT, at=city.at("2022-02-15 09:00"))
    ended = links.give(case, purpose=CaseLink.Purpose.TEXT, at=city.at("2021-02-15 09:00"))
    case = close(case, by=Actor.system(), at=city.at("2022-02-16 09:00"))
    reopened(city, case)
    link.refresh_from_db()
    ended.refresh_from_db()
    assert link.expires_at == city.at("2022-02-17 10:00") + links.OPEN_FOR
    assert ended.expires_at < city.at("2022-02-17 10:00")


def test_danger_that_is_told_of_is_seen_at_once(city: City) -> None:
    case = reopened(city, city.answered(), words="Đống rác bốc cháy rồi, lửa lan sang nhà, có người kẹt bên trong!")
    assert case.urgent and case.untaken and case.danger_level == "life"
    at = city.at("2022-02-17 10:01")
    assert standing.running(case) is standing.Clock.TAKE and not standing.is_overdue(case, at=at)
    assert not Case.objects.filter(standing.overdue(at=at)).exists()
    told_of = (
        "Ổ gà vẫn còn nguyên, hôm qua có người ngã"  # what sounds urgent of a matter that is days old rings nobody
    )
    assert not reopened(city, city.answered(), words=told_of).urgent
    staff, at = Actor.staff(city.coordinator), city.at("2022-02-17 10:00")
    assert not reopen(city.answered(), by=staff, words="Dân nói: cháy nhà, có người kẹt", at=at).urgent
    calm = reopened(city, city.answered("Cháy nhà số 5, có người kẹt"))
    assert calm.urgent and not calm.untaken


def test_words_that_accuse_never_go_back_to_the_agency_that_answered(city: City) -> None:
    words = "Tôi tố cáo cán bộ phường Hồng Bàng nhận hối lộ 5 triệu đồng nên không dọn."
    case = reopened(city, city.answered(), words=words)
    assert (case.state, case.lead, case.perhaps_denunciation) == (State.RECEIVED, None, True)
    assert not queries.visible_cases(city.officer(HONG_BANG)).filter(pk=case.pk).exists()
    with pytest.raises(ActionRefused):
        assign(case, by=Actor.staff(city.coordinator), agency=city.agencies[HONG_BANG], at=city.at("2022-02-17 11:00"))


def its_citizen(case: Case) -> Client:
    """A browser that has proven whose case it is."""
    link = links.give(case, purpose=CaseLink.Purpose.DIGITS, at=now())
    client = Client()
    client.cookies[COOKIE] = signing.Signer(salt=SALT).sign(f"{case.code}-{link.pk}")
    return client


def just_answered(city: City) -> Case:
    case = city.answered()
    case.answers.update(answered_at=now())
    return case


def test_on_its_page_the_citizen_says_what_is_not_settled(city: City) -> None:
    case = just_answered(city)
    client = its_citizen(case)
    page = f"/p/{case.code}/mo-lai/"
    assert "Việc vẫn chưa xong?" in client.get(f"/p/{case.code}/").content.decode()
    assert client.get(page).status_code == 200
    nothing = client.post(page, {"words": "  "})
    assert nothing.status_code == 422 and "việc gì chưa xong" in nothing.content.decode()
    long = client.post(page, {"words": "Vẫn còn. " * 300})
    assert long.status_code == 422 and "Vẫn còn. Vẫn còn." in long.content.decode()
    done = client.post(page, {"words": "Rác vẫn còn ở góc chợ."}, follow=True).content.decode()
    assert "Phiếu đã mở lại" in done and "Rác vẫn còn ở góc chợ." in done and "Bạn yêu cầu xem lại" in done
    assert "Việc vẫn chưa xong?" not in done
    assert Case.objects.get(pk=case.pk).state == State.ASSIGNED
    assert client.get(page).status_code == 302


def test_a_stranger_reopens_nothing(city: City) -> None:
    case = just_answered(city)
    assert Client().post(f"/p/{case.code}/mo-lai/", {"words": "Mở!"}).status_code == 302
    assert Case.objects.get(pk=case.pk).state == State.ANSWERED
