"""Consulting, handing on, three together: whoever of them goes, refuses or thinks better of it, the citizen is not cut."""

from __future__ import annotations

from typing import Any

import pytest

from tests.city import City
from tongdai.platform.clock import now

from ..board.board import Caller
from ..calls import distribution, session
from ..conversation.conversation import Conversation
from ..models import Call, Callback, Order, Queue, Trunk
from ..records import orders
from ..speech import phrases
from .exchange import PlayedSwitchboard
from .test_nobody_stands_waiting import ask, of, serve, state, talk

Kind = Order.Kind
OUTSIDE = "115"


async def begun(switchboard: PlayedSwitchboard, city: City) -> tuple[Caller, Conversation]:
    """The call taker talks with her; the coordinator's telephone is there, and one outside by a carrier."""
    trunk = Trunk.objects.create(name="nhà mạng", host="127.0.0.1:9")
    switchboard.outside = f"{OUTSIDE}@{trunk.endpoint}"
    caller = switchboard.comes()
    talks = await talk(switchboard, caller, city.call_taker)
    switchboard.colleague = switchboard.telephone(city.coordinator)
    await switchboard.see_agents()
    return caller, talks


async def press(switchboard: PlayedSwitchboard, kind: Kind, caller: Caller, city: City, target: str = "") -> Order:
    ask(kind, caller, by=city.call_taker, target=target)
    await switchboard._obey()
    return Order.objects.latest("pk")


async def third(switchboard: PlayedSwitchboard, caller: Caller, how_far: str) -> None:
    await switchboard.until(lambda: Call.objects.get(pk=caller.call).third == how_far)


def shown(caller: Caller) -> tuple[str, str, str, bool]:
    call = Call.objects.get(pk=caller.call)
    return call.state, call.consulting, call.third, call.held


BACK = ("talking", "", "", False)  # the agent talks with her as before


async def is_back(switchboard: PlayedSwitchboard, caller: Caller, talks: Conversation, city: City) -> None:
    await switchboard.until(lambda: shown(caller) == BACK and not talks.held)
    assert talks.agent and talks.agent.user == city.call_taker.pk and not (talks.other or talks.ringing or talks.asked)
    assert not caller.leg.gone.is_set() and of(city.call_taker) == "talking"


@pytest.mark.parametrize("kind", [Kind.CONSULT, Kind.TRANSFER])
@pytest.mark.parametrize("key", [Kind.COME_BACK, Kind.HANG_UP])
@pytest.mark.parametrize("colleague", [True, False])
def test_a_telephone_that_rings_is_taken_back_at_once_and_nobody_is_cut(
    play, city: City, kind: Kind, key: Kind, colleague: bool
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller, talks = await begun(switchboard, city)
        where = switchboard.colleague if colleague else switchboard.outside
        switchboard.pbx.rings_on.add(where)
        await press(switchboard, kind, caller, city, f"agent:{city.coordinator.pk}" if colleague else OUTSIDE)
        await switchboard.until(lambda: where in switchboard.pbx.ringing.values())
        assert shown(caller)[2:] == ("ringing", True)
        await press(switchboard, key, caller, city)
        await is_back(switchboard, caller, talks, city)
        assert switchboard.pbx.ringing == {} and Order.objects.filter(refused__gt="").count() == 0
        if colleague:
            assert of(city.coordinator) == "ready" and switchboard.board.agents[city.coordinator.pk].may_be_rung

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
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller, talks = await begun(switchboard, city)
        switchboard.pbx.refuse[switchboard.outside] = cause
        order = await press(switchboard, kind, caller, city, OUTSIDE)
        await switchboard.until(lambda: Order.objects.get(pk=order.pk).refused == words)
        await is_back(switchboard, caller, talks, city)

    play(story)


def test_a_busy_person_is_not_rung_anew_by_the_next_carrier_and_a_carrier_that_cannot_is(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller, talks = await begun(switchboard, city)
        second = f"{OUTSIDE}@{Trunk.objects.create(name='thứ hai', host='127.0.0.1:10').endpoint}"
        switchboard.pbx.refuse |= {switchboard.outside: 17, second: 17}
        await press(switchboard, Kind.CONSULT, caller, city, OUTSIDE)
        await switchboard.until(lambda: Order.objects.latest("pk").refused)
        assert second not in switchboard.pbx.rung
        switchboard.pbx.refuse[switchboard.outside] = 38
        await press(switchboard, Kind.CONSULT, caller, city, OUTSIDE)
        await switchboard.until(lambda: second in switchboard.pbx.rung)
        await is_back(switchboard, caller, talks, city)

    play(story)


@pytest.mark.parametrize("who", ["caller", "other", "asker"])
@pytest.mark.parametrize("together", [False, True])
def test_whichever_of_the_three_goes_the_two_others_are_well(play, city: City, who: str, together: bool) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller, talks = await begun(switchboard, city)
        await press(switchboard, Kind.CONSULT, caller, city, f"agent:{city.coordinator.pk}")
        await third(switchboard, caller, "apart")
        if together:
            await press(switchboard, Kind.CONFERENCE, caller, city)
            await third(switchboard, caller, "together")
            assert not talks.held and not talks.aside
        assert talks.other and (of(city.call_taker), of(city.coordinator)) == ("talking", "talking")
        asker, other = talks.leg, talks.other
        switchboard.gone({"caller": caller.leg, "other": other, "asker": asker}[who].id)
        if who == "caller":
            await switchboard.until(lambda: state(caller) == "ended")
            await switchboard.until(lambda: of(city.coordinator) == "ready" and of(city.call_taker) == "after_call")
        elif who == "other":
            await is_back(switchboard, caller, talks, city)
            await switchboard.until(lambda: of(city.coordinator) == "ready")
        else:
            await switchboard.until(lambda: of(city.call_taker) == "after_call" and shown(caller) == BACK)
            assert talks.leg is other and of(city.coordinator) == "talking" and not talks.held

    play(story)


@pytest.mark.parametrize("colleague", [True, False])
def test_a_caller_who_hangs_up_while_the_other_is_rung_stops_the_ring(play, city: City, colleague: bool) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller, _talks = await begun(switchboard, city)
        where = switchboard.colleague if colleague else switchboard.outside
        switchboard.pbx.rings_on.add(where)
        await press(switchboard, Kind.TRANSFER, caller, city, f"agent:{city.coordinator.pk}" if colleague else OUTSIDE)
        await switchboard.until(lambda: where in switchboard.pbx.ringing.values())
        switchboard.gone(caller.leg.id)
        await switchboard.until(lambda: not switchboard.pbx.ringing, within=1)
        await switchboard.until(lambda: (state(caller), of(city.call_taker)) == ("ended", "after_call"))
        await switchboard.until(lambda: of(city.coordinator) == "ready")

    play(story)


def test_the_agent_may_leave_three_and_the_two_others_talk_on_until_taken_back(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller, talks = await begun(switchboard, city)
        switchboard.pbx.answers.add(switchboard.outside)
        await press(switchboard, Kind.CONSULT, caller, city, OUTSIDE)
        await third(switchboard, caller, "apart")
        await press(switchboard, Kind.CONFERENCE, caller, city)
        await third(switchboard, caller, "together")
        outside = talks.other
        await press(switchboard, Kind.HANG_UP, caller, city)  # the key that hangs up leaves: it cuts nobody
        await switchboard.until(lambda: of(city.call_taker) == "after_call")
        assert talks.leg is outside and shown(caller) == BACK and caller.call in switchboard.talks
        refused = await press(switchboard, Kind.HANG_UP, caller, city)  # pressed twice
        await switchboard.until(lambda: Order.objects.get(pk=refused.pk).refused == orders.NOT_NOW)
        assert talks.leg is outside and outside and not outside.gone.is_set()
        await press(switchboard, Kind.COME_BACK, caller, city)
        await switchboard.until(lambda: of(city.call_taker) == "talking" and outside.gone.is_set())
        await is_back(switchboard, caller, talks, city)

    play(story)


@pytest.mark.parametrize("answered", [True, False])
def test_who_leaves_while_it_rings_hands_her_over_or_she_goes_back_to_the_queue(
    play, city: City, answered: bool
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller, talks = await begun(switchboard, city)
        switchboard.pbx.rings_on.add(switchboard.outside)
        order = await press(switchboard, Kind.TRANSFER, caller, city, OUTSIDE)
        await switchboard.until(lambda: switchboard.pbx.ringing)
        await press(switchboard, Kind.HAND_OVER, caller, city)
        await switchboard.until(lambda: of(city.call_taker) == "after_call")
        assert state(caller) == "ringing"
        if answered:
            switchboard.pbx.take_up(switchboard.outside)
            await switchboard.until(lambda: shown(caller) == BACK)
            assert Call.objects.get().outcome == "transferred" and talks.agent is None
        else:
            switchboard.pbx.answers.discard(switchboard.colleague)
            [channel] = switchboard.pbx.ringing
            switchboard.gone(channel, 17)
            await switchboard.until(
                lambda: switchboard.colleague in switchboard.pbx.rung
            )  # she is given to whoever is free
            assert Order.objects.get(pk=order.pk).refused == orders.LINE_BUSY and not caller.leg.gone.is_set()

    play(story)


def test_who_has_left_while_it_rings_takes_her_back_and_talks_with_her_at_once(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller, talks = await begun(switchboard, city)
        switchboard.pbx.rings_on.add(switchboard.outside)
        await press(switchboard, Kind.TRANSFER, caller, city, OUTSIDE)
        await switchboard.until(lambda: switchboard.pbx.ringing)
        await press(switchboard, Kind.HAND_OVER, caller, city)
        await switchboard.until(lambda: of(city.call_taker) == "after_call")
        await press(switchboard, Kind.COME_BACK, caller, city)
        await switchboard.until(lambda: of(city.call_taker) == "talking" and not switchboard.pbx.ringing)
        await is_back(switchboard, caller, talks, city)

    play(story)


@pytest.mark.parametrize("together", [True, False])
def test_an_agent_whose_telephone_is_gone_leaves_three_and_comes_back_to_the_citizen_of_two(
    play, city: City, together: bool
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller, talks = await begun(switchboard, city)
        switchboard.pbx.answers.add(switchboard.outside)
        await press(switchboard, Kind.CONSULT, caller, city, OUTSIDE)
        await third(switchboard, caller, "apart")
        if together:
            await press(switchboard, Kind.CONFERENCE, caller, city)
            await third(switchboard, caller, "together")
        outside, rung = talks.other, len(switchboard.pbx.rung)
        talks.leg.lost.set()
        if together:
            await switchboard.until(lambda: of(city.call_taker) == "after_call")
            assert talks.leg is outside and shown(caller) == BACK
            return
        await switchboard.until(lambda: len(switchboard.pbx.rung) > rung)
        await is_back(switchboard, caller, talks, city)
        await switchboard.until(lambda: outside and outside.gone.is_set())

    play(story)


def test_who_is_left_with_a_telephone_that_rings_and_gives_up_is_rung_back(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller, _talks = await begun(switchboard, city)
        switchboard.pbx.rings_on.add(switchboard.outside)
        await press(switchboard, Kind.TRANSFER, caller, city, OUTSIDE)
        await switchboard.until(lambda: switchboard.pbx.ringing)
        await press(switchboard, Kind.HAND_OVER, caller, city)
        await switchboard.until(lambda: state(caller) == "ringing")
        switchboard.gone(caller.leg.id)
        await switchboard.until(lambda: state(caller) == "ended" and not switchboard.pbx.ringing)
        assert Callback.objects.get().call_id == caller.call

    play(story)


def test_a_colleague_who_is_asked_can_leave_and_cuts_nobody(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller, talks = await begun(switchboard, city)
        await press(switchboard, Kind.CONSULT, caller, city, f"agent:{city.coordinator.pk}")
        await third(switchboard, caller, "apart")
        ask(Kind.HAND_OVER, caller, by=city.coordinator)
        ask(Kind.HANG_UP, caller, by=city.coordinator)
        await switchboard._obey()
        await is_back(switchboard, caller, talks, city)
        assert Order.objects.get(kind=Kind.HAND_OVER).refused == orders.NOT_NOW and of(city.coordinator) == "ready"

    play(story)


@pytest.mark.parametrize("while_it_rings", [True, False])
def test_who_was_handed_to_the_queue_is_taken_back(play, city: City, while_it_rings: bool) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller, _talks = await begun(switchboard, city)
        switchboard.pbx.rings_on.add(switchboard.colleague)
        if not while_it_rings:
            switchboard.board.agents[city.coordinator.pk].in_hand = True
        await press(switchboard, Kind.TRANSFER, caller, city, f"queue:{caller.queue and caller.queue.pk}")
        await switchboard.until(lambda: caller in switchboard.board.waiting)
        if while_it_rings:
            await switchboard.until(lambda: switchboard.pbx.ringing)
        await press(switchboard, Kind.COME_BACK, caller, city)
        await switchboard.until(lambda: shown(caller) == BACK and of(city.call_taker) == "talking")
        assert (
            switchboard.talks[caller.call].agent is switchboard.board.agents[city.call_taker.pk]
            and not switchboard.pbx.ringing
        )
        if while_it_rings:
            await switchboard.until(lambda: of(city.coordinator) == "ready")  # has missed nothing

    play(story)


def test_what_was_pressed_in_a_talk_is_not_taken_for_the_queues_key(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller, _talks = await begun(switchboard, city)
        switchboard.board.agents[city.coordinator.pk].in_hand = True
        caller.leg.keys.put_nowait("9")
        await press(switchboard, Kind.TRANSFER, caller, city, f"queue:{caller.queue and caller.queue.pk}")
        await switchboard.until(lambda: caller in switchboard.board.waiting)
        assert caller.leg.keys.empty()

    play(story)


@pytest.mark.parametrize("lives_on", ["patience", "place"])
def test_who_is_back_in_the_queue_waits_as_anybody_does(
    play, city: City, lives_on: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller, _talks = await begun(switchboard, city)
        switchboard.board.agents[city.coordinator.pk].in_hand = True
        told: list[int] = []
        monkeypatch.setattr(
            phrases, "wait", lambda *, place, **_: told.append(place) or [switchboard.menu.sound("connecting", "vi")]
        )
        monkeypatch.setattr(session, "RENEWED_EVERY", 0.05)
        monkeypatch.setattr(session, "ANNOUNCED_EVERY", 0.1 if lives_on == "place" else 99)
        assert caller.queue
        if lives_on == "patience":
            Queue.objects.update(patience=0)
        await press(switchboard, Kind.TRANSFER, caller, city, f"queue:{caller.queue.pk}")
        if lives_on == "place":
            await switchboard.until(lambda: told)
            assert told[0] == 1
        else:
            await switchboard.until(lambda: any(place.startswith("overflow:") for place in caller.been.path))
        switchboard.gone(caller.leg.id)
        await switchboard.until(lambda: state(caller) == "ended")
        assert Callback.objects.get().call_id == caller.call

    play(story)


def test_a_call_to_a_citizen_that_rings_ends_by_the_key_that_hangs_up(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        trunk = Trunk.objects.create(name="nhà mạng", host="127.0.0.1:9")
        switchboard.telephone(city.call_taker)
        switchboard.pbx.rings_on.add(f"+84912345678@{trunk.endpoint}")
        await switchboard.see_agents()
        orders.give(Kind.CALL_OUT, by=city.call_taker, at=now(), target="+84912345678")
        await switchboard._obey()
        await switchboard.until(lambda: switchboard.pbx.ringing)
        call = Call.objects.get()
        orders.give(Kind.HANG_UP, by=city.call_taker, at=now(), call=call)
        await switchboard._obey()
        await switchboard.until(lambda: not switchboard.pbx.ringing and of(city.call_taker) == "after_call", within=1)
        await switchboard.until(lambda: not [leg for leg in switchboard.legs if leg.startswith("ours-")])
        assert Call.objects.get().outcome == "no_answer" and not Order.objects.filter(refused__gt="").exists()

    play(story)


# ── a caller who leaves while somebody is rung for her ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("moment", ["rings", "not_taken", "talks"])
def test_a_caller_who_hangs_up_at_any_moment_of_an_offer_leaves_nothing(
    play, city: City, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """She goes, and her row has ended, just before we write this."""

    async def story(switchboard: PlayedSwitchboard) -> None:
        endpoint = switchboard.telephone(city.call_taker, answers=moment == "talks")
        await switchboard.see_agents()
        switchboard.start(distribution.give_out(switchboard, switchboard.kept_place_calls.ring))
        caller = switchboard.comes()
        written = switchboard.db
        done = False

        async def db(function: Any, *given: Any, **named: Any) -> Any:
            nonlocal done
            if function.__name__ == moment and not done:
                done = True
                switchboard.gone(caller.leg.id)
                await switchboard.until(lambda: state(caller) == "ended")
            return await written(function, *given, **named)

        monkeypatch.setattr(switchboard, "db", db)
        serve(switchboard, caller)
        await switchboard.until(lambda: done and not switchboard.board.agents[city.call_taker.pk].in_hand)
        assert (state(caller), of(city.call_taker)) == ("ended", "paused" if moment == "not_taken" else "ready")
        assert caller.call not in switchboard.talks
        assert switchboard.pbx.rung.count(endpoint) == (moment != "rings") and switchboard.board.waiting == []
        assert Callback.objects.get().call_id == caller.call

    play(story)
