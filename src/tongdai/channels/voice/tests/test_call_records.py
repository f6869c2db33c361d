"""What of a call is kept, and who is owed a call back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import QuerySet

from tests.city import City
from tongdai.people.models import Interaction
from tongdai.platform.clock import now

from .. import callbacks, figures
from ..agents import after_call, states
from ..menu import menu
from ..models import Agent, Call, Callback, Order, Queue, Step
from ..recordings.intake import forget
from ..records import call_records, orders

PHONE = "+84912345678"


def came(number: str = PHONE, channel: str = "1.1") -> int:
    return call_records.came(channel=channel, number=number, dialled="1022").pk


def test_a_call_heard_of_twice_is_one_call_and_one_interaction(city: City) -> None:
    assert came() == came()
    assert Interaction.objects.filter(key="call:1.1").count() == 1


def test_a_call_that_the_archive_writes_down_at_the_same_moment_is_that_call(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, others = QuerySet.first, []

    def in_between(found: QuerySet[Call]) -> Call | None:
        monkeypatch.setattr(QuerySet, "first", first)
        known = first(found)
        others.append(came())
        return known

    monkeypatch.setattr(QuerySet, "first", in_between)
    assert [came()] == others


def test_who_met_nobody_is_owed_one_call_back_however_often_they_rang(city: City) -> None:
    for number in range(3):
        call = came(channel=f"1.{number}")
        call_records.ended(call, path=["greeting"], outcome=Call.Outcome.ABANDONED)
        call_records.ended(call, path=["greeting"], outcome=Call.Outcome.ABANDONED)  # told again after a crash
    [owed] = Callback.objects.all()
    assert (owed.missed, owed.contact.phone) == (3, PHONE)
    assert list(callbacks.waiting(city.call_taker, at=now())) == [owed]


def test_who_rings_again_and_meets_somebody_is_owed_no_call_back_any_more(city: City) -> None:
    call_records.ended(came(), path=["greeting"], outcome=Call.Outcome.ABANDONED)
    call_records.talks(came(channel="1.2"), agent=city.call_taker.pk)
    owed = Callback.objects.get()
    assert (owed.state, owed.done_by) == (Callback.State.REACHED, city.call_taker)


def test_a_message_stays_a_task_until_it_is_written_down(city: City) -> None:
    left = came(channel="1.1")
    call_records.ended(left, path=["message"], outcome=Call.Outcome.MESSAGE)
    call_records.ended(came(channel="1.2"), path=["greeting"], outcome=Call.Outcome.ABANDONED)
    call_records.talks(came(channel="1.3"), agent=city.call_taker.pk)
    owed = Callback.objects.get()
    assert (owed.state, owed.call_id, owed.missed) == (Callback.State.WAITING, left, 2)


@pytest.mark.parametrize("number", ["", PHONE])
def test_a_hidden_number_is_owed_nothing(city: City, number: str) -> None:
    call_records.ended(came(number), path=["greeting"], outcome=Call.Outcome.ABANDONED)
    assert Callback.objects.exists() == bool(number)


def test_a_call_back_without_a_case_is_worked_and_tried_again(city: City) -> None:
    call_records.ended(came(), path=["greeting"], outcome=Call.Outcome.ABANDONED)
    owed, at = Callback.objects.get(), now()
    for tries in range(callbacks.TRIES):
        owed = callbacks.record_result(owed, by=city.call_taker, result="no_answer", at=at + tries * timedelta(hours=2))
    assert owed.state == Callback.State.GIVEN_UP
    with pytest.raises(callbacks.NotYours):
        callbacks.record_result(owed, by=city.call_taker, result="reached", at=at)


def test_who_was_in_vain_here_goes_before_others_of_the_branch(city: City) -> None:
    menu.write_the_usual_one()
    queue = Queue.objects.get(code="general").pk
    call_records.ended(came(channel="1.1"), path=[], outcome=Call.Outcome.ABANDONED)
    _since, again = call_records.waits(came(channel="1.2"), queue=queue, path=["person"])
    _since, first = call_records.waits(came("+84912000002", channel="1.3"), queue=queue, path=["person"])
    assert again < first


def test_a_talk_takes_its_outcome_from_the_agent_or_after_a_while_by_itself(city: City) -> None:
    agent = city.call_taker
    states.set_state(agent, Agent.State.READY)
    call = came()
    call_records.rings(call, agent=agent.pk)
    call_records.talks(call, agent=agent.pk)
    call_records.ended(call, path=["person"], outcome=Call.Outcome.ANSWERED)
    states.hung_up(agent.pk)
    assert Call.objects.get().outcome == ""
    Agent.objects.update(since=now() - timedelta(minutes=2), online=True)
    after_call.back_to_work()
    assert (Call.objects.get().outcome, Agent.objects.get().state) == (Call.Outcome.ANSWERED, Agent.State.READY)


def test_nobody_is_made_ready_while_they_talk(city: City) -> None:
    states.set_state(city.call_taker, Agent.State.READY)
    call = came()
    call_records.talks(call, agent=city.call_taker.pk)
    assert states.set_state(city.call_taker, Agent.State.OUT).state == Agent.State.TALKING


@pytest.mark.parametrize(("page_first", "why"), [(True, "no_microphone"), (False, "no_microphone")])
def test_why_a_ring_was_not_taken_is_what_the_page_says_whichever_comes_first(
    city: City, page_first: bool, why: str
) -> None:
    user, call = city.call_taker, came()
    states.set_state(user, "ready")
    call_records.rings(call, agent=user.pk)
    if page_first:
        states.set_state(user, "paused", reason=why)
        assert Agent.objects.get().state == "ringing"
    call_records.not_taken(call, agent=user.pk, state="paused", reason="not_taken")
    if not page_first:
        states.set_state(user, "paused", reason=why)
    assert (Agent.objects.get().state, Agent.objects.get().reason) == ("paused", why)


def test_an_order_nobody_could_do_in_time_is_not_done_later(city: City) -> None:
    old = orders.give(Order.Kind.HOLD, by=city.call_taker, at=now() - timedelta(minutes=1))
    new = orders.give(Order.Kind.HOLD, by=city.call_taker, at=now())
    assert orders.undone() == [new]
    old.refresh_from_db()
    assert old.refused == orders.NOT_NOW


def test_recordings_go_when_their_time_is_over_and_the_row_says_so(city: City) -> None:
    call = Call.objects.get(pk=came())
    kept = call.recordings.create(file="recordings/x.flac", seconds=9, size=1, sha256="0" * 64, made_at=now())
    assert forget(before=now() - timedelta(days=180), at=now()) == 0
    assert forget(before=now() + timedelta(days=1), at=now()) == 1
    kept.refresh_from_db()
    assert (kept.file, kept.sha256, bool(kept.deleted_at)) == ("", "0" * 64, True)


def test_a_step_switched_off_is_passed_over(city: City) -> None:
    menu.write_the_usual_one()
    found = menu.Menu({step.code: step for step in Step.objects.all()}, {})
    first = found.step("notice")
    assert first and first.code == "greeting"
    Step.objects.filter(code="hours").update(active=True)
    found = menu.Menu({step.code: step for step in Step.objects.all()}, {})
    first = found.step("notice")
    assert first and first.code == "hours"


def test_the_room_counts_what_was_offered_answered_in_time_and_given_up(city: City) -> None:
    at, queue = now(), Queue.objects.create(code="general", name="Việc khác")
    for number, (waited, answered, over) in enumerate(
        [(30, 10, True), (60, 50, True), (40, None, True), (25, None, False)]
    ):
        call_records.came(channel=f"2.{number}", number=PHONE, dialled="1022")
        since = at - timedelta(seconds=waited)
        Call.objects.filter(channel=f"2.{number}").update(
            queue=queue, waited_from=since, state="ended" if over else "waiting", came_at=since,
            answered_at=since + timedelta(seconds=answered) if answered else None, ended_at=at if over else None,
        )  # fmt: skip
    room = figures.room(since=at - timedelta(hours=1), at=at)
    assert (room.offered, room.answered, room.lost, room.in_time, room.longest) == (4, 2, 1, 33, 25)
    assert room.by_queue == [("Việc khác", 4, 2, 1)]
    assert sum(row["offered"] for row in figures.by_half_hour(since=at - timedelta(hours=1), until=at)) == 4
    calls = figures.calls_between(at - timedelta(hours=1), at)
    assert (calls.offered, calls.answered, calls.abandoned, calls.others) == (4, 2, 1, 1)
    assert calls.service_level == pytest.approx(1 / 3)  # one of three whose wait is over, as the board says
