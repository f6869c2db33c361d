"""Another agency helps the one in charge: what it is asked for, what it sees, and how that ends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.city import HONG_BANG, LE_CHAN, LIGHTING, City
from tongdai.accounts.models import Role, User
from tongdai.cases import queries, supports
from tongdai.cases.access import senders
from tongdai.cases.actions.answer import answer
from tongdai.cases.actions.close import close
from tongdai.cases.actions.decline_support import decline_support
from tongdai.cases.actions.erase import erase
from tongdai.cases.actions.hand_back import hand_back
from tongdai.cases.actions.mark_denunciation import mark_denunciation
from tongdai.cases.actions.note import note
from tongdai.cases.actions.provide_support import provide_support
from tongdai.cases.actions.reassign import reassign
from tongdai.cases.actions.request_support import request_support
from tongdai.cases.actions.undo import offered, undo
from tongdai.cases.actions.withdraw_support import withdraw_support
from tongdai.cases.actor import Actor
from tongdai.cases.history import history
from tongdai.cases.models import Case, Support
from tongdai.cases.routing import in_directory
from tongdai.cases.search import find
from tongdai.cases.states import ActionRefused, State
from tongdai.channels.notifications.template import template_of
from tongdai.directory.models import Agency
from tongdai.platform.clock import CITY_TZ, today

pytestmark = pytest.mark.django_db

TASK = "Xác định ai quản lý ghế này."


@pytest.fixture
def case(city: City) -> Case:
    return city.case("Ghế đá công viên gãy", lead=HONG_BANG, accepted=True, phone="+84905550001", topic="waste")


def asked(case: Case, city: City, agency: str = LIGHTING, **how: Any) -> Case:
    given = {"task": TASK, "until": date(2022, 2, 16), "at": city.at("2022-02-14 09:00"), **how}
    by = given.pop("by", Actor.staff(city.officer(HONG_BANG)))
    return request_support(case, by=by, agency=city.agencies[agency], **given)


def helper(city: City, agency: str = LIGHTING) -> User:
    return city.officer(agency)


def test_who_is_asked_sees_the_case_in_a_list_of_its_own_and_not_who_sent_it(city: City, case: Case) -> None:
    user = helper(city)
    with pytest.raises(Case.DoesNotExist):
        queries.visible_case(user, case.code)
    case = asked(case, city)
    seen = queries.visible_case(user, case.code)
    assert seen == case and senders.is_hidden_from(user, seen)
    assert [each.code for each in queries.inbox(user, queries.SUPPORTING)] == [case.code]
    assert queries.counts(user)[queries.SUPPORTING] == 1
    assert queries.visible_ids(user, [case.pk]) == [case.pk]
    for view in queries.views_of(user):
        if view != queries.SUPPORTING:
            assert case not in queries.inbox(user, view), view
    assert not queries.visible_by_number(user).filter(pk=case.pk).exists()


def test_nobody_else_sees_more_for_it(city: City, case: Case) -> None:
    case = asked(case, city)
    left = city.staff(Role.OFFICER, "Ngô Đã Nghỉ", agency=LIGHTING)
    left.is_active = False
    for user in (helper(city, LE_CHAN), left, city.admin):
        with pytest.raises(Case.DoesNotExist):
            queries.visible_case(user, case.code)
    officer = city.officer(HONG_BANG)
    assert not senders.is_hidden_from(officer, queries.visible_case(officer, case.code))
    assert queries.counts(officer)[queries.SUPPORTING] == 0


def test_the_lead_and_the_citizens_deadline_stay(city: City, case: Case) -> None:
    before = (case.lead, case.due_at, case.state)
    case = asked(case, city)
    assert (case.lead, case.due_at, case.state) == before
    assert [(each.agency.name, each.task) for each in supports.open_of(case)] == [(LIGHTING, TASK)]


def test_who_has_helped_reads_on_and_who_declined_does_not(city: City, case: Case) -> None:
    case = asked(asked(case, city), city, LE_CHAN)
    case = provide_support(
        case, by=Actor.staff(helper(city)), words="Ghế của công viên.", at=city.at("2022-02-15 09:00")
    )
    case = decline_support(
        case, by=Actor.staff(helper(city, LE_CHAN)), reason="Ngoài địa bàn.", at=city.at("2022-02-15 10:00")
    )
    assert case.support_asked_at is None and supports.open_of(case) == []
    assert queries.visible_case(helper(city), case.code) == case == find(helper(city), case.code)[0]
    assert find(helper(city), "ghế đá") == [] == find(helper(city), "0905550001")
    assert queries.counts(helper(city))[queries.SUPPORTING] == 0
    with pytest.raises(Case.DoesNotExist):
        queries.visible_case(helper(city, LE_CHAN), case.code)
    told = [(step.action, step.support.agency.name, step.support.words) for step in history(case) if step.support]
    assert told == [
        ("request_support", LIGHTING, "Ghế của công viên."),
        ("request_support", LE_CHAN, "Ngoài địa bàn."),
        ("provide_support", LIGHTING, "Ghế của công viên."),
        ("decline_support", LE_CHAN, "Ngoài địa bàn."),
    ]


def test_the_agency_in_charge_is_told_until_it_goes_on_with_the_case(city: City, case: Case) -> None:
    case = asked(asked(case, city), city, LE_CHAN)
    assert case.support_answered_at is None
    at = city.at("2022-02-15 09:00")
    case = provide_support(case, by=Actor.staff(helper(city)), words="Ghế của công viên.", at=at)
    assert (case.support_answered_at, case.support_asked_at) == (at, city.at("2022-02-14 09:00"))
    case = note(case, by=Actor.staff(city.coordinator), words="Chờ thêm.", at=at)
    assert case.support_answered_at == at
    case = note(case, by=Actor.staff(city.officer(HONG_BANG)), words="Đã đọc.", at=at)
    assert case.support_answered_at is None


def test_who_has_helped_reads_on_until_the_case_is_answered(city: City, case: Case) -> None:
    at = city.at("2022-02-15 09:00")
    case = provide_support(asked(case, city), by=Actor.staff(helper(city)), words="Ghế của công viên.", at=at)
    assert Actor.staff(helper(city)).capacities(case) == frozenset()
    case = answer(case, by=Actor.staff(city.officer(HONG_BANG)), text="Đã dựng lại.", at=at)
    assert not queries.may_open(helper(city), case)


def test_who_has_helped_once_and_is_asked_no_more_the_second_time_sees_it_no_more(city: City, case: Case) -> None:
    at = city.at("2022-02-15 09:00")
    case = provide_support(asked(case, city), by=Actor.staff(helper(city)), words="Ghế của công viên.", at=at)
    case = asked(case, city, at=at)
    case = withdraw_support(
        case, by=Actor.staff(city.coordinator), agency=city.agencies[LIGHTING], reason="Đã rõ.", at=at
    )
    assert not queries.may_open(helper(city), case)
    told = [template_of(step.action).line_of(step) for step in history(case) if step.support]
    assert [line.sentence for line in told if line] == [f"{LIGHTING} cùng tham gia xử lý"]


def test_what_is_withdrawn_is_seen_no_more(city: City, case: Case) -> None:
    case = asked(case, city)
    by, at = Actor.staff(city.coordinator), city.at("2022-02-14 10:00")
    case = withdraw_support(case, by=by, agency=city.agencies[LIGHTING], reason="Đã rõ.", at=at)
    assert not queries.may_open(helper(city), case)
    with pytest.raises(ActionRefused):
        withdraw_support(case, by=by, agency=city.agencies[LIGHTING], reason="", at=at)
    assert asked(case, city).support_asked_at == city.at("2022-02-14 09:00")  # it may be asked again


@pytest.mark.parametrize(
    ("agency", "until", "argument"),
    [
        (HONG_BANG, date(2022, 2, 16), "agency"),  # it leads
        (LIGHTING, date(2022, 2, 16), "agency"),  # it is asked already
        (LE_CHAN, date(2022, 2, 19), "until"),  # a Saturday
        (LE_CHAN, date(2022, 2, 11), "until"),  # over
        (LE_CHAN, date(2022, 5, 16), "until"),  # after the citizen's own
    ],
)
def test_what_makes_no_sense_is_refused_where_it_was_typed(
    city: City, case: Case, agency: str, until: date, argument: str
) -> None:
    case = asked(case, city)
    with pytest.raises(ActionRefused) as refused:
        asked(case, city, agency, until=until)
    assert refused.value.argument == argument and refused.value.why
    assert Support.objects.count() == 1


def test_on_the_citizens_last_day_it_is_asked_for_by_the_citizens_own_hour(city: City, case: Case) -> None:
    last = case.due_at.astimezone(CITY_TZ)
    assert last.hour < 17
    assert supports.open_of(asked(case, city, until=last.date()))[0].due_at == case.due_at


def test_a_late_case_may_still_be_helped_with(city: City, case: Case) -> None:
    late = case.due_at.replace(month=case.due_at.month + 1)
    case = asked(case, city, at=late, until=city.at("2022-04-06 08:00").date())
    assert supports.open_of(case)[0].due_at > case.due_at


def test_nobody_helps_with_a_denunciation_and_one_that_becomes_one_is_seen_no_more(city: City, case: Case) -> None:
    case = asked(case, city)
    case = mark_denunciation(case, by=Actor.staff(city.coordinator), at=city.at("2022-02-14 10:00"))
    assert case.confidential and case.support_asked_at is None
    assert not queries.may_open(helper(city), case)
    assert Actor.staff(helper(city)).capacities(case) == frozenset()
    secret = city.case("Tôi tố cáo", topic="denunciation", lead="Thanh tra", accepted=True)
    with pytest.raises(ActionRefused):
        asked(secret, city, by=Actor.staff(city.inspector))


def test_an_answer_ends_it_and_taken_back_it_is_asked_for_as_before(city: City, case: Case, settings: Any) -> None:
    settings.UNDO_SECONDS = 30
    case = asked(case, city)
    by, at = Actor.staff(city.officer(HONG_BANG)), city.at("2022-02-15 09:00")
    case = answer(case, by=by, text="Đã dựng lại.", at=at)
    assert case.support_asked_at is None and Support.objects.get().outcome == Support.Outcome.OVER
    with pytest.raises(ActionRefused):
        provide_support(case, by=Actor.staff(helper(city)), words="Muộn.", at=at)
    step = offered(case, to=city.officer(HONG_BANG), at=at)
    assert step
    case = undo(step, by=by, at=at)
    assert case.support_asked_at == city.at("2022-02-14 09:00")
    assert [each.agency.name for each in supports.open_of(case)] == [LIGHTING]
    case = provide_support(case, by=Actor.staff(helper(city)), words="Ghế của công viên.", at=at)
    assert case.state == State.IN_PROGRESS


def test_it_ends_where_the_case_is_handed_back_and_stays_where_another_takes_the_lead(city: City, case: Case) -> None:
    case = asked(case, city)
    at = city.at("2022-02-15 09:00")
    moved = reassign(case, by=Actor.staff(city.coordinator), agency=city.agencies[LE_CHAN], reason="Nhầm.", at=at)
    assert moved.support_asked_at is not None and queries.may_open(helper(city), moved)
    back = hand_back(moved, by=Actor.staff(city.officer(LE_CHAN)), reason="Không thuộc.", at=at)
    assert back.support_asked_at is None and not queries.may_open(helper(city), back)


def test_an_agency_that_takes_the_lead_of_what_it_helps_with_helps_itself_no_more(city: City, case: Case) -> None:
    case = asked(case, city)
    at = city.at("2022-02-15 09:00")
    case = reassign(case, by=Actor.staff(city.coordinator), agency=city.agencies[LIGHTING], reason="Của họ.", at=at)
    assert case.support_asked_at is None
    assert queries.counts(helper(city))[queries.SUPPORTING] == 0
    assert not senders.is_hidden_from(helper(city), case)


def test_whoever_ends_an_agency_is_told_what_it_helps_with(city: City, case: Case) -> None:
    pk = city.agencies[LIGHTING].pk
    assert in_directory.helping_at_agencies([pk]) == {}
    asked(case, city)
    assert in_directory.helping_at_agencies([pk])[pk].words == "1 phiếu nhờ phối hợp"
    planned = Agency.objects.get(pk=pk)
    planned.valid_to = today() + timedelta(days=30)
    said = in_directory.agency_effects(city.agencies[LIGHTING], planned)
    assert any("1 phiếu nhờ phối hợp" in sentence for sentence in said)


def test_erasure_blanks_what_was_asked_and_said(city: City, case: Case) -> None:
    case = provide_support(
        asked(case, city), by=Actor.staff(helper(city)), words="Nhà bà Tư.", at=city.at("2022-02-15 09:00")
    )
    by, at = Actor.staff(city.officer(HONG_BANG)), city.at("2022-02-16 09:00")
    case = close(answer(case, by=by, text="Xong.", at=at), by=by, at=at)
    erase(case, interactions=[], because="retention", by=Actor.system(), at=at)
    gone = Support.objects.get()
    assert (gone.task, gone.words) == ("", "")
