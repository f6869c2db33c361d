"""Consulting, handing on, three together: whoever of them goes, refuses or thinks better of it, the citizen is not cut."""

from __future__ import annotations

from typing import Any

import pytest

from tests.city import City
from tongdai.platform.clock import now

from ..board.board import Caller
from ..calls import distribution, session
from ..conversation.conversation import Talk
from ..models import Call, Callback, Order, Queue, Trunk
from ..records import orders
from ..speech import phrases
from .exchange import Board
from .test_nobody_stands_waiting import ask, of, serve, state, talk

Kind = Order.Kind
OUTSIDE = "115"


async def begun(board: Board, city: City) -> tuple[Caller, Talk]:
    """The call taker talks with her; the coordinator's telephone is there, and one outside by a carrier."""
    trunk = Trunk.objects.create(name="nhà mạng", host="127.0.0.1:9")
    board.outside = f"{OUTSIDE}@{trunk.endpoint}"
    caller = board.comes()
    talks = await talk(board, caller, city.call_taker)
    board.colleague = board.telephone(city.coordinator)
    await board.see_agents()
    return caller, talks


async def press(board: Board, kind: Kind, caller: Caller, city: City, target: str = "") -> Order:
    ask(kind, caller, by=city.call_taker, target=target)
    await board._obey()
    return Order.objects.latest("pk")


async def third(board: Board, caller: Caller, how_far: str) -> None:
    await board.until(lambda: Call.objects.get(pk=caller.call).third == how_far)


def shown(caller: Caller) -> tuple[str, str, str, bool]:
    call = Call.objects.get(pk=caller.call)
    return call.state, call.consulting, call.third, call.held


BACK = ("talking", "", "", False)  # the agent talks with her as before


async def is_back(board: Board, caller: Caller, talks: Talk, city: City) -> None:
    await board.until(lambda: shown(caller) == BACK and not talks.held)
    assert talks.agent and talks.agent.user == city.call_taker.pk and not (talks.other or talks.ringing or talks.asked)
    assert not caller.leg.gone.is_set() and of(city.call_taker) == "talking"


@pytest.mark.parametrize("kind", [Kind.CONSULT, Kind.TRANSFER])
@pytest.mark.parametrize("key", [Kind.COME_BACK, Kind.HANG_UP])
@pytest.mark.parametrize("colleague", [True, False])
def test_a_telephone_that_rings_is_taken_back_at_once_and_nobody_is_cut(
    play, city: City, kind: Kind, key: Kind, colleague: bool
) -> None:
    async def story(board: Board) -> None:
        caller, talks = await begun(board, city)
        where = board.colleague if colleague else board.outside
        board.pbx.rings_on.add(where)
        await press(board, kind, caller, city, f"agent:{city.coordinator.pk}" if colleague else OUTSIDE)
        await board.until(lambda: where in board.pbx.ringing.values())
        assert shown(caller)[2:] == ("ringing", True)
        await press(board, key, caller, city)
        await is_back(board, caller, talks, city)
        assert board.pbx.ringing == {} and Order.objects.filter(refused__gt="").count() == 0
        if colleague:
            assert of(city.coordinator) == "ready" and board.room.agents[city.coordinator.pk].may_be_rung

    play(story)


@pytest.mark.parametrize("kind", [Kind.CONSULT, Kind.TRANSFER])
@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (17, orders.LINE_BUSY),
        (19, orders.NOBODY),
        (21, orders.DECLINED),
        (1, orders.NO_SUCH_NUMBER),
        (38, orders.NO_WAY),
    ],
)
def test_who_is_busy_or_refuses_is_told_in_words_and_the_agent_is_back(
    play, city: City, kind: Kind, cause: int, words: str
) -> None:
    async def story(board: Board) -> None:
        caller, talks = await begun(board, city)
        board.pbx.refuse[board.outside] = cause
        order = await press(board, kind, caller, city, OUTSIDE)
        await board.until(lambda: Order.objects.get(pk=order.pk).refused == words)
        await is_back(board, caller, talks, city)

    play(story)


def test_a_busy_person_is_not_rung_anew_by_the_next_carrier_and_a_carrier_that_cannot_is(play, city: City) -> None:
    async def story(board: Board) -> None:
        caller, talks = await begun(board, city)
        second = f"{OUTSIDE}@{Trunk.objects.create(name='thứ hai', host='127.0.0.1:10').endpoint}"
        board.pbx.refuse |= {board.outside: 17, second: 17}
        await press(board, Kind.CONSULT, caller, city, OUTSIDE)
        await board.until(lambda: Order.objects.latest("pk").refused)
        assert second not in board.pbx.rung
        board.pbx.refuse[board.outside] = 38
        await press(board, Kind.CONSULT, caller, city, OUTSIDE)
        await board.until(lambda: second in board.pbx.rung)
        await is_back(board, caller, talks, city)

    play(story)


@pytest.mark.parametrize("who", ["caller", "other", "asker"])
@pytest.mark.parametrize("together", [False, True])
def test_whichever_of_the_three_goes_the_two_others_are_well(play, city: City, who: str, together: bool) -> None:
    async def story(board: Board) -> None:
        caller, talks = await begun(board, city)
        await press(board, Kind.CONSULT, caller, city, f"agent:{city.coordinator.pk}")
        await third(board, caller, "apart")
        if together:
            await press(board, Kind.CONFERENCE, caller, city)
            await third(board, caller, "together")
            assert not talks.held and not talks.aside
        assert talks.other and (of(city.call_taker), of(city.coordinator)) == ("talking", "talking")
        asker, other = talks.leg, talks.other
        board.gone({"caller": caller.leg, "other": other, "asker": asker}[who].id)
        if who == "caller":
            await board.until(lambda: state(caller) == "ended")
            await board.until(lambda: of(city.coordinator) == "ready" and of(city.call_taker) == "after_call")
        elif who == "other":
            await is_back(board, caller, talks, city)
            await board.until(lambda: of(city.coordinator) == "ready")
        else:
            await board.until(lambda: of(city.call_taker) == "after_call" and shown(caller) == BACK)
            assert talks.leg is other and of(city.coordinator) == "talking" and not talks.held

    play(story)


@pytest.mark.parametrize("colleague", [True, False])
def test_a_caller_who_hangs_up_while_the_other_is_rung_stops_the_ring(play, city: City, colleague: bool) -> None:
    async def story(board: Board) -> None:
        caller, _talks = await begun(board, city)
        where = board.colleague if colleague else board.outside
        board.pbx.rings_on.add(where)
        await press(board, Kind.TRANSFER, caller, city, f"agent:{city.coordinator.pk}" if colleague else OUTSIDE)
        await board.until(lambda: where in board.pbx.ringing.values())
        board.gone(caller.leg.id)
        await board.until(lambda: not board.pbx.ringing, within=1)
        await board.until(lambda: (state(caller), of(city.call_taker)) == ("ended", "after_call"))
        await board.until(lambda: of(city.coordinator) == "ready")

    play(story)


def test_the_agent_may_leave_three_and_the_two_others_talk_on_until_taken_back(play, city: City) -> None:
    async def story(board: Board) -> None:
        caller, talks = await begun(board, city)
        board.pbx.answers.add(board.outside)
        await press(board, Kind.CONSULT, caller, city, OUTSIDE)
        await third(board, caller, "apart")
        await press(board, Kind.CONFERENCE, caller, city)
        await third(board, caller, "together")
        outside = talks.other
        await press(board, Kind.HANG_UP, caller, city)  # the key that hangs up leaves: it cuts nobody
        await board.until(lambda: of(city.call_taker) == "after_call")
        assert talks.leg is outside and shown(caller) == BACK and caller.call in board.talks
        refused = await press(board, Kind.HANG_UP, caller, city)  # pressed twice
        await board.until(lambda: Order.objects.get(pk=refused.pk).refused == orders.NOT_NOW)
        assert talks.leg is outside and outside and not outside.gone.is_set()
        await press(board, Kind.COME_BACK, caller, city)
        await board.until(lambda: of(city.call_taker) == "talking" and outside.gone.is_set())
        await is_back(board, caller, talks, city)

    play(story)


@pytest.mark.parametrize("answered", [True, False])
def test_who_leaves_while_it_rings_hands_her_over_or_she_goes_back_to_the_queue(
    play, city: City, answered: bool
) -> None:
    async def story(board: Board) -> None:
        caller, talks = await begun(board, city)
        board.pbx.rings_on.add(board.outside)
        order = await press(board, Kind.TRANSFER, caller, city, OUTSIDE)
        await board.until(lambda: board.pbx.ringing)
        await press(board, Kind.HAND_OVER, caller, city)
        await board.until(lambda: of(city.call_taker) == "after_call")
        assert state(caller) == "ringing"
        if answered:
            board.pbx.take_up(board.outside)
            await board.until(lambda: shown(caller) == BACK)
            assert Call.objects.get().outcome == "transferred" and talks.agent is None
        else:
            board.pbx.answers.discard(board.colleague)
            [channel] = board.pbx.ringing
            board.gone(channel, 17)
            await board.until(lambda: board.colleague in board.pbx.rung)  # she is given to whoever is free
            assert Order.objects.get(pk=order.pk).refused == orders.LINE_BUSY and not caller.leg.gone.is_set()

    play(story)


def test_who_has_left_while_it_rings_takes_her_back_and_talks_with_her_at_once(play, city: City) -> None:
    async def story(board: Board) -> None:
        caller, talks = await begun(board, city)
        board.pbx.rings_on.add(board.outside)
        await press(board, Kind.TRANSFER, caller, city, OUTSIDE)
        await board.until(lambda: board.pbx.ringing)
        await press(board, Kind.HAND_OVER, caller, city)
        await board.until(lambda: of(city.call_taker) == "after_call")
        await press(board, Kind.COME_BACK, caller, city)
        await board.until(lambda: of(city.call_taker) == "talking" and not board.pbx.ringing)
        await is_back(board, caller, talks, city)

    play(story)


@pytest.mark.parametrize("together", [True, False])
def test_an_agent_whose_telephone_is_gone_leaves_three_and_comes_back_to_the_citizen_of_two(
    play, city: City, together: bool
) -> None:
    async def story(board: Board) -> None:
        caller, talks = await begun(board, city)
        board.pbx.answers.add(board.outside)
        await press(board, Kind.CONSULT, caller, city, OUTSIDE)
        await third(board, caller, "apart")
        if together:
            await press(board, Kind.CONFERENCE, caller, city)
            await third(board, caller, "together")
        outside, rung = talks.other, len(board.pbx.rung)
        talks.leg.lost.set()
        if together:
            await board.until(lambda: of(city.call_taker) == "after_call")
            assert talks.leg is outside and shown(caller) == BACK
            return
        await board.until(lambda: len(board.pbx.rung) > rung)
        await is_back(board, caller, talks, city)
        await board.until(lambda: outside and outside.gone.is_set())

    play(story)


def test_who_is_left_with_a_telephone_that_rings_and_gives_up_is_rung_back(play, city: City) -> None:
    async def story(board: Board) -> None:
        caller, _talks = await begun(board, city)
        board.pbx.rings_on.add(board.outside)
        await press(board, Kind.TRANSFER, caller, city, OUTSIDE)
        await board.until(lambda: board.pbx.ringing)
        await press(board, Kind.HAND_OVER, caller, city)
        await board.until(lambda: state(caller) == "ringing")
        board.gone(caller.leg.id)
        await board.until(lambda: state(caller) == "ended" and not board.pbx.ringing)
        assert Callback.objects.get().call_id == caller.call

    play(story)


def test_a_colleague_who_is_asked_can_leave_and_cuts_nobody(play, city: City) -> None:
    async def story(board: Board) -> None:
        caller, talks = await begun(board, city)
        await press(board, Kind.CONSULT, caller, city, f"agent:{city.coordinator.pk}")
        await third(board, caller, "apart")
        ask(Kind.HAND_OVER, caller, by=city.coordinator)
        ask(Kind.HANG_UP, caller, by=city.coordinator)
        await board._obey()
        await is_back(board, caller, talks, city)
        assert Order.objects.get(kind=Kind.HAND_OVER).refused == orders.NOT_NOW and of(city.coordinator) == "ready"

    play(story)


@pytest.mark.parametrize("while_it_rings", [True, False])
def test_who_was_handed_to_the_queue_is_taken_back(play, city: City, while_it_rings: bool) -> None:
    async def story(board: Board) -> None:
        caller, _talks = await begun(board, city)
        board.pbx.rings_on.add(board.colleague)
        if not while_it_rings:
            board.room.agents[city.coordinator.pk].in_hand = True
        await press(board, Kind.TRANSFER, caller, city, f"queue:{caller.queue and caller.queue.pk}")
        await board.until(lambda: caller in board.room.waiting)
        if while_it_rings:
            await board.until(lambda: board.pbx.ringing)
        await press(board, Kind.COME_BACK, caller, city)
        await board.until(lambda: shown(caller) == BACK and of(city.call_taker) == "talking")
        assert board.talks[caller.call].agent is board.room.agents[city.call_taker.pk] and not board.pbx.ringing
        if while_it_rings:
            await board.until(lambda: of(city.coordinator) == "ready")  # has missed nothing

    play(story)


def test_what_was_pressed_in_a_talk_is_not_taken_for_the_queues_key(play, city: City) -> None:
    async def story(board: Board) -> None:
        caller, _talks = await begun(board, city)
        board.room.agents[city.coordinator.pk].in_hand = True
        caller.leg.keys.put_nowait("9")
        await press(board, Kind.TRANSFER, caller, city, f"queue:{caller.queue and caller.queue.pk}")
        await board.until(lambda: caller in board.room.waiting)
        assert caller.leg.keys.empty()

    play(story)


@pytest.mark.parametrize("lives_on", ["patience", "place"])
def test_who_is_back_in_the_queue_waits_as_anybody_does(
    play, city: City, lives_on: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(board: Board) -> None:
        caller, _talks = await begun(board, city)
        board.room.agents[city.coordinator.pk].in_hand = True
        told: list[int] = []
        monkeypatch.setattr(
            phrases, "wait", lambda *, place, **_: told.append(place) or [board.menu.sound("connecting", "vi")]
        )
        monkeypatch.setattr(session, "RENEWED_EVERY", 0.05)
        monkeypatch.setattr(session, "TOLD_EVERY", 0.1 if lives_on == "place" else 99)
        assert caller.queue
        if lives_on == "patience":
            Queue.objects.update(patience=0)
        await press(board, Kind.TRANSFER, caller, city, f"queue:{caller.queue.pk}")
        if lives_on == "place":
            await board.until(lambda: told)
            assert told[0] == 1
        else:
            await board.until(lambda: any(place.startswith("overflow:") for place in caller.been.path))
        board.gone(caller.leg.id)
        await board.until(lambda: state(caller) == "ended")
        assert Callback.objects.get().call_id == caller.call

    play(story)


def test_a_call_to_a_citizen_that_rings_ends_by_the_key_that_hangs_up(play, city: City) -> None:
    async def story(board: Board) -> None:
        trunk = Trunk.objects.create(name="nhà mạng", host="127.0.0.1:9")
        board.telephone(city.call_taker)
        board.pbx.rings_on.add(f"+84912345678@{trunk.endpoint}")
        await board.see_agents()
        orders.give(Kind.CALL_OUT, by=city.call_taker, at=now(), target="+84912345678")
        await board._obey()
        await board.until(lambda: board.pbx.ringing)
        call = Call.objects.get()
        orders.give(Kind.HANG_UP, by=city.call_taker, at=now(), call=call)
        await board._obey()
        await board.until(lambda: not board.pbx.ringing and of(city.call_taker) == "after_call", within=1)
        await board.until(lambda: not [leg for leg in board.legs if leg.startswith("ours-")])
        assert Call.objects.get().outcome == "no_answer" and not Order.objects.filter(refused__gt="").exists()

    play(story)


# ── a caller who leaves while somebody is rung for her ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("moment", ["rings", "not_taken", "talks"])
def test_a_caller_who_hangs_up_at_any_moment_of_an_offer_leaves_nothing(
    play, city: City, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """She goes, and her row has ended, just before we write this."""

    async def story(board: Board) -> None:
        endpoint = board.telephone(city.call_taker, answers=moment == "talks")
        await board.see_agents()
        board.start(distribution.give_out(board))
        caller = board.comes()
        written = board.db
        done = False

        async def db(function: Any, *given: Any, **named: Any) -> Any:
            nonlocal done
            if function.__name__ == moment and not done:
                done = True
                board.gone(caller.leg.id)
                await board.until(lambda: state(caller) == "ended")
            return await written(function, *given, **named)

        monkeypatch.setattr(board, "db", db)
        serve(board, caller)
        await board.until(lambda: done and not board.room.agents[city.call_taker.pk].in_hand)
        assert (state(caller), of(city.call_taker)) == ("ended", "paused" if moment == "not_taken" else "ready")
        assert caller.call not in board.talks
        assert board.pbx.rung.count(endpoint) == (moment != "rings") and board.room.waiting == []
        assert Callback.objects.get().call_id == caller.call

    play(story)
