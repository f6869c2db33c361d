"""Whoever waits beside somebody free is given to them, whatever was before: handed on, cut off, our own faults."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from django.db import Error, OperationalError

from tests.city import City
from tongdai.platform.clock import now

from .. import switchboard
from ..agents import presence, states
from ..asterisk import configuration
from ..asterisk.client import PbxGone, Refused
from ..board.board import Caller
from ..calls import calling_out, distribution, recovery, session
from ..calls.stranded import LONGEST, UNSERVED, Watch
from ..conversation import third_party
from ..conversation.conversation import Conversation
from ..menu import menu
from ..models import Agent, Call, Callback, Order
from ..records import call_records, orders
from .exchange import PlayedSwitchboard

Story = Callable[[PlayedSwitchboard], Coroutine[Any, Any, None]]


def serve(switchboard: PlayedSwitchboard, caller: Caller, code: str = "person") -> None:
    """She is led to this step, as out of the menu."""

    async def served() -> None:
        with switchboard.caught(caller):
            await recovery._then(switchboard, caller, switchboard.menu.step(code), Call.Outcome.ABANDONED)

    switchboard.start(served())


def state(caller: Caller) -> str:
    return Call.objects.get(pk=caller.call).state


def of(agent: Any) -> str:
    return Agent.objects.get(user=agent).state


def ask(kind: Order.Kind, caller: Caller, *, by: Any, target: str = "") -> None:
    orders.give(kind, by=by, at=now(), call=Call.objects.get(pk=caller.call), target=target)


async def talk(switchboard: PlayedSwitchboard, caller: Caller, agent: Any) -> Conversation:
    """She is led to the queue, and this one takes her."""
    switchboard.telephone(agent)
    await switchboard.see_agents()
    switchboard.start(distribution.give_out(switchboard, switchboard.kept_place_calls.ring))
    serve(switchboard, caller)
    await switchboard.until(lambda: caller.call in switchboard.talks)
    return switchboard.talks[caller.call]


@pytest.mark.parametrize("to", ["queue", "agent"])
def test_who_is_handed_on_without_asking_is_given_to_the_next(play, city: City, to: str) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        await talk(switchboard, caller, city.call_taker)
        second = switchboard.telephone(city.coordinator)
        await switchboard.see_agents()
        which = city.coordinator.pk if to == "agent" else caller.queue and caller.queue.pk
        ask(Order.Kind.TRANSFER, caller, by=city.call_taker, target=f"{to}:{which}")
        await switchboard._obey()
        await switchboard.until(lambda: switchboard.pbx.rung[-1] == second and of(city.coordinator) == "talking")
        await switchboard.until(lambda: (state(caller), of(city.call_taker)) == ("talking", "after_call"))

    play(story)


def test_who_is_handed_on_may_press_for_a_message_and_is_rung_back_for_it(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        await talk(switchboard, caller, city.call_taker)
        ask(Order.Kind.TRANSFER, caller, by=city.call_taker, target=f"queue:{caller.queue and caller.queue.pk}")
        await switchboard._obey()
        await switchboard.until(lambda: caller in switchboard.board.waiting)
        caller.leg.keys.put_nowait("9")
        await switchboard.until(lambda: "message" in caller.been.path, within=5)
        await switchboard.until(lambda: state(caller) == "menu")  # nobody is looked for: she is not shown as waiting
        switchboard.gone(caller.leg.id)
        await switchboard.until(lambda: state(caller) == "ended")
        assert Callback.objects.get().call == Call.objects.get()

    play(story)


def test_who_was_handed_to_one_colleague_is_bound_to_that_one_once(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        caller.wanted = city.call_taker.pk
        await talk(switchboard, caller, city.call_taker)
        assert caller.wanted is None

    play(story)


def test_an_agent_gone_before_the_first_word_leaves_the_caller_waiting_for_the_next(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard.pbx.trouble["POST bridges/"] = Refused("the agent's leg has gone")
        caller = switchboard.comes()
        first, second = switchboard.telephone(city.call_taker), switchboard.telephone(city.coordinator)
        await switchboard.see_agents()
        switchboard.start(distribution.give_out(switchboard, switchboard.kept_place_calls.ring))
        serve(switchboard, caller)
        await switchboard.until(lambda: caller.call in switchboard.talks)
        assert switchboard.pbx.rung == [first, second]
        assert of(city.call_taker) == "ready" and switchboard.board.agents[city.call_taker.pk].may_be_rung

    play(story)


def test_a_wake_that_is_lost_strands_nobody(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard.telephone(city.call_taker)
        await switchboard.see_agents()
        switchboard.start(distribution.give_out(switchboard, switchboard.kept_place_calls.ring))
        await asyncio.sleep(0.01)
        caller = switchboard.comes()
        caller.since, caller.onward = now(), asyncio.get_running_loop().create_future()
        switchboard.board.waiting.append(caller)
        await switchboard.until(lambda: switchboard.pbx.rung)

    play(story)


@pytest.mark.parametrize("step", ["rings", "not_taken"])
def test_a_fault_while_somebody_is_rung_leaves_both_to_be_paired_again(
    play, city: City, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard.telephone(city.call_taker, answers=False)
        await switchboard.see_agents()
        caller, agent = switchboard.comes(), switchboard.board.agents[city.call_taker.pk]
        caller.offered = agent.in_hand = True

        def away(*_given: object, **_named: object) -> None:
            raise OperationalError

        monkeypatch.setattr(call_records, step, away)
        with pytest.raises(Error):
            await distribution.offer(switchboard, caller, agent)
        assert not caller.offered and not agent.in_hand

    play(story)


def test_a_talk_that_breaks_frees_the_agent_and_the_caller_falls_into_the_net(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        talks = await talk(switchboard, caller, city.call_taker)
        talks._next = broken  # type: ignore[method-assign]
        ask(Order.Kind.READ_CODE, caller, by=city.call_taker)
        talks.orders.put_nowait(Order.objects.get())
        # what broke is printed with all that stood there: that may take seconds
        await switchboard.until(lambda: f"POST channels/{caller.leg.id}/continue" in switchboard.pbx.asked, within=15)
        assert of(city.call_taker) == "after_call" and not switchboard.board.agents[city.call_taker.pk].in_hand

    async def broken() -> None:
        raise OperationalError

    play(story)


def test_a_colleague_who_is_asked_is_free_when_the_caller_hangs_up_meanwhile(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        talks = await talk(switchboard, caller, city.call_taker)
        switchboard.telephone(city.coordinator)
        await switchboard.see_agents()
        ask(Order.Kind.CONSULT, caller, by=city.call_taker, target=f"agent:{city.coordinator.pk}")
        await switchboard._obey()
        await switchboard.until(lambda: talks.aside)
        assert of(city.coordinator) == "talking"
        switchboard.gone(caller.leg.id)
        await switchboard.until(lambda: of(city.coordinator) == "ready")
        assert switchboard.board.agents[city.coordinator.pk].may_be_rung

    play(story)


def test_a_colleague_who_is_to_be_asked_is_in_hand_from_that_moment(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        talks = await talk(switchboard, caller, city.call_taker)
        switchboard.telephone(city.coordinator)
        await switchboard.see_agents()
        asking = asyncio.ensure_future(third_party.consult(talks, Order(target=f"agent:{city.coordinator.pk}")))
        await asyncio.sleep(0)
        assert not switchboard.board.agents[city.coordinator.pk].may_be_rung
        asking.cancel()

    play(story)


def test_whoever_reads_the_agents_anew_meets_the_same_ones(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard.telephone(city.call_taker)
        await switchboard.see_agents()
        one = switchboard.board.agents[city.call_taker.pk]
        states.set_state(city.call_taker, Agent.State.PAUSED)
        await switchboard.see_agents()
        assert switchboard.board.agents[city.call_taker.pk] is one and one.state == "paused"
        one.in_hand = True
        one.endpoint = ""
        await switchboard.see_agents()
        assert one.in_hand and one.endpoint

    play(story)


def test_a_fault_before_a_call_out_is_joined_lets_the_agent_go(
    play, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard.telephone(city.call_taker)
        await switchboard.see_agents()
        order = orders.give(Order.Kind.CALL_OUT, by=city.call_taker, at=now(), target="+84912345678")
        monkeypatch.setattr(call_records, "goes_out", lambda *_given, **_named: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await calling_out.call_out(switchboard, order)
        assert not switchboard.board.agents[city.call_taker.pk].in_hand

    play(story)


def test_no_sound_begins_for_who_has_been_answered_meanwhile(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        switchboard.board.waiting.append(caller)
        caller.joined = True
        await session._announce_while_waiting(switchboard, caller, switchboard.menu.sound("connecting", "vi"))
        assert switchboard.pbx.asked == []

    play(story)


def test_asterisk_being_slow_once_cuts_nobody_off_and_is_no_reason_to_go_silent(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        leg = switchboard.comes().leg
        switchboard.pbx.trouble[f"POST channels/{leg.id}/variable"] = PbxGone("no answer within 5 s")
        await leg.hold_out(10)
        switchboard.pbx.trouble[f"POST channels/{leg.id}/play"] = PbxGone("no answer within 5 s")
        with pytest.raises(PbxGone):
            await leg.listen_to(switchboard.menu.sound("connecting", "vi"))
        switchboard.pbx.asked.clear()
        await leg.hold_out(10)  # nothing is taken to be playing still
        assert switchboard.pbx.asked == [f"POST channels/{leg.id}/variable"]

    play(story)


def test_who_takes_up_after_we_stopped_ringing_is_not_left_in_silence(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard._take(
            {"type": "StasisStart", "args": ["ours"], "channel": {"id": "ours-late", "name": "PJSIP/line-1-1"}}
        )
        await switchboard.until(lambda: "ours-late" not in switchboard.legs)

    play(story)


def test_what_nobody_could_be_served_without_ends_the_connection_that_it_begins_anew(
    play, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard.pbx.trouble["GET bridges"] = Refused("bridges")
        monkeypatch.setattr(configuration, "reconfigure", lambda _it: None)
        monkeypatch.setattr(menu, "load", lambda _it: switchboard.menu)
        with pytest.raises(Refused):
            async with asyncio.timeout(3):
                await switchboard.run()

    play(story)


def test_who_gives_out_stops_when_told_to_though_something_changes_at_that_very_moment(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        gives_out = asyncio.create_task(distribution.give_out(switchboard, lambda *_: None))
        await asyncio.sleep(0.01)
        switchboard.changed.clear()
        await asyncio.sleep(0.01)
        switchboard.changed.set()
        gives_out.cancel()
        await asyncio.wait({gives_out}, timeout=2)
        assert gives_out.cancelled()

    play(story)


def test_the_desk_is_heard_again_when_the_database_was_away(play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        tries = 0

        async def obey() -> None:
            nonlocal tries
            tries += 1
            if tries == 1:
                raise OperationalError

        monkeypatch.setattr(switchboard, "_obey", obey)
        switchboard.start(switchboard._follow_the_desk())
        await switchboard.until(lambda: tries == 2)

    play(story)


# ── after we were away ───────────────────────────────────────────────────────────────────────────────────────────────


def channel(name: str, endpoint: str, state: str = "Up") -> dict[str, Any]:
    return {"id": name, "name": f"PJSIP/{endpoint}-1", "state": state, "dialplan": {"app_name": "Stasis"}}


def test_what_the_process_before_us_played_is_stopped_before_anything_is_asked(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        call_records.waits(caller.call, queue=None, path=["person"])
        await caller.leg.listen_to(switchboard.menu.sound("connecting", "vi"))
        switchboard.legs.clear()
        [played] = [asked.rsplit("/", 1)[1] for asked in switchboard.pbx.asked if "/play/" in asked]
        switchboard.pbx.playing[played] = caller.leg.id
        switchboard.pbx.asked.clear()
        switchboard.pbx.channels = [channel(caller.leg.id, "trunk-1")]
        await recovery.take_up(switchboard)
        await switchboard.until(lambda: switchboard.board.waiting and not switchboard.pbx.playing)
        asked = switchboard.pbx.asked
        await switchboard.until(lambda: f"POST channels/{caller.leg.id}/variable" in asked)
        assert asked.index(f"DELETE playbacks/{played}") < asked.index(f"POST channels/{caller.leg.id}/variable")

    play(story)


def test_who_was_leaving_a_message_leaves_it_and_no_telephone_rings(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard.telephone(city.call_taker)
        caller = switchboard.comes()
        call_records.waits(caller.call, queue=None, path=["person"])
        message = f"message-{caller.call}"
        switchboard.legs.clear()
        switchboard.pbx.channels, switchboard.pbx.recording = [channel(caller.leg.id, "trunk-1")], {message}
        await recovery.take_up(switchboard)
        switchboard.start(distribution.give_out(switchboard, switchboard.kept_place_calls.ring))
        await asyncio.sleep(0.1)
        over = {"name": message, "target_uri": f"channel:{caller.leg.id}"}
        switchboard._take({"type": "RecordingFinished", "recording": over})
        await switchboard.until(lambda: state(caller) == "ended")
        assert (Call.objects.get().outcome, Callback.objects.count(), switchboard.pbx.rung) == ("message", 1, [])

    play(story)


def test_who_has_handed_a_caller_outside_is_not_taken_for_talking(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        endpoint = switchboard.telephone(city.call_taker)
        caller = switchboard.comes()
        call_records.talks(caller.call, agent=city.call_taker.pk)
        call_records.handed_over(caller.call, to=None)
        states.hung_up(city.call_taker.pk)
        states.set_state(city.call_taker, Agent.State.READY)
        await switchboard.see_agents()
        switchboard.legs.clear()
        switchboard.pbx.channels = [channel(caller.leg.id, "trunk-1"), channel("out", "trunk-1")]
        switchboard.pbx.bridges = [{"id": "b", "name": f"call-{caller.call}", "channels": [caller.leg.id, "out"]}]
        await recovery.take_up(switchboard)
        assert endpoint and switchboard.board.agents[city.call_taker.pk].may_be_rung

    play(story)


def test_a_telephone_that_still_rings_for_the_process_before_us_is_stopped(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard.telephone(city.call_taker)
        order = orders.give(Order.Kind.CALL_OUT, by=city.call_taker, at=now(), target="+84912345678")
        out = call_records.goes_out(order.pk, channel="out-1")
        switchboard.pbx.channels = [
            channel("ours-1", "line-1", "Ringing") | {"dialplan": {"app_name": ""}},
            channel("out-1", "trunk-1", "Ringing") | {"dialplan": {"app_name": ""}},
        ]
        await recovery.take_up(switchboard)
        assert {"DELETE channels/ours-1", "DELETE channels/out-1"} <= set(switchboard.pbx.asked)
        assert (Call.objects.get(pk=out).outcome, of(city.call_taker)) == ("no_answer", "ready")

    play(story)


def test_who_goes_while_we_take_her_up_is_not_waited_for(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        call_records.talks(caller.call, agent=city.call_taker.pk)
        switchboard.legs.clear()
        seen = [[channel(caller.leg.id, "trunk-1"), channel("a", "line-1")], []]
        switchboard.pbx.bridges = [{"id": "b", "name": f"call-{caller.call}", "channels": [caller.leg.id, "a"]}]
        monkey = switchboard.pbx.get

        async def get(path: str) -> Any:
            return seen.pop(0) if path == "channels" else await monkey(path)

        switchboard.pbx.get = get  # type: ignore[method-assign]
        await recovery.take_up(switchboard)
        await switchboard.until(lambda: state(caller) == "ended")

    play(story)


def test_a_telephone_that_came_without_a_word_is_found_and_one_just_gone_is_not(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard.pbx.endpoints = [
            {"resource": "line-1", "state": "online"},
            {"resource": "line-2", "state": "online"},
        ]
        looks = asyncio.ensure_future(switchboard.telephones.look(switchboard.pbx))
        await asyncio.sleep(0)
        switchboard.telephones._reported.add("line-2")  # it went while we asked
        assert await looks == {"line-1"} and switchboard.telephones.all_there() == {"line-1"}
        assert await switchboard.telephones.look(switchboard.pbx) == {"line-2"}

    play(story)


def test_whose_telephone_came_or_went_meanwhile_is_on_record(city: City) -> None:
    came, went = city.call_taker, city.coordinator
    for each in (came, went):
        states.set_state(each, Agent.State.READY)
    Agent.objects.filter(user=went).update(online=True)
    presence.online_are({f"line-{came.pk}", "trunk-1"})
    assert (Agent.objects.get(user=came).online, Agent.objects.get(user=went).online) == (True, False)


def test_who_comes_to_work_after_their_telephone_is_not_called_gone(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        here = switchboard.telephone(city.call_taker)
        Agent.objects.all().delete()
        states.set_state(city.call_taker, Agent.State.READY)  # the first time ever: no word of the telephone any more
        Agent.objects.update(since=now() - 2 * presence.GONE_AFTER)
        looks = switchboard.start(switchboard._look_after())
        await switchboard.until(lambda: Agent.objects.filter(user=city.call_taker, online=True).exists())
        looks.cancel()
        assert here in switchboard.telephones.all_there() and of(city.call_taker) == "ready"

    play(story)


def test_who_is_on_record_as_busy_and_in_nobodys_hand_is_free_after_a_moment(city: City) -> None:
    call = call_records.came(channel="1.1", number="", dialled="1022").pk
    for each in (city.call_taker, city.coordinator):
        states.set_state(each, Agent.State.READY)
        call_records.rings(call, agent=each.pk)
    recovery.free_all_but({city.coordinator.pk}, before=now() - switchboard.FORGOTTEN)
    assert of(city.call_taker) == "ringing"  # it has only just begun
    Agent.objects.update(since=now() - 2 * switchboard.FORGOTTEN)
    recovery.free_all_but({city.coordinator.pk}, before=now() - switchboard.FORGOTTEN)
    assert (of(city.call_taker), of(city.coordinator)) == ("ready", "ringing")


# ── who met nobody is rung back ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("outcome", [Call.Outcome.ABANDONED, Call.Outcome.MESSAGE])
@pytest.mark.parametrize("away", [False, True])
def test_who_was_handed_on_and_met_nobody_is_rung_back(city: City, outcome: str, away: bool) -> None:
    call = call_records.came(channel="1.1", number="+84912345678", dialled="1022").pk
    call_records.talks(call, agent=city.call_taker.pk)
    call_records.waits(call, queue=None, path=["person"])
    if away:  # she hung up while our process was
        recovery.went(call)
        outcome = Call.Outcome.ABANDONED
    else:
        call_records.ended(call, path=["person"], outcome=outcome)
    if outcome == Call.Outcome.ABANDONED:
        outcome = Call.Outcome.ANSWERED  # for somebody met her
    assert (Call.objects.get().outcome, Callback.objects.get().call_id) == (outcome, call)


@pytest.mark.parametrize("outcome", [Call.Outcome.ABANDONED, Call.Outcome.LOOKED_UP])
def test_who_hangs_up_a_talk_has_not_given_up(city: City, outcome: str) -> None:
    states.set_state(city.call_taker, Agent.State.READY)
    call = call_records.came(channel="1.1", number="+84912345678", dialled="1022").pk
    call_records.talks(call, agent=city.call_taker.pk)
    call_records.ended(call, path=["person"], outcome=outcome)
    assert Call.objects.get().outcome == "" and not Callback.objects.exists()


def test_who_hears_an_answer_and_then_waits_in_vain_is_rung_back(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        caller.been.path += ["answers", "answer:article:1"]
        serve(switchboard, caller)
        await switchboard.until(lambda: switchboard.board.waiting)
        switchboard.gone(caller.leg.id)
        await switchboard.until(lambda: state(caller) == "ended")
        assert Call.objects.get().outcome == "abandoned" and Callback.objects.exists()

    play(story)


# ── the watch ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fault", ["offered", "wanted", "in_hand", "unserved"])
def test_whoever_stands_beside_somebody_free_for_too_long_is_given_to_them(play, city: City, fault: str) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard.telephone(city.call_taker)
        await switchboard.see_agents()
        caller, agent = switchboard.comes(), switchboard.board.agents[city.call_taker.pk]
        serve(switchboard, caller)
        await switchboard.until(lambda: caller in switchboard.board.waiting)
        if fault == "unserved":
            switchboard.leaves(caller)
        elif fault == "in_hand":
            agent.in_hand = True
        else:
            setattr(caller, fault, -1)
        watch = Watch(switchboard)
        for at in (0, 1.0, LONGEST):
            await watch.look(at=at)
        assert switchboard.board.pair() is None and "continue" not in "".join(switchboard.pbx.asked)
        await watch.look(at=LONGEST + 1)
        if fault == "unserved":
            await watch.look(at=UNSERVED + 1)
            await switchboard.until(lambda: f"POST channels/{caller.leg.id}/continue" in switchboard.pbx.asked)
        else:
            assert switchboard.board.pair() == (caller, agent)

    play(story)


def test_who_has_declined_her_or_talks_is_left_alone(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard.telephone(city.call_taker)
        await switchboard.see_agents()
        caller, agent = switchboard.comes(), switchboard.board.agents[city.call_taker.pk]
        serve(switchboard, caller)
        await switchboard.until(lambda: caller in switchboard.board.waiting)
        caller.passed_by.add(agent.user)
        caller.offered = True
        watch = Watch(switchboard)
        for at in range(10):
            await watch.look(at=at)
        assert caller.offered
        call_records.talks(caller.call, agent=agent.user)
        caller.passed_by.clear()
        await switchboard.see_agents()
        for at in range(10, 20):
            await watch.look(at=at)
        assert caller.offered

    play(story)
