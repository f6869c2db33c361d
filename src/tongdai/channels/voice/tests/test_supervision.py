"""A supervisor hears, speaks and steps in, at no moment to the citizen's harm; each on record, and told to the agent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from tests.city import City
from tongdai.accounts.models import Role, User
from tongdai.audit.models import Entry, Kind
from tongdai.platform.clock import now

from ..agents import after_call, states
from ..asterisk.client import Refused
from ..board.board import Caller
from ..calls import distribution, recovery
from ..conversation.conversation import Conversation
from ..models import Agent, Call, Notice, Order, Queue, Supervision
from ..records import call_records, orders, supervision
from .exchange import PlayedSwitchboard

Story = Callable[[PlayedSwitchboard], Coroutine[Any, Any, None]]
KINDS = Order.Kind


@pytest.fixture
def supervisor(city: City) -> User:
    return city.staff(Role.SUPERVISOR, "Lê Trưởng Ca")


def serve(switchboard: PlayedSwitchboard, caller: Caller) -> None:
    async def served() -> None:
        with switchboard.caught(caller):
            await recovery._then(switchboard, caller, switchboard.menu.step("person"), Call.Outcome.ABANDONED)

    switchboard.start(served())


async def talk(switchboard: PlayedSwitchboard, agent: User, supervisor: User) -> Conversation:
    """A citizen and this agent talk; the supervisor's telephone is there, and takes no calls."""
    switchboard.telephone(agent)
    switchboard.telephone(supervisor)
    states.set_state(supervisor, Agent.State.PAUSED)
    await switchboard.see_agents()
    switchboard.start(distribution.give_out(switchboard, switchboard.kept_place_calls.ring))
    caller = switchboard.comes()
    serve(switchboard, caller)
    await switchboard.until(lambda: caller.call in switchboard.talks)
    return switchboard.talks[caller.call]


async def ask(
    switchboard: PlayedSwitchboard, kind: KINDS, by: User, *, call: int | None = None, target: str = "", words: str = ""
) -> str:
    """The order is given and done: why not, in words, or nothing."""
    found = Call.objects.get(pk=call) if call else None
    order = orders.give(kind, by=by, at=now(), call=found, target=target, words=words)
    await switchboard._obey()
    await switchboard.until(lambda: Order.objects.get(pk=order.pk).done_at)
    return Order.objects.get(pk=order.pk).refused


def of(agent: User) -> str:
    return Agent.objects.get(user=agent).state


def on_record(by: User) -> list[str]:
    return list(Entry.objects.filter(kind=Kind.SUPERVISION, by=by.pk).order_by("pk").values_list("action", flat=True))


def test_what_is_asked_of_a_session_that_has_been_stopped_is_not_begun(play, city: City, supervisor: User) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        going = await talk(switchboard, city.call_taker, supervisor)
        assert await ask(switchboard, KINDS.LISTEN, supervisor, call=going.caller.call) == ""
        session = switchboard.sessions[supervisor.pk]
        await session.stop()
        before = on_record(supervisor)
        await session.change(Supervision.Mode.BARGE)
        assert on_record(supervisor) == before and not Supervision.objects.filter(ended_at=None).exists()

    play(story)


def test_a_key_changes_who_hears_the_supervisor_and_each_stretch_is_on_record(
    play, city: City, supervisor: User
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        talks = await talk(switchboard, city.call_taker, supervisor)
        call, pbx, citizen, agent = talks.caller.call, switchboard.pbx, talks.caller.leg.id, talks.leg.id
        assert not await ask(switchboard, KINDS.LISTEN, supervisor, call=call)
        assert list(pbx.snooped.values()) == [(agent, "none")] and pbx.inside[talks.bridge] == {citizen, agent}
        assert not await ask(switchboard, KINDS.WHISPER, supervisor, call=call)
        assert list(pbx.snooped.values()) == [(agent, "out")] and pbx.inside[talks.bridge] == {citizen, agent}
        assert not await ask(switchboard, KINDS.BARGE, supervisor, call=call)
        mine = switchboard.sessions[supervisor.pk].leg.id
        assert pbx.snooped == {} and pbx.inside == {talks.bridge: {citizen, agent, mine}}
        assert not await ask(switchboard, KINDS.LISTEN, supervisor, call=call)
        assert pbx.inside[talks.bridge] == {citizen, agent}
        assert pbx.rung.count(f"line-{supervisor.pk}") == 1  # one telephone for all of it
        assert not await ask(switchboard, KINDS.LEAVE, supervisor)
        assert pbx.inside == {talks.bridge: {citizen, agent}} and pbx.snooped == {} and call in switchboard.talks
        assert [each.split()[1] for each in switchboard.said] == [
            "stop",
            "start",
        ]  # the recording, since three became two
        assert not switchboard.board.agents[supervisor.pk].in_hand

    play(story)
    assert on_record(supervisor) == ["listen", "stopped", "whisper", "stopped", "barge", "stopped", "listen", "stopped"]
    assert [(each.mode, each.agent) for each in Supervision.objects.order_by("pk")] == [
        (mode, city.call_taker) for mode in ("listen", "whisper", "barge", "listen")
    ]
    assert not Supervision.objects.filter(ended_at=None).exists()
    ended = Entry.objects.filter(action="stopped").latest("pk")
    assert ended.subject == city.call_taker.pk and set(ended.detail) == {"how", "since", "seconds"}


def test_it_ends_with_the_talk_and_by_hanging_up(play, city: City, supervisor: User) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        talks = await talk(switchboard, city.call_taker, supervisor)
        await ask(switchboard, KINDS.BARGE, supervisor, call=talks.caller.call)
        switchboard.gone(switchboard.sessions[supervisor.pk].leg.id)
        await switchboard.until(lambda: not switchboard.sessions)
        assert talks.caller.call in switchboard.talks
        await ask(switchboard, KINDS.WHISPER, supervisor, call=talks.caller.call)
        switchboard.gone(talks.caller.leg.id)
        await switchboard.until(
            lambda: not switchboard.sessions and not switchboard.board.agents[supervisor.pk].in_hand
        )

    play(story)
    assert Supervision.objects.filter(ended_at=None).count() == 0


def test_what_cannot_be_done_is_told_in_words(play, city: City, supervisor: User) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        talks = await talk(switchboard, city.call_taker, supervisor)
        call = talks.caller.call
        switchboard.telephones._set(f"line-{supervisor.pk}", False)
        await switchboard.see_agents()
        assert await ask(switchboard, KINDS.LISTEN, supervisor, call=call) == orders.NO_LINE
        assert await ask(switchboard, KINDS.TAKE_OVER, supervisor, call=call) == orders.NO_LINE
        switchboard.telephone(supervisor)
        states.set_state(supervisor, Agent.State.PAUSED)
        await switchboard.see_agents()
        switchboard.pbx.trouble[f"POST channels/{talks.leg.id}/snoop"] = Refused("404")
        assert await ask(switchboard, KINDS.WHISPER, supervisor, call=call) == orders.FAILED
        await switchboard.until(lambda: not switchboard.sessions)
        switchboard.gone(talks.caller.leg.id)
        await switchboard.until(lambda: call not in switchboard.talks)
        assert await ask(switchboard, KINDS.LISTEN, supervisor, call=call) == orders.OVER
        assert await ask(switchboard, KINDS.MOVE, supervisor, call=call, target="head") == orders.OVER
        assert await ask(switchboard, KINDS.FREE, supervisor, target="agent:0") == orders.NO_SUCH

    play(story)
    assert not Supervision.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize("first", [None, KINDS.LISTEN, KINDS.BARGE])
def test_who_takes_over_has_the_citizen_and_the_agent_is_free_and_told_why(
    play, city: City, supervisor: User, first: KINDS | None
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        talks = await talk(switchboard, city.call_taker, supervisor)
        call, agent = talks.caller.call, talks.leg
        if first:
            await ask(switchboard, first, supervisor, call=call)
        assert not await ask(switchboard, KINDS.TAKE_OVER, supervisor, call=call, words="người này cần cán bộ y tế")
        await switchboard.until(lambda: agent.gone.is_set() and not switchboard.sessions)
        assert switchboard.pbx.inside == {
            talks.bridge: {talks.caller.leg.id, talks.leg.id, agent.id}
        }  # who hung up has gone
        assert talks.leg.is_of(f"line-{supervisor.pk}") and switchboard.talks[call] is talks
        assert (of(city.call_taker), of(supervisor)) == ("after_call", "talking")
        assert switchboard.board.agents[supervisor.pk].in_hand
        switchboard.gone(talks.caller.leg.id)
        await switchboard.until(lambda: of(supervisor) == "after_call")

    play(story)
    told = supervision.unread(city.call_taker)
    assert told and (told.action, told.words) == (Notice.Action.TAKE_OVER, "người này cần cán bộ y tế")
    assert "take_over" in on_record(supervisor) and Call.objects.get().agent == supervisor
    Agent.objects.filter(user=supervisor).update(since=now() - timedelta(minutes=1), online=True)
    after_call.back_to_work()
    assert of(supervisor) == "paused"  # a supervisor isn't rung for having taken one over


def test_taking_over_ends_what_the_agent_had_begun(play, city: City, supervisor: User) -> None:
    """Held for a colleague who was asked: the colleague is free, the citizen hears the supervisor."""

    async def story(switchboard: PlayedSwitchboard) -> None:
        talks = await talk(switchboard, city.call_taker, supervisor)
        switchboard.telephone(city.coordinator)
        await switchboard.see_agents()
        orders.give(
            KINDS.CONSULT, by=city.call_taker, at=now(), call=Call.objects.get(), target=f"agent:{city.coordinator.pk}"
        )
        await switchboard._obey()
        await switchboard.until(lambda: talks.aside)
        assert not await ask(switchboard, KINDS.TAKE_OVER, supervisor, call=talks.caller.call)
        assert not talks.held and {talks.caller.leg.id, talks.leg.id} <= switchboard.pbx.inside[talks.bridge]
        assert of(city.coordinator) == "ready"

    play(story)


def test_an_agent_who_is_stuck_is_freed_and_the_citizen_waits_at_the_head(play, city: City, supervisor: User) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        talks = await talk(switchboard, city.call_taker, supervisor)
        switchboard.pbx.channels = [
            {"id": talks.leg.id, "name": talks.leg.name},
            {"id": "x", "name": "PJSIP/trunk-1-7"},
        ]
        other = switchboard.telephone(city.coordinator)
        await switchboard.see_agents()
        assert not await ask(
            switchboard, KINDS.FREE, supervisor, target=f"agent:{city.call_taker.pk}", words="máy treo"
        )
        assert of(city.call_taker) == "paused" and not switchboard.board.agents[city.call_taker.pk].in_hand
        assert "DELETE channels/x" not in switchboard.pbx.asked and not talks.caller.leg.gone.is_set()
        await switchboard.until(lambda: talks.caller.call in switchboard.talks and switchboard.pbx.rung[-1] == other)

    play(story)
    assert on_record(supervisor) == ["free"] and supervision.unread(city.call_taker).action == "free"  # type: ignore[union-attr]


def test_an_agent_in_nobodys_hand_is_freed_all_the_same(play, city: City, supervisor: User) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard.telephone(city.call_taker)
        await switchboard.see_agents()
        switchboard.board.agents[city.call_taker.pk].in_hand = True  # and nobody lets go
        assert not await ask(switchboard, KINDS.FREE, supervisor, target=f"agent:{city.call_taker.pk}")
        assert not switchboard.board.agents[city.call_taker.pk].in_hand and of(city.call_taker) == "paused"

    play(story)


def test_a_call_is_moved_to_another_queue_and_the_agent_is_told(play, city: City, supervisor: User) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        talks = await talk(switchboard, city.call_taker, supervisor)
        caller = talks.caller
        assert (await ask(switchboard, KINDS.MOVE, supervisor, call=caller.call, target="agent:0")) == orders.BUSY
        assert supervision.unread(city.call_taker) is None
        assert not await ask(switchboard, KINDS.MOVE, supervisor, call=caller.call, target=f"queue:{caller.queue.pk}")  # type: ignore[union-attr]
        await switchboard.until(lambda: caller in switchboard.board.waiting)
        assert not caller.leg.gone.is_set()

    play(story)
    assert on_record(supervisor) == ["move"] and supervision.unread(city.call_taker).action == "move"  # type: ignore[union-attr]


def test_one_who_waits_goes_to_the_head_to_another_queue_or_to_one_agent(play, city: City, supervisor: User) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        first, second, third = (switchboard.comes(f"+8491234567{n}") for n in range(3))
        for caller in (first, second, third):
            serve(switchboard, caller)
        await switchboard.until(lambda: len(switchboard.board.waiting) == 3)
        assert not await ask(switchboard, KINDS.MOVE, supervisor, call=third.call, target="head")
        assert switchboard.board.in_order()[0] is third
        assert not await ask(switchboard, KINDS.MOVE, supervisor, call=second.call, target="head")
        assert switchboard.board.in_order()[0] is second
        other = Queue.objects.exclude(pk=first.queue.pk if first.queue else 0).first()
        assert other and not await ask(switchboard, KINDS.MOVE, supervisor, call=first.call, target=f"queue:{other.pk}")
        await switchboard.until(lambda: first in switchboard.board.waiting and first.queue == other)
        assert (
            await ask(switchboard, KINDS.MOVE, supervisor, call=third.call, target=f"agent:{city.call_taker.pk}")
        ) != ""
        switchboard.telephone(city.call_taker)
        await switchboard.see_agents()
        assert not await ask(switchboard, KINDS.MOVE, supervisor, call=third.call, target=f"agent:{city.call_taker.pk}")
        switchboard.start(distribution.give_out(switchboard, switchboard.kept_place_calls.ring))
        await switchboard.until(lambda: third.call in switchboard.talks)

    play(story)
    assert on_record(supervisor) == ["move"] * 4


def test_a_call_that_turns_out_to_be_a_denunciation_is_heard_no_more(play, city: City, supervisor: User) -> None:
    secret = city.case("Tố cáo cán bộ nhận hối lộ", topic="denunciation")

    async def story(switchboard: PlayedSwitchboard) -> None:
        talks = await talk(switchboard, city.call_taker, supervisor)
        await ask(switchboard, KINDS.LISTEN, supervisor, call=talks.caller.call)
        call_records.conclude(Call.objects.get(), by=city.call_taker, outcome=Call.Outcome.REGISTERED, case=secret)
        await switchboard.until(lambda: not switchboard.sessions)
        assert talks.caller.call in switchboard.talks
        for kind in (KINDS.LISTEN, KINDS.TAKE_OVER):
            assert await ask(switchboard, kind, supervisor, call=talks.caller.call) == orders.OVER
        assert await ask(switchboard, KINDS.MOVE, supervisor, call=talks.caller.call, target="queue:1") == orders.OVER

    play(story)


def test_an_agent_whose_page_is_read_anew_is_spoken_to_again(play, city: City, supervisor: User) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        talks = await talk(switchboard, city.call_taker, supervisor)
        await ask(switchboard, KINDS.WHISPER, supervisor, call=talks.caller.call)
        old = talks.leg
        old.lost.set()
        switchboard.gone(switchboard.sessions[supervisor.pk]._spy.id)  # type: ignore[union-attr]
        await switchboard.until(lambda: talks.leg is not old and talks.caller.call in switchboard.talks)
        await switchboard.until(lambda: (talks.leg.id, "out") in switchboard.pbx.snooped.values())

    play(story)


def test_after_a_restart_nobody_is_at_a_call_and_the_agent_is_told_from_the_supervisor(
    play, city: City, supervisor: User
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        talks = await talk(switchboard, city.call_taker, supervisor)
        await ask(switchboard, KINDS.BARGE, supervisor, call=talks.caller.call)
        three = [talks.caller.leg, switchboard.sessions[supervisor.pk].leg, talks.leg]
        switchboard.pbx.channels = [
            {"id": leg.id, "name": leg.name, "state": "Up", "dialplan": {"app_name": "Stasis", "app_data": ""}}
            for leg in three
        ]
        switchboard.pbx.bridges = [
            {"id": talks.bridge, "name": f"call-{talks.caller.call}", "channels": [leg.id for leg in three]}
        ]
        for task in list(switchboard._tasks):
            task.cancel()
        await asyncio.gather(*switchboard._tasks, return_exceptions=True)
        switchboard.legs.clear()
        switchboard.talks.clear()
        await recovery.take_up(switchboard)
        await switchboard.until(lambda: switchboard.talks)
        assert switchboard.talks[talks.caller.call].leg.id == talks.leg.id
        assert f"DELETE channels/{three[1].id}" in switchboard.pbx.asked

    play(story)
    assert not Supervision.objects.filter(ended_at=None).exists()
