"""A denunciation from its first word to its end: who knows of it, who may get it, who may never."""

from __future__ import annotations

import pytest

from tests.city import HONG_BANG, INSPECTORATE, LE_CHAN, LIGHTING, City, doubtful, forget_snapshots
from tongdai.accounts.models import Role
from tongdai.cases import queries
from tongdai.cases.actions.accept import accept
from tongdai.cases.actions.answer import answer
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.classify import classify
from tongdai.cases.actions.clear_doubt import clear_doubt
from tongdai.cases.actions.mark_denunciation import mark_denunciation
from tongdai.cases.actions.name_denounced import name_denounced
from tongdai.cases.actions.raise_doubt import raise_doubt
from tongdai.cases.actions.recall import recall
from tongdai.cases.actions.unmark_denunciation import unmark_denunciation
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.cases.states import ActionRefused, State
from tongdai.cases.transition import RING_ON_DUTY
from tongdai.directory.models import Agency
from tongdai.people.models import Channel

pytestmark = pytest.mark.django_db

SURE = "Tôi tố cáo ông trưởng phòng lấy đất công"
LOUD = "Loa kéo hát to đến nửa đêm"
POLICE = "Công an thành phố"


def noon(city: City):
    return city.at("2022-02-14 12:00")


def sees(city: City, case: Case, *users) -> list[bool]:
    return [queries.visible_cases(user).filter(pk=case.pk).exists() for user in users]


@pytest.fixture
def police(city: City) -> Agency:
    """The administrator has named it as a body that handles denunciations."""
    made = Agency(name=POLICE, code="cong-an", handles_denunciations=True)
    made.clean_names()
    made.save()
    city.agencies[POLICE] = made
    forget_snapshots()
    return made


@pytest.fixture
def secret(city: City) -> Case:
    return city.case(SURE, place="Hồng Bàng")


def test_it_is_hidden_from_its_first_moment_whatever_channel_it_came_by(city: City) -> None:
    for channel in Channel:
        case = city.case(SURE, channel=channel, phone=f"+8490400010{len(channel)}")
        assert case.confidential and not case.perhaps_denunciation and not case.urgent
        assert case.topic == city.topics["denunciation"]
        assert case.events.get().changed == {"denunciation": "judged"}


def test_a_topic_that_was_chosen_stays_and_the_case_is_hidden_all_the_same(city: City) -> None:
    case = city.case(SURE, topic="waste", visibility=Case.Visibility.PUBLIC)
    assert case.confidential and case.topic == city.topics["waste"]
    assert case.visibility == Case.Visibility.PRIVATE


def test_a_name_given_with_it_isnt_the_contacts_for_all_to_read(city: City) -> None:
    case = city.case(SURE, name="Nguyễn Thị Kín")
    assert case.contact and case.contact.name == ""


def test_no_agency_gets_a_case_while_it_is_in_doubt(city: City) -> None:
    case = city.case(doubtful())
    assert case.perhaps_denunciation and not case.confidential
    by = Actor.staff(city.coordinator)
    with pytest.raises(ActionRefused) as refused:
        assign(case, by=by, agency=city.agencies[HONG_BANG], at=noon(city))
    assert "Là tố cáo" in refused.value.why
    case = clear_doubt(case, by=by, at=noon(city))
    assert assign(case, by=by, agency=city.agencies[HONG_BANG], at=noon(city)).state == State.ASSIGNED
    with pytest.raises(ActionRefused):
        clear_doubt(case, by=by, at=noon(city))


def test_the_senders_own_word_settles_the_doubt(city: City) -> None:
    assert city.case(doubtful(), declared_denunciation=True).confidential
    said_no = city.case(doubtful(), declared_denunciation=False)
    assert not said_no.confidential and not said_no.perhaps_denunciation


def test_whoever_sees_a_case_can_mark_it_and_sees_it_no_more(city: City) -> None:
    supervisor, approver = (
        city.staff(Role.SUPERVISOR, "Lê Giám Sát"),
        city.staff(Role.APPROVER, "Duyệt", agency=HONG_BANG),
    )
    for user in (city.call_taker, city.coordinator, supervisor, city.leader, approver, city.officer(HONG_BANG)):
        case = city.case(LOUD, lead=HONG_BANG, accepted=True)
        assert sees(city, case, user) == [True]
        case = mark_denunciation(case, by=Actor.staff(user), at=noon(city))
        assert (case.state, case.lead, case.confidential) == (State.HANDED_BACK, None, True)
        assert not case.assignments.filter(ended_at=None).exists()
        assert sees(city, case, user, city.inspector) == [False, True]
        assert case in city.inbox(city.inspector)
        with pytest.raises(ActionRefused):
            unmark_denunciation(case, by=Actor.staff(user), at=noon(city))


def test_who_cannot_see_a_case_cannot_mark_it(city: City) -> None:
    case = city.case(lead=HONG_BANG)
    for stranger in (city.officer(LE_CHAN), city.admin, city.inspector):
        with pytest.raises(ActionRefused):
            mark_denunciation(case, by=Actor.staff(stranger), at=noon(city))


def test_one_marked_after_its_answer_is_hidden_from_the_agency_that_gave_it(city: City) -> None:
    case = city.answered(lead=HONG_BANG)
    case = mark_denunciation(case, by=Actor.staff(city.coordinator), at=noon(city))
    assert case.state == State.ANSWERED
    assert sees(city, case, city.officer(HONG_BANG), city.coordinator, city.inspector) == [False, False, True]
    case = unmark_denunciation(case, by=Actor.staff(city.inspector), at=noon(city))
    assert sees(city, case, city.officer(HONG_BANG), city.coordinator) == [True, True]
    assert case.topic == city.topics["waste"] and case.lead == city.agencies[HONG_BANG]


def test_events_of_it_hold_codes_alone(city: City, secret: Case, police: Agency) -> None:
    by = Actor.staff(city.inspector)
    name_denounced(secret, by=by, agency=city.agencies[HONG_BANG], at=noon(city))
    assign(secret, by=by, agency=police, at=noon(city))
    recall(secret, by=by, at=noon(city))
    unmark_denunciation(secret, by=by, at=noon(city))
    for event in secret.events.all():
        assert not any(words in str(event.changed) for words in ("Hồng Bàng", "Công an", "tố cáo"))


def test_it_goes_to_bodies_that_handle_denunciations_alone(city: City, secret: Case, police: Agency) -> None:
    by = Actor.staff(city.inspector)
    for agency in (LE_CHAN, LIGHTING):
        with pytest.raises(ActionRefused):
            assign(secret, by=by, agency=city.agencies[agency], at=noon(city))
    with pytest.raises(ActionRefused) as refused:
        assign(secret, by=by, agency=police, at=noon(city))
    assert "ai bị tố cáo" in refused.value.why
    name_denounced(secret, by=by, agency=None, at=noon(city))
    assert assign(secret, by=by, agency=police, at=noon(city)).lead == police


def test_it_never_goes_to_the_denounced_agency_or_one_below_it(city: City, secret: Case, police: Agency) -> None:
    station = Agency(name="Công an phường", code="cong-an-phuong", parent=police, handles_denunciations=True)
    station.clean_names()
    station.save()
    forget_snapshots()
    by = Actor.staff(city.inspector)
    name_denounced(secret, by=by, agency=police, at=noon(city))
    for agency in (police, station):
        with pytest.raises(ActionRefused) as refused:
            assign(secret, by=by, agency=agency, at=noon(city))
        assert "bị tố cáo" in refused.value.why
    assert assign(secret, by=by, agency=city.agencies[INSPECTORATE], at=noon(city)).state == State.ASSIGNED


def test_officers_of_the_body_it_was_sent_to_work_on_it_and_nobody_else_there(
    city: City, secret: Case, police: Agency
) -> None:
    officer, approver = city.officer(POLICE), city.staff(Role.APPROVER, "Chỉ huy", agency=POLICE)
    other = city.case(SURE, phone="+84904000009")
    by = Actor.staff(city.inspector)
    name_denounced(secret, by=by, agency=city.agencies[HONG_BANG], at=noon(city))
    assign(secret, by=by, agency=police, at=noon(city))
    assert sees(city, secret, officer, approver, city.officer(HONG_BANG), city.coordinator) == [
        True,
        False,
        False,
        False,
    ]
    assert sees(city, other, officer) == [False]
    case = answer(
        accept(secret, by=Actor.staff(officer), at=noon(city)), by=Actor.staff(officer), text="Đã rõ.", at=noon(city)
    )
    assert case.state == State.ANSWERED


def test_the_inspector_recalls_it_and_the_body_knows_of_it_no_more(city: City, secret: Case, police: Agency) -> None:
    officer, by = city.officer(POLICE), Actor.staff(city.inspector)
    name_denounced(secret, by=by, agency=None, at=noon(city))
    assign(secret, by=by, agency=police, at=noon(city))
    with pytest.raises(ActionRefused):
        name_denounced(secret, by=by, agency=police, at=noon(city))  # it is with them: first recalled
    with pytest.raises(ActionRefused):
        recall(secret, by=Actor.staff(officer), at=noon(city))
    case = recall(secret, by=by, at=noon(city))
    assert (case.state, case.lead) == (State.HANDED_BACK, None)
    assert case in city.inbox(city.inspector) and sees(city, case, officer) == [False]
    assert name_denounced(case, by=by, agency=police, at=noon(city)).denounced == police


def test_an_inspector_of_the_denounced_body_is_told_nothing_and_one_elsewhere_must_be_left(
    city: City, secret: Case
) -> None:
    ours = Actor.staff(city.inspector)
    with pytest.raises(ActionRefused) as refused:
        name_denounced(secret, by=ours, agency=city.agencies[INSPECTORATE], at=noon(city))
    assert "Không còn thanh tra viên" in refused.value.why
    above = city.staff(Role.INSPECTOR, "Thanh tra cấp trên")
    name_denounced(secret, by=ours, agency=city.agencies[INSPECTORATE], at=noon(city))
    assert sees(city, secret, city.inspector, above) == [False, True]


def test_no_topic_makes_it_public_business(city: City, secret: Case) -> None:
    by = Actor.staff(city.inspector)
    case = classify(secret, by=by, topic=city.topics["waste"], place=None, at=noon(city))
    assert case.confidential
    case = unmark_denunciation(case, by=by, at=noon(city))
    assert not case.confidential and case in city.inbox(city.coordinator)


def test_a_coordinator_who_sorts_a_case_as_a_denunciation_marks_it(city: City) -> None:
    case = city.case("Việc ở phường", visibility=Case.Visibility.PUBLIC)
    by = Actor.staff(city.coordinator)
    case = classify(case, by=by, topic=city.topics["denunciation"], place=None, at=noon(city))
    assert case.confidential and case.visibility == Case.Visibility.PRIVATE
    assert sees(city, case, city.coordinator, city.inspector) == [False, True]


def test_what_the_query_says_of_a_person_the_case_in_hand_says_too(city: City, secret: Case, police: Agency) -> None:
    from tongdai.cases.access import secrecy

    by = Actor.staff(city.inspector)
    everybody = [
        city.inspector,
        city.officer(POLICE),
        city.officer(HONG_BANG),
        city.coordinator,
        city.leader,
        city.admin,
    ]
    for step in (
        lambda: None,
        lambda: name_denounced(secret, by=by, agency=city.agencies[HONG_BANG], at=noon(city)),
        lambda: assign(secret, by=by, agency=police, at=noon(city)),
        lambda: recall(secret, by=by, at=noon(city)),
    ):
        step()
        case = Case.objects.get(pk=secret.pk)
        assert [secrecy.knows(user, case) for user in everybody] == sees(city, case, *everybody)


def test_what_is_no_denunciation_after_all_rings_then_if_it_cannot_wait(city: City) -> None:
    case = city.case(SURE)
    assert case.confidential
    Case.objects.update(urgent=False, danger_level="urgent")  # not a life: nobody was rung while it was secret
    case = unmark_denunciation(case, by=Actor.staff(city.inspector), at=city.at("2022-02-14 08:10"))
    assert case.urgent
    from procrastinate.contrib.django.models import ProcrastinateJob  # models, not there when tests are gathered

    assert ProcrastinateJob.objects.filter(task_name=RING_ON_DUTY).count() == 1


def test_what_the_second_look_finds_keeps_the_case_from_every_agency(city: City) -> None:
    case = raise_doubt(city.case("Loa kéo hát to đến nửa đêm"), by=Actor.system(), at=noon(city))
    with pytest.raises(ActionRefused):
        assign(case, by=Actor.staff(city.coordinator), agency=city.agencies[HONG_BANG], at=noon(city))
    case = mark_denunciation(case, by=Actor.system(), at=noon(city))
    assert sees(city, case, city.coordinator, city.inspector) == [False, True]
    assert not raise_doubt(case, by=Actor.system(), at=noon(city)).perhaps_denunciation
