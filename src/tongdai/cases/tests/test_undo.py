"""The last step taken back, half a minute long: nothing is left of it but that it was done, and its citizen never knew."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.forms.models import model_to_dict
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.city import HONG_BANG, LE_CHAN, LIGHTING, City
from tests.reading import read
from tongdai.accounts.models import Role, User
from tongdai.cases import queries, routing
from tongdai.cases.actions.accept import accept
from tongdai.cases.actions.answer import Attached, answer
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.classify import classify
from tongdai.cases.actions.close import close
from tongdai.cases.actions.draft import draft
from tongdai.cases.actions.extend import extend
from tongdai.cases.actions.hand_back import hand_back
from tongdai.cases.actions.merge import merge
from tongdai.cases.actions.note import note
from tongdai.cases.actions.reassign import reassign
from tongdai.cases.actions.recall import recall
from tongdai.cases.actions.register import Photo
from tongdai.cases.actions.reject import reject
from tongdai.cases.actions.undo import offered, undo
from tongdai.cases.actor import Actor
from tongdai.cases.history import history
from tongdai.cases.lifecycle import RULES
from tongdai.cases.models import Answer, Attachment, Case, Event, Rejection
from tongdai.cases.states import ActionRefused, State
from tongdai.cases.transition import NOTIFY_CITIZEN, RING_ON_DUTY
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.people.models import Channel, Interaction
from tongdai.portal.follow.timeline import timeline

DAY = date(2022, 2, 28)


@pytest.fixture(autouse=True)
def half_a_minute(settings) -> None:  # type: ignore[no-untyped-def]
    settings.UNDO_SECONDS = 30


@pytest.fixture
def at(city: City) -> datetime:
    return city.at("2022-02-14 14:00")


def taken_back(case: Case, user: User, at: datetime, *, after: int = 10) -> Case:
    return undo(case.events.get(seq=case.events_count), by=Actor.staff(user), at=at + timedelta(seconds=after))


def given(case: Case, city: City, at: datetime, user: User) -> Case:
    return answer(case, by=Actor.staff(user), text="Đã dọn xong.", at=at)


STEPS = {
    "assign": ("", False, lambda c, city, by, at: assign(c, by=by, agency=city.agencies[LIGHTING], note="Gấp.", at=at)),
    "classify": ("", False, lambda c, city, by, at: classify(c, by=by, topic=city.topics["covid-help"], place=None, at=at)),
    "reject": ("", False, lambda c, city, by, at: reject(c, by=by, ground="no_content", reason="Chưa rõ.", at=at)),
    "reassign": (HONG_BANG, True, lambda c, city, by, at: reassign(
        c, by=by, agency=city.agencies[LE_CHAN], reason="Nhầm.", at=at)),
    "recall": (HONG_BANG, True, lambda c, city, by, at: recall(c, by=by, reason="Nhầm.", at=at)),
    "extend": (HONG_BANG, True, lambda c, city, by, at: extend(c, by=by, until=DAY, reason="Chờ vật tư.", at=at)),
    "accept": (HONG_BANG, False, lambda c, city, by, at: accept(c, by=by, at=at)),
    "hand_back": (HONG_BANG, True, lambda c, city, by, at: hand_back(
        c, by=by, reason="Thuộc nơi khác", competent=city.agencies[LE_CHAN], at=at)),
    "answer": (HONG_BANG, True, lambda c, city, by, at: answer(c, by=by, text="Đã dọn xong.", at=at)),
}  # fmt: skip
OFFICERS = {"accept", "hand_back", "answer"}


def whole(case: Case) -> dict[str, object]:
    """The case as it stands, with whoever has it and since when."""
    row = model_to_dict(Case.objects.get(pk=case.pk), exclude=["events_count"])
    leads = case.assignments.filter(ended_at=None)
    return row | {
        "lead now": list(leads.values("agency", "accepted_at", "accepted_by", "handler", "end_reason", "competent"))
    }


@pytest.mark.parametrize("step", STEPS)
def test_everything_is_as_it_was_and_the_history_tells_both(city: City, at: datetime, step: str) -> None:
    lead, accepted, act = STEPS[step]
    case = city.case("Rác tràn ra hè phố", topic="waste", place="Hồng Bàng", lead=lead, accepted=accepted)
    user = city.officer(HONG_BANG) if step in OFFICERS else city.coordinator
    before = whole(case)
    case = act(case, city, Actor.staff(user), at)
    assert whole(case) != before
    case = taken_back(case, user, at)
    assert whole(case) == before
    assert not Answer.objects.exists() and not Rejection.objects.exists()
    done, back = history(case)[-2:]
    assert (done.action, done.undone, back.action, back.user) == (step, True, "undo", user)
    act(case, city, Actor.staff(user), at + timedelta(seconds=20))  # and it can be done again


def test_a_closed_case_is_answered_again_and_its_links_open(city: City, at: datetime) -> None:
    case = close(city.answered(lead=HONG_BANG), by=Actor.staff(city.coordinator), at=at)
    assert taken_back(case, city.coordinator, at).state == State.ANSWERED


def test_what_can_be_undone_is_what_the_lifecycle_says(city: City) -> None:
    assert {rule.action for rule in RULES if rule.undoable} == set(STEPS) | {"close"}


def test_its_citizen_is_told_half_a_minute_later_of_danger_at_once(city: City, at: datetime) -> None:
    by = Actor.staff(city.coordinator)
    quiet = assign(city.case(channel=Channel.SMS), by=by, agency=city.agencies[HONG_BANG], at=at)
    urgent = assign(city.case("Cháy nhà, có người kẹt bên trong"), by=by, agency=city.agencies[HONG_BANG], at=at)
    jobs = {
        case: ProcrastinateJob.objects.get(task_name=NOTIFY_CITIZEN, args__event_id=case.events.get(action="assign").pk)
        for case in (quiet, urgent)
    }
    assert jobs[urgent].scheduled_at is None
    with pytest.raises(ActionRefused) as refused:
        taken_back(urgent, city.coordinator, at)
    assert "được báo ngay" in refused.value.why
    waits = jobs[quiet].scheduled_at - datetime.now(tz=at.tzinfo)
    assert timedelta(seconds=15) < waits <= timedelta(seconds=30)


def test_the_house_itself_waits_for_nobody(city: City, at: datetime) -> None:
    case = assign(city.case(channel=Channel.SMS), by=Actor.system(), agency=city.agencies[HONG_BANG], at=at)
    event = case.events.get(action="assign")
    assert ProcrastinateJob.objects.get(task_name=NOTIFY_CITIZEN, args__event_id=event.pk).scheduled_at is None


def test_taken_back_its_text_never_leaves_and_its_page_never_shows_it(city: City, at: datetime) -> None:
    officer = city.officer(HONG_BANG)
    case = given(city.case(lead=HONG_BANG, accepted=True, channel=Channel.SMS), city, at, officer)
    event = case.events.get(action="answer")
    case = taken_back(case, officer, at)
    notify_citizen(event.pk)
    assert not Interaction.objects.filter(key=f"sms-answer:{event.pk}").exists()
    sentences = [entry.line.sentence for entry in timeline(case, at=at)]
    assert not any("trả lời" in sentence for sentence in sentences)


def test_once_its_text_was_written_it_is_refused(city: City, at: datetime) -> None:
    officer = city.officer(HONG_BANG)
    case = given(city.case(lead=HONG_BANG, accepted=True, channel=Channel.SMS), city, at, officer)
    notify_citizen(case.events.get(action="answer").pk)
    with pytest.raises(ActionRefused) as refused:
        taken_back(case, officer, at)
    assert "Người dân đã được báo" in refused.value.why and Case.objects.get().state == State.ANSWERED


def test_too_late_somebody_elses_or_not_the_last_it_is_refused(city: City, at: datetime) -> None:
    officer, other = city.officer(HONG_BANG), city.officer(LE_CHAN)
    case = given(city.case(lead=HONG_BANG, accepted=True), city, at, officer)
    for user, after, why in ((officer, 31, "Đã quá 30 giây"), (other, 5, "không hoàn tác được")):
        with pytest.raises(ActionRefused) as refused:
            taken_back(case, user, at, after=after)
        assert why in refused.value.why
    event = case.events.get(action="answer")
    note(case, by=Actor.staff(city.coordinator), words="Xem lại.", at=at)
    with pytest.raises(ActionRefused) as refused:
        undo(event, by=Actor.staff(officer), at=at)
    assert "bước khác" in refused.value.why
    fresh = given(city.case(lead=HONG_BANG, accepted=True), city, at, officer)
    officer.is_active = False
    officer.save()
    with pytest.raises(ActionRefused):
        taken_back(fresh, officer, at)


def test_twice_it_isnt_taken_back_nor_is_the_taking_back(city: City, at: datetime) -> None:
    case = assign(city.case(), by=Actor.staff(city.coordinator), agency=city.agencies[HONG_BANG], at=at)
    case = taken_back(case, city.coordinator, at)
    with pytest.raises(ActionRefused):
        taken_back(case, city.coordinator, at)
    with pytest.raises(ActionRefused):
        undo(case.events.get(action="assign"), by=Actor.staff(city.coordinator), at=at)


def test_what_became_a_denunciation_stays_one(city: City, at: datetime) -> None:
    by = Actor.staff(city.coordinator)
    case = classify(city.case(), by=by, topic=city.topics["denunciation"], place=None, at=at)
    assert case.confidential
    with pytest.raises(ActionRefused):
        taken_back(case, city.coordinator, at)
    assert Case.objects.get().confidential


def test_what_others_were_told_with_it_or_an_approver_had_before_them_isnt_undone(city: City, at: datetime) -> None:
    officer = city.officer(HONG_BANG)
    main = city.case(lead=HONG_BANG, accepted=True)
    merge(city.case(phone="+84904000111"), into=main, by=Actor.staff(city.coordinator), at=at)
    with pytest.raises(ActionRefused) as refused:
        taken_back(given(Case.objects.get(pk=main.pk), city, at, officer), officer, at)
    assert "ghép vào phiếu này" in refused.value.why
    city.topics["waste"].approval_required = True
    city.topics["waste"].save()
    city.staff(Role.APPROVER, "Lê Duyệt", agency=HONG_BANG)
    case = city.case(topic="waste", lead=HONG_BANG, accepted=True)
    case = draft(case, by=Actor.staff(officer), text="Đã dọn.", at=at)
    case = hand_back(case, by=Actor.staff(officer), reason="Nơi khác", at=at)
    with pytest.raises(ActionRefused):
        taken_back(case, officer, at)


def test_turned_off_nothing_is_undone_nor_is_it_offered(city: City, at: datetime, settings) -> None:  # type: ignore[no-untyped-def]
    settings.UNDO_SECONDS = 0
    case = assign(city.case(), by=Actor.staff(city.coordinator), agency=city.agencies[HONG_BANG], at=at)
    assert offered(case, to=city.coordinator, at=at) is None
    with pytest.raises(ActionRefused):
        taken_back(case, city.coordinator, at, after=0)


def test_who_was_merged_into_it_since_and_was_answered_keeps_the_answer(city: City, at: datetime) -> None:
    officer = city.officer(HONG_BANG)
    case = given(city.case(lead=HONG_BANG, accepted=True), city, at, officer)
    event = Event.objects.select_related("case").get(case=case, seq=case.events_count)  # read before the merge
    merge(city.case(phone="+84904000111"), into=case, by=Actor.staff(city.coordinator), at=at)
    with pytest.raises(ActionRefused) as refused:
        undo(event, by=Actor.staff(officer), at=at)
    assert "ghép vào phiếu này" in refused.value.why and Case.objects.get(pk=case.pk).state == State.ANSWERED


def test_an_urgent_one_that_is_nobodys_again_rings_once_more(city: City, at: datetime) -> None:
    officer = city.officer(HONG_BANG)
    case = accept(city.case(lead=HONG_BANG, topic="covid-help"), by=Actor.staff(officer), at=at)
    assert not case.untaken
    case = taken_back(case, officer, at)
    assert case.untaken
    event = case.events.get(action="undo")
    assert ProcrastinateJob.objects.filter(task_name=RING_ON_DUTY, args__event_id=event.pk).count() == 1


def test_an_agency_it_was_sent_to_by_mistake_counts_as_none_that_had_it(city: City, at: datetime) -> None:
    """The one that handed it back stays the last, and whom it named is suggested."""
    case = city.case("Rác tràn ra hè phố", topic="waste", place="Hồng Bàng", lead=HONG_BANG)
    case = hand_back(
        case, by=Actor.staff(city.officer(HONG_BANG)), reason="Phường bên", competent=city.agencies[LE_CHAN], at=at
    )
    later = at + timedelta(minutes=1)
    case = assign(case, by=Actor.staff(city.coordinator), agency=city.agencies[LIGHTING], at=later)
    case = taken_back(case, city.coordinator, later)
    assert routing.suggested_agency(case) == city.agencies[LE_CHAN]


def test_files_of_an_answer_go_with_it(city: City, at: datetime, django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    name = default_storage.save("t/undone.jpg", ContentFile(b"x"))
    officer = city.officer(HONG_BANG)
    photo = Photo(file=name, content_type="image/jpeg", size=1, width=1, height=1, sha256="0" * 64)
    case = answer(
        city.case(lead=HONG_BANG, accepted=True), by=Actor.staff(officer), text="Đã dọn.", at=at,
        attached=[Attached(photo, Attachment.Kind.AFTER)],
    )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        taken_back(case, officer, at)
    assert not Attachment.objects.exists() and not default_storage.exists(name)


def test_on_the_desk_a_key_takes_it_back_and_the_words_stand_in_the_form_again(city: City) -> None:
    case = city.case(lead=HONG_BANG, accepted=True)
    client = Client()
    client.force_login(city.officer(HONG_BANG))
    address = f"/ban/phieu/{case.code}/"
    done = read(client.post(f"{address}tra-loi/", {"text": "Đã dọn xong."}, follow=True))
    assert "Hoàn tác" in done and 'data-key="z"' in done
    seq = Case.objects.get().events_count
    back = read(client.post(f"{address}hoan-tac/{seq}/", follow=True))
    assert "Đã hoàn tác." in back and "Hoàn tác bước vừa làm" in back
    assert Case.objects.get().state == State.IN_PROGRESS
    assert client.get(f"{address}tra-loi/").context["form"]["text"].value() == "Đã dọn xong."
    again = client.post(f"{address}hoan-tac/{seq}/")
    assert again.status_code == 409 and "không hoàn tác được" in again.content.decode()


def test_whoever_sees_the_case_no_more_after_their_step_takes_it_back_all_the_same(city: City) -> None:
    case = city.case(lead=HONG_BANG, accepted=True)
    officer = city.officer(HONG_BANG)
    client = Client()
    client.force_login(officer)
    page = read(client.post(f"/ban/phieu/{case.code}/tra-lai/", {"reason": "Nơi khác"}, follow=True))
    assert "Hoàn tác" in page and not queries.visible_cases(officer).filter(pk=case.pk).exists()
    seq = Case.objects.get().events_count
    stranger = Client()
    stranger.force_login(city.officer(LE_CHAN))
    assert stranger.post(f"/ban/phieu/{case.code}/hoan-tac/{seq}/").status_code == 404
    client.post(f"/ban/phieu/{case.code}/hoan-tac/{seq}/")
    assert queries.visible_cases(officer).filter(pk=case.pk).exists()
