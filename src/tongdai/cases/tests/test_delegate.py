"""One of the agency works on a case: whoever accepted it, or to whom it was delegated; all of them see it and may answer."""

from __future__ import annotations

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.city import HONG_BANG, INSPECTORATE, LE_CHAN, City
from tongdai.accounts.models import Role, User
from tongdai.cases import queries
from tongdai.cases.actions.accept import accept
from tongdai.cases.actions.answer import answer
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.delegate import delegate
from tongdai.cases.actions.hand_back import hand_back
from tongdai.cases.actions.reassign import reassign
from tongdai.cases.actions.undo import undo
from tongdai.cases.actor import Actor
from tongdai.cases.history import history
from tongdai.cases.models import Case
from tongdai.cases.states import ActionRefused, State

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(city: City) -> User:
    city.officer(HONG_BANG)  # who is there already
    return city.staff(Role.OFFICER, "Nguyễn Thị Hoa", agency=HONG_BANG)


def handler_of(case: Case) -> User | None:
    running = case.assignments.filter(ended_at=None).select_related("handler").first()
    return running.handler if running else None


def test_whoever_accepts_a_case_handles_it_until_it_is_delegated(city: City, colleague: User) -> None:
    case, officer = city.case(lead=HONG_BANG, accepted=True), city.officer(HONG_BANG)
    assert handler_of(case) == officer and city.inbox(officer, "mine") == [case] and city.inbox(colleague, "mine") == []
    due, jobs = case.due_at, ProcrastinateJob.objects.count()

    case = delegate(case, by=Actor.staff(officer), handler=colleague, at=city.at("2022-02-14 10:00"))

    assert (
        handler_of(case) == colleague and city.inbox(colleague, "mine") == [case] and city.inbox(officer, "mine") == []
    )
    assert queries.counts(colleague)["mine"] == 1 and queries.counts(officer)["mine"] == 0
    assert case in city.inbox(officer, "in_progress"), "it is still the whole agency's"
    assert (case.state, case.due_at, ProcrastinateJob.objects.count()) == (State.IN_PROGRESS, due, jobs)
    step = history(case)[-1]
    assert (step.action, step.user, step.handler) == ("delegate", officer, colleague)
    assert answer(case, by=Actor.staff(officer), text="Đã dọn.", at=city.at("2022-02-14 11:00")).state == State.ANSWERED
    assert city.inbox(colleague, "mine") == []


def test_one_takes_a_case_over_oneself(city: City, colleague: User) -> None:
    case = city.case(lead=HONG_BANG, accepted=True)
    case = delegate(case, by=Actor.staff(colleague), handler=colleague, at=city.at("2022-02-14 10:00"))
    assert city.inbox(colleague, "mine") == [case]


def test_to_whom_it_was_given_before_stays_when_somebody_accepts_and_when_that_is_undone(
    city: City, colleague: User, settings
) -> None:
    settings.UNDO_SECONDS = 30
    case, officer, at = city.case(lead=HONG_BANG), city.officer(HONG_BANG), city.at("2022-02-14 10:00")
    case = delegate(case, by=Actor.staff(officer), handler=colleague, at=at)
    case = accept(case, by=Actor.staff(officer), at=at)
    assert handler_of(case) == colleague
    case = undo(case.events.get(action="accept"), by=Actor.staff(officer), at=at)
    assert (case.state, handler_of(case)) == (State.ASSIGNED, colleague)


def test_only_who_can_answer_for_the_agency_is_given_a_case(city: City, colleague: User) -> None:
    case, officer, at = city.case(lead=HONG_BANG, accepted=True), city.officer(HONG_BANG), city.at("2022-02-14 10:00")
    gone = city.staff(Role.OFFICER, "Đã nghỉ", agency=HONG_BANG)
    gone.is_active = False
    gone.save()
    for other in (city.officer(LE_CHAN), gone, city.coordinator, city.admin, officer):
        with pytest.raises(ActionRefused) as refused:
            delegate(case, by=Actor.staff(officer), handler=other, at=at)
        assert refused.value.argument == "handler" and refused.value.why
    assert handler_of(case) == officer
    approver = city.staff(Role.APPROVER, "Lê Duyệt", agency=HONG_BANG)
    delegate(case, by=Actor.staff(officer), handler=approver, at=at)
    assert handler_of(case) == approver


def test_a_denunciation_is_given_to_nobody_who_may_not_know_of_it(city: City) -> None:
    secret = city.case("Tôi tố cáo", topic="denunciation", lead=INSPECTORATE, accepted=True)
    by, at = Actor.staff(city.officer(INSPECTORATE)), city.at("2022-02-14 10:00")
    approver = city.staff(Role.APPROVER, "Lê Duyệt", agency=INSPECTORATE)
    with pytest.raises(ActionRefused):
        delegate(secret, by=by, handler=approver, at=at)
    page = signed_in(city.officer(INSPECTORATE)).get(f"/ban/phieu/{secret.code}/giao/").content.decode()
    assert "Lê Duyệt" not in page and city.inspector.full_name in page
    delegate(secret, by=by, handler=city.inspector, at=at)
    assert handler_of(secret) == city.inspector


def test_nobody_handles_what_has_left_the_agency(city: City, colleague: User) -> None:
    officer, coordinator, at = (
        Actor.staff(city.officer(HONG_BANG)), Actor.staff(city.coordinator), city.at("2022-02-14 10:00")
    )  # fmt: skip
    moved = reassign(
        city.case(lead=HONG_BANG, accepted=True), by=coordinator, agency=city.agencies[LE_CHAN], reason="Nhầm.", at=at
    )
    back = hand_back(city.case("Cống nghẹt", lead=HONG_BANG, accepted=True), by=officer, reason="Không phải.", at=at)
    back = assign(back, by=coordinator, agency=city.agencies[HONG_BANG], at=at)
    assert handler_of(moved) is None and handler_of(back) is None and city.inbox(city.officer(HONG_BANG), "mine") == []


def test_on_the_desk_a_colleague_is_chosen_by_name_and_the_page_says_who_has_it(city: City, colleague: User) -> None:
    case, client = city.case(lead=HONG_BANG, accepted=True), signed_in(city.officer(HONG_BANG))
    there = f"/ban/phieu/{case.code}/giao/"
    for name in ("Trần Văn An", "Lê Thị Bình"):
        city.staff(Role.OFFICER, name, agency=HONG_BANG)
    stranger = city.officer(LE_CHAN)
    page = client.get(there)
    assert [each.full_name for each in page.context["colleagues"]] == ["Trần Văn An", "Lê Thị Bình", "Nguyễn Thị Hoa"]
    for wrong in ("", "99999999", "x", str(stranger.pk)):
        answered = client.post(there, {"handler": wrong})
        assert answered.status_code == 422, wrong
    assert stranger.full_name not in client.post(there, {"handler": str(stranger.pk)}).content.decode()
    done = client.post(there, {"handler": colleague.pk}, follow=True).content.decode()
    assert "do Nguyễn Thị Hoa thụ lý" in done and "Giao Nguyễn Thị Hoa thụ lý" in done
    page = client.get(f"/ban/phieu/{case.code}/").content.decode()
    assert "<dd>Nguyễn Thị Hoa</dd>" in page
    assert signed_in(colleague).get("/ban/?khung=mine").content.decode().count(case.code) >= 1


def test_who_has_left_is_named_with_that_until_somebody_takes_the_case_over(city: City, colleague: User) -> None:
    case = city.case(lead=HONG_BANG, accepted=True)
    officer = city.officer(HONG_BANG)
    delegate(case, by=Actor.staff(officer), handler=colleague, at=city.at("2022-02-14 10:00"))
    page = f"/ban/phieu/{case.code}/"
    left = "không còn ở cơ quan này"
    assert left not in signed_in(officer).get(page).content.decode()
    for change in ({"is_active": False}, {"is_active": True, "agency": city.agencies[LE_CHAN]}):
        User.objects.filter(pk=colleague.pk).update(**change)
        shown = signed_in(officer).get(page).content.decode()
        assert colleague.full_name in shown and left in shown
    delegate(case, by=Actor.staff(officer), handler=officer, at=city.at("2022-02-14 11:00"))
    assert left not in signed_in(officer).get(page).content.decode()


def test_who_is_alone_at_the_agency_has_nothing_to_send(city: City) -> None:
    case, client = city.case(lead=HONG_BANG, accepted=True), signed_in(city.officer(HONG_BANG))
    page = client.get(f"/ban/phieu/{case.code}/giao/").content.decode()
    assert "Cơ quan chưa có ai khác" in page and "Giao phiếu" not in page


def test_who_was_not_meant_to_gives_it_to_nobody(city: City, colleague: User) -> None:
    """A stranger, another agency, a coordinator; somebody who was let go, with a page still open."""
    case, gone = city.case(lead=HONG_BANG, accepted=True), city.staff(Role.OFFICER, "Đã nghỉ", agency=HONG_BANG)
    clients = [Client(), *(signed_in(user) for user in (city.officer(LE_CHAN), city.coordinator, city.admin, gone))]
    gone.is_active = False
    gone.save()
    for client in clients:
        for answered in (
            client.get(f"/ban/phieu/{case.code}/giao/"),
            client.post(f"/ban/phieu/{case.code}/giao/", {"handler": colleague.pk}),
        ):
            assert answered.status_code in (302, 401, 403, 404, 409)
            assert colleague.full_name not in answered.content.decode()
    assert handler_of(case) == city.officer(HONG_BANG) and not case.events.filter(action="delegate").exists()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
