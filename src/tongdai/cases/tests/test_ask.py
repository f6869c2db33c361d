"""A question to the citizen: the clock stands while they are waited for, and what was left of it is left when it goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from tests.city import HONG_BANG, INSPECTORATE, City
from tongdai.cases import deadlines, queries, standing, waiting
from tongdai.cases.actions.accept import accept
from tongdai.cases.actions.answer import answer
from tongdai.cases.actions.ask import ask
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.classify import classify
from tongdai.cases.actions.close import close
from tongdai.cases.actions.extend import extend
from tongdai.cases.actions.go_on import go_on
from tongdai.cases.actions.hand_back import hand_back
from tongdai.cases.actions.mark_denunciation import mark_denunciation
from tongdai.cases.actions.raise_danger import raise_danger
from tongdai.cases.actions.recalculate import recalculate
from tongdai.cases.actions.recall import recall
from tongdai.cases.actions.reject import reject
from tongdai.cases.actions.remind import remind
from tongdai.cases.actions.reply import reply
from tongdai.cases.actions.withdraw import withdraw
from tongdai.cases.actor import Actor
from tongdai.cases.history import history
from tongdai.cases.models import Case, Remark
from tongdai.cases.states import ActionRefused, State
from tongdai.cases.triage.danger import Level
from tongdai.cases.waiting import jobs
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.directory.calendar.working_days import calendar_of
from tongdai.people.models import Channel, Interaction
from tongdai.platform.clock import CITY_TZ
from tongdai.privacy.erasure import erase
from tongdai.reports.figures import total_of
from tongdai.reports.period import Period

CITIZEN = Actor.citizen(channel=Channel.WEB)
QUESTION = "Rác ở đoạn nào của đường Lạch Tray?"


def in_hand(city: City, **more: object) -> Case:
    """Received on Monday 14 February 8:00, due on the next Monday 8:00."""
    return city.case("Rác tràn ra hè phố", lead=HONG_BANG, accepted=True, received="2022-02-14 08:00", **more)


def asked(city: City, case: Case | None = None, *, at: str = "2022-02-16 10:00") -> Case:
    """By the officer, on Wednesday at ten: 22 working hours are left until the next Monday at eight."""
    case = case or in_hand(city)
    by = city.inspector if case.confidential else city.officer(HONG_BANG)
    return ask(case, by=Actor.staff(by), words=QUESTION, at=city.at(at))


@pytest.mark.django_db
def test_it_waits_five_working_days_and_stays_where_it_is(city: City) -> None:
    case = asked(city)
    assert (case.state, case.lead, case.waits) == (State.IN_PROGRESS, city.agencies[HONG_BANG], True)
    assert (case.asked_at, case.waits_until) == (city.at("2022-02-16 10:00"), city.at("2022-02-23 17:00"))
    assert waiting.question(case) == QUESTION == history(case)[-1].remark
    assert "Lạch" not in str(case.events.last().changed)  # type: ignore[union-attr]


@pytest.mark.django_db
def test_the_topic_says_how_long_it_waits(city: City) -> None:
    city.topics["waste"].wait_days = 2
    city.topics["waste"].save()
    assert asked(city, in_hand(city, topic="waste")).waits_until == city.at("2022-02-18 17:00")


@pytest.mark.django_db
def test_while_it_waits_it_is_neither_overdue_nor_due_soon_and_no_clock_runs(city: City) -> None:
    case = asked(city)
    for at in ("2022-02-18 16:00", "2022-02-21 09:00", "2022-02-23 16:59", "2022-04-29 09:00"):
        moment = city.at(at)
        assert not standing.is_overdue(case, at=moment) and not standing.is_due_soon(case, at=moment)
        assert not Case.objects.filter(standing.overdue(at=moment) | standing.due_soon(at=moment)).exists()
    assert standing.running(case) is None
    officer = city.officer(HONG_BANG)
    assert case in city.inbox(officer, "waiting") and case not in city.inbox(officer, "in_progress")
    assert queries.counts(city.coordinator)["waiting"] == 1 and queries.counts(city.coordinator)["with_agencies"] == 0


@pytest.mark.django_db
def test_the_date_it_shows_while_it_waits_is_the_one_it_has_if_nobody_replies(city: City) -> None:
    case = asked(city)
    # 5.5 hours of Wednesday, 8 of Thursday, 8 of Friday, half an hour of Monday: 22 behind the 23rd at 17:00
    assert case.due_at == city.at("2022-02-28 15:00")
    case = go_on(case, by=Actor.system(), at=city.at("2022-02-23 17:05"))  # five minutes late, as jobs are
    assert case.due_at == city.at("2022-02-28 15:00") and not case.waits
    assert case.stood == timedelta(days=7, hours=7)


@pytest.mark.django_db
def test_what_was_left_is_left_when_it_goes_on(city: City) -> None:
    case = reply(asked(city), by=CITIZEN, words="Trước số 24.", at=city.at("2022-02-18 10:00"))
    assert case.due_at == city.at("2022-02-23 08:00")  # two days later, as two days were waited
    soon = city.at("2022-02-22 07:00")  # 25 hours left of 7 days
    assert standing.is_due_soon(case, at=soon) and Case.objects.filter(standing.due_soon(at=soon)).exists()
    not_yet = city.at("2022-02-21 10:00")  # 46 hours
    assert not standing.is_due_soon(case, at=not_yet)
    assert not Case.objects.filter(standing.due_soon(at=not_yet)).exists()


def works(minute: datetime) -> bool:
    """By hand: Monday to Friday, 7:30 to 11:30 and 13:00 to 17:00."""
    at = minute.hour * 60 + minute.minute
    return minute.weekday() < 5 and (450 <= at < 690 or 780 <= at < 1020)


def by_minutes(asked_at: datetime, due_at: datetime, goes_on: datetime) -> datetime:
    """Count the minutes of work that were left one by one, and put them behind the moment it goes on."""
    asked_at, end = asked_at.astimezone(CITY_TZ), goes_on.astimezone(CITY_TZ)
    left = sum(works(asked_at + timedelta(minutes=n)) for n in range(int((due_at - asked_at).total_seconds() // 60)))
    while left:
        left -= works(end)
        end += timedelta(minutes=1)
    return end


START = datetime(2022, 2, 14, tzinfo=CITY_TZ)  # a Monday; no holiday until the tenth of April
MINUTES = st.integers(0, 14 * 24 * 60)


@how(max_examples=25)
@given(MINUTES, MINUTES, MINUTES)
def test_the_new_deadline_is_that_of_a_count_minute_by_minute(asked_in: int, due_in: int, waited: int) -> None:
    calendar = calendar_of()
    asked_at = START + timedelta(minutes=asked_in)
    due_at = deadlines.due_at(asked_at, hours=(1 + due_in // 4) / 60, calendar=calendar)
    ends = deadlines.end_of_days(asked_at, days=5, calendar=calendar)
    goes_on = min(asked_at + timedelta(minutes=waited), ends)
    meanwhile = deadlines.after_pause(due_at, since=asked_at, until=ends, old=calendar, new=calendar)
    found = deadlines.after_pause(meanwhile, since=ends, until=goes_on, old=calendar, new=calendar)
    assert found == by_minutes(asked_at, due_at, goes_on)


@pytest.mark.django_db
def test_a_case_that_was_late_is_late_again_and_stays_late_in_the_figures(city: City) -> None:
    case = asked(city, at="2022-02-22 10:00")
    assert case.due_at == city.at("2022-02-21 08:00") and not standing.is_overdue(case, at=city.at("2022-02-23 10:00"))
    case = reply(case, by=CITIZEN, words="Trước số 24.", at=city.at("2022-02-24 10:00"))
    assert case.due_at == city.at("2022-02-21 08:00") and case.stood is None
    assert standing.is_overdue(case, at=city.at("2022-02-24 10:01"))


@pytest.mark.django_db
def test_figures_count_it_once_as_not_yet_due_and_an_answer_after_the_old_date_as_in_time(city: City) -> None:
    february = Period(date(2022, 2, 1), date(2022, 3, 31))
    case = asked(city)
    reply(case, by=CITIZEN, words="Trước số 24.", at=city.at("2022-02-23 10:00"))
    case = Case.objects.get(pk=case.pk)
    assert case.due_at == city.at("2022-02-28 08:00")
    answer(case, by=Actor.staff(city.officer(HONG_BANG)), text="Đã dọn.", at=city.at("2022-02-25 10:00"))
    total, _median = total_of(february)
    assert (total.received, total.answered, total.on_time, total.unsuccessful) == (1, 1, 1, 0)


@pytest.mark.django_db
def test_whoever_cannot_be_reached_is_not_asked_and_the_sentence_says_why(city: City) -> None:
    officer = Actor.staff(city.officer(HONG_BANG))

    def why(case: Case) -> str:
        before = case.events.count()
        with pytest.raises(ActionRefused) as refused:
            ask(case, by=officer, words=QUESTION, at=city.at("2022-02-16 10:00"))
        assert case.events.count() == before and not Remark.objects.exists()
        return refused.value.why

    assert "không để lại số" in why(in_hand(city, visibility="anonymous"))
    assert "không để lại số" in why(in_hand(city, phone=""))
    assert "không nhận được tin nhắn" in why(in_hand(city, phone="+842253822822"))  # a landline
    urgent = in_hand(city)
    Case.objects.filter(pk=urgent.pk).update(urgent=True, state=State.ASSIGNED)
    assert "khẩn chưa có ai nhận" in why(urgent)
    Case.objects.filter(pk=urgent.pk).update(danger_level=Level.LIFE, taken_at=city.at("2022-02-14 08:01"))
    assert "đang nguy hiểm" in why(urgent)


@pytest.mark.django_db
def test_who_waits_already_is_not_asked_twice(city: City) -> None:
    case = in_hand(city)
    asked(city, case)
    with pytest.raises(ActionRefused) as refused:
        asked(city, case)  # a colleague, who had the page open
    assert "đang chờ người dân" in refused.value.why and case.events.filter(action="ask").count() == 1
    again = go_on(case, by=Actor.staff(city.coordinator), at=city.at("2022-02-16 11:00"))
    assert asked(city, again, at="2022-02-16 11:10").waits


@pytest.mark.django_db
def test_after_three_days_its_citizen_is_reminded_once_and_in_the_end_it_goes_on(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = asked(city)
    done: list[tuple[str, str]] = []
    for at in ("2022-02-19 09:59", "2022-02-19 10:00", "2022-02-19 10:10", "2022-02-23 16:59", "2022-02-23 17:00",
               "2022-02-23 17:10"):  # fmt: skip
        monkeypatch.setattr(jobs, "now", lambda at=at: city.at(at))
        before = case.events.count()
        jobs.sweep(0)
        done += [(at[8:], event.action) for event in case.events.order_by("seq")[before:]]
    assert done == [("19 10:00", "remind"), ("23 17:00", "go_on")]
    case.refresh_from_db()
    assert not case.waits and case.state == State.IN_PROGRESS and case.reminded_at is not None
    with pytest.raises(ActionRefused):
        remind(case, by=Actor.system(), at=city.at("2022-02-24 10:00"))


@pytest.mark.django_db
def test_the_house_does_not_let_it_go_on_before_its_days_are_over(city: City) -> None:
    case = asked(city)
    with pytest.raises(ActionRefused):
        go_on(case, by=Actor.system(), at=city.at("2022-02-23 16:59"))
    with pytest.raises(ActionRefused):
        go_on(in_hand(city), by=Actor.staff(city.coordinator), at=city.at("2022-02-16 10:00"))


ENDS: dict[str, tuple[Callable[[Case, City], Case], State]] = {
    "withdraw": (lambda c, city: withdraw(c, by=CITIZEN, at=city.at("2022-02-17 10:00")), State.CLOSED),
    "answer": (
        lambda c, city: answer(
            c, by=Actor.staff(city.officer(HONG_BANG)), text="Xong.", at=city.at("2022-02-17 10:00")
        ),
        State.ANSWERED,
    ),
    "hand_back": (
        lambda c, city: hand_back(
            c, by=Actor.staff(city.officer(HONG_BANG)), reason="Của nơi khác", at=city.at("2022-02-17 10:00")
        ),
        State.HANDED_BACK,
    ),
    "mark_denunciation": (
        lambda c, city: mark_denunciation(c, by=Actor.staff(city.coordinator), at=city.at("2022-02-17 10:00")),
        State.HANDED_BACK,
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("action", ENDS)
def test_a_case_that_leaves_its_agency_waits_no_more(city: City, action: str) -> None:
    do, state = ENDS[action]
    case = do(asked(city), city)
    case.refresh_from_db()
    assert (case.state, case.asked_at, case.waits_until) == (state, None, None)
    assert case.due_at == city.at("2022-02-22 08:00")  # a day later, as a day was waited
    assert case.events.last().changed["asked_at"][1] is None  # type: ignore[union-attr]
    assert not Case.objects.filter(standing.WAITING).exists()


@pytest.mark.django_db
def test_a_denunciation_is_asked_by_the_inspector_and_recalled_while_it_waits(city: City) -> None:
    case = asked(city, city.case("Tôi tố cáo", topic="denunciation", lead=INSPECTORATE, accepted=True))
    event = case.events.get(action="ask")
    notify_citizen(event.pk)
    assert "Lạch Tray" not in Interaction.objects.get(key=f"web-ask:{event.pk}").body
    case = recall(case, by=Actor.staff(city.inspector), at=city.at("2022-02-17 10:00"))
    assert (case.state, case.waits) == (State.HANDED_BACK, False)


@pytest.mark.django_db
def test_accepting_and_extending_leave_it_waiting(city: City) -> None:
    case = city.case(lead=HONG_BANG)
    case = asked(city, case)
    case = accept(case, by=Actor.staff(city.officer(HONG_BANG)), at=city.at("2022-02-16 11:00"))
    assert (case.state, case.waits) == (State.IN_PROGRESS, True)
    by = Actor.staff(city.coordinator)
    case = extend(case, by=by, until=date(2022, 3, 4), reason="Chờ vật tư.", at=city.at("2022-02-16 11:30"))
    assert case.waits and case.due_at == city.at("2022-03-04 17:00")
    for do in (assign, reject, close):  # not of a case that is with an agency, waiting or not
        more = {assign: {"agency": city.agencies[HONG_BANG]}, reject: {"ground": "no_content", "reason": "."}}.get(
            do, {}
        )
        with pytest.raises(ActionRefused):
            do(case, by=by, at=city.at("2022-02-16 12:00"), **more)  # type: ignore[operator]


@pytest.mark.django_db
def test_danger_does_not_wait_for_a_reply(city: City) -> None:
    case = raise_danger(
        asked(city, city.case(lead=HONG_BANG)), by=Actor.staff(city.coordinator), level=Level.LIFE, kind=None,
        at=city.at("2022-02-16 11:00"),
    )  # fmt: skip
    assert case.untaken and not case.waits and standing.running(case) is standing.Clock.TAKE


@pytest.mark.django_db
def test_classified_anew_its_deadline_keeps_the_time_it_stood(city: City) -> None:
    case = ENDS["hand_back"][0](asked(city), city)
    by, at = Actor.staff(city.coordinator), city.at("2022-02-17 11:00")
    case = classify(case, by=by, topic=city.topics["waste"], place=None, at=at)
    assert case.due_at == city.at("2022-02-22 08:00")


@pytest.mark.django_db
def test_a_new_holiday_moves_the_day_it_waits_for_and_leaves_what_is_left(city: City) -> None:
    case, old = asked(city), calendar_of()
    new = calendar_of(days={date(2022, 2, 18): False}, version=2)
    case = recalculate(case, by=Actor.system(), old=old, new=new, at=city.at("2022-02-16 12:00"))
    assert (case.waits_until, case.due_at) == (city.at("2022-02-24 17:00"), city.at("2022-03-01 15:00"))
    case = recalculate(case, by=Actor.system(), old=new, new=old, at=city.at("2022-02-16 13:00"))
    assert case.waits_until == city.at("2022-02-24 17:00")  # never sooner than its citizen was told
    assert case.due_at == city.at("2022-03-01 15:00")


@pytest.mark.django_db
@pytest.mark.parametrize("channel", [Channel.SMS, Channel.VOICE])
def test_a_proven_number_reads_the_question_and_how_to_reply(city: City, channel: Channel) -> None:
    case = asked(city, in_hand(city, channel=channel, proven=True))
    event = case.events.get(action="ask")
    notify_citizen(event.pk)
    text = Interaction.objects.get(key=f"{channel}-ask:{event.pk}")
    assert QUESTION in text.body and "nhắn lại tin này" in text.body and "23.2.2022" in text.body


@pytest.mark.django_db
def test_who_filled_in_a_form_reads_that_there_is_a_question(city: City) -> None:
    case = asked(city)
    event = case.events.get(action="ask")
    notify_citizen(event.pk)
    text = Interaction.objects.get(key=f"web-ask:{event.pk}").body
    assert "Lạch" not in text and "chậm nhất 23.2.2022" in text


@pytest.mark.django_db
def test_the_question_goes_with_the_words_of_the_case(city: City) -> None:
    case = withdraw(asked(city), by=CITIZEN, at=city.at("2022-02-17 10:00"))
    assert erase(case, because="request", at=city.at("2022-04-01 08:00"))
    assert {remark.text for remark in Remark.objects.all()} == {""}
    assert waiting.question(case) == ""
