"""What the agent's page may do to a call: decline it, be read anew, be somewhere else, be gone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.city import City
from tongdai.platform.clock import now

from ..agents import after_call, lines, presence, states
from ..agents.presence import FORGIVEN_WITHIN, GONE, GONE_AFTER
from ..board import ringing
from ..calls import distribution
from ..calls.declining import SPARED_FOR
from ..models import Agent, Call, Line, Order
from ..records import call_records, orders
from .exchange import PlayedSwitchboard
from .test_nobody_stands_waiting import ask, of, serve, state, talk


def contact(switchboard: PlayedSwitchboard, endpoint: str, status: str, uri: str) -> None:
    switchboard._take(
        {
            "type": "ContactStatusChange",
            "endpoint": {"resource": endpoint},
            "contact_info": {"contact_status": status, "uri": uri},
        }
    )


# ── declined ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("how", ["button", "telephone"])
def test_who_declines_is_not_paused_and_the_caller_goes_to_the_next_at_once(play, city: City, how: str) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        first, second = switchboard.telephone(city.call_taker, answers=False), switchboard.telephone(city.coordinator)
        switchboard.pbx.rings_on.add(first)
        await switchboard.see_agents()
        switchboard.start(distribution.give_out(switchboard, switchboard.kept_place_calls.ring))
        caller = switchboard.comes()
        serve(switchboard, caller)
        await switchboard.until(lambda: switchboard.pbx.rung == [first])
        if how == "button":
            ask(Order.Kind.DECLINE, caller, by=city.call_taker)
            await switchboard._obey()
        else:
            [leg] = switchboard.rings._whose
            switchboard._take({"type": "ChannelDestroyed", "cause": 21, "channel": {"id": leg}})
        await switchboard.until(lambda: caller.call in switchboard.talks, within=2)
        assert switchboard.pbx.rung == [first, second]
        assert (of(city.call_taker), Agent.objects.get(user=city.call_taker).reason) == ("ready", "")
        declined = Order.objects.get(kind=Order.Kind.DECLINE)  # on record, once
        assert (declined.by, declined.call_id, declined.refused) == (city.call_taker, caller.call, "")
        assert declined.done_at

    play(story)


def test_who_declined_is_offered_the_same_caller_after_a_while_and_another_at_once(
    play, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard.telephone(city.call_taker)
        await switchboard.see_agents()
        agent = switchboard.board.agents[city.call_taker.pk]
        one, other = switchboard.comes(), switchboard.comes("+84912345679")
        one.rank, other.rank = 1, 2
        one.spare(agent.user, SPARED_FOR)
        switchboard.board.waiting += [one, other]
        assert switchboard.board.pair() == (other, agent)
        one.spare(agent.user, 0)
        assert switchboard.board.pair() == (one, agent)

    play(story)


def test_a_colleague_who_declines_to_be_asked_is_ready_and_the_asker_talks_on(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        talks = await talk(switchboard, caller, city.call_taker)
        colleague = switchboard.telephone(city.coordinator, answers=False)
        switchboard.pbx.rings_on.add(colleague)
        await switchboard.see_agents()
        ask(Order.Kind.CONSULT, caller, by=city.call_taker, target=f"agent:{city.coordinator.pk}")
        await switchboard._obey()
        await switchboard.until(lambda: switchboard.pbx.rung[-1] == colleague)
        ask(Order.Kind.DECLINE, caller, by=city.coordinator)
        await switchboard._obey()
        await switchboard.until(lambda: of(city.coordinator) == "ready" and not talks.held)
        assert Call.objects.get().consulting == ""

    play(story)


def test_declining_what_rings_no_more_is_refused_in_words(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard.telephone(city.call_taker)
        await switchboard.see_agents()
        ask(Order.Kind.DECLINE, switchboard.comes(), by=city.call_taker)
        await switchboard._obey()
        assert Order.objects.get().refused == orders.NOT_NOW

    play(story)


# ── read anew, or at another browser ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("first_word", ["telephone", "leg"])
def test_a_page_read_anew_while_it_rings_is_rung_again_and_nobody_is_paused(play, city: City, first_word: str) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        endpoint = switchboard.telephone(city.call_taker, answers=False)
        switchboard.pbx.rings_on.add(endpoint)
        contact(switchboard, endpoint, "Created", "sip:old")
        await switchboard.see_agents()
        switchboard.start(distribution.give_out(switchboard, switchboard.kept_place_calls.ring))
        caller = switchboard.comes()
        serve(switchboard, caller)
        await switchboard.until(lambda: switchboard.pbx.rung == [endpoint])
        [leg] = switchboard.rings._whose
        if first_word == "leg":
            switchboard.gone(leg)
            await asyncio.sleep(0)
        contact(switchboard, endpoint, "Removed", "sip:old")
        await asyncio.sleep(0.05)
        switchboard.pbx.answers.add(endpoint)
        switchboard.pbx.rings_on.clear()
        contact(switchboard, endpoint, "Created", "sip:new")
        await switchboard.until(lambda: caller.call in switchboard.talks)
        assert switchboard.pbx.rung == [endpoint, endpoint] and of(city.call_taker) == "talking"

    play(story)


def test_a_page_that_is_closed_while_it_rings_lets_the_caller_go_on_soon(
    play, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ringing, "BACK_WITHIN", 0.1)

    async def story(switchboard: PlayedSwitchboard) -> None:
        first, second = switchboard.telephone(city.call_taker, answers=False), switchboard.telephone(city.coordinator)
        switchboard.pbx.rings_on.add(first)
        contact(switchboard, first, "Created", "sip:old")
        await switchboard.see_agents()
        switchboard.start(distribution.give_out(switchboard, switchboard.kept_place_calls.ring))
        caller = switchboard.comes()
        serve(switchboard, caller)
        await switchboard.until(lambda: switchboard.pbx.rung == [first])
        contact(switchboard, first, "Removed", "sip:old")
        await switchboard.until(lambda: switchboard.pbx.rung == [first, second])
        await switchboard.until(lambda: of(city.call_taker) == "paused")
        assert Agent.objects.get(user=city.call_taker).reason == GONE

    play(story)


def test_a_telephone_not_heard_of_for_a_moment_goes_on_ringing(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        endpoint = switchboard.telephone(city.call_taker, answers=False)
        switchboard.pbx.rings_on.add(endpoint)
        contact(switchboard, endpoint, "Created", "sip:old")
        await switchboard.see_agents()
        switchboard.start(distribution.give_out(switchboard, switchboard.kept_place_calls.ring))
        serve(switchboard, switchboard.comes())
        await switchboard.until(lambda: switchboard.rings._whose)
        [leg] = switchboard.rings._whose
        contact(switchboard, endpoint, "Unreachable", "sip:old")
        contact(switchboard, endpoint, "Reachable", "sip:old")
        await asyncio.sleep(0.1)
        assert list(switchboard.rings._whose) == [leg]

    play(story)


def test_a_telephone_not_heard_of_for_a_moment_is_not_rung_and_its_talk_goes_on(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        talks = await talk(switchboard, caller, city.call_taker)
        endpoint = switchboard.board.agents[city.call_taker.pk].endpoint
        contact(switchboard, endpoint, "Unreachable", "sip:old")
        assert not switchboard.telephones.is_there(endpoint) and not talks.leg.lost.is_set()
        contact(switchboard, endpoint, "Removed", "sip:old")
        assert talks.leg.lost.is_set()

    play(story)


@pytest.mark.parametrize("held", [True, False])
def test_a_caller_on_hold_stays_on_hold_when_the_page_is_read_anew(play, city: City, held: bool) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        talks = await talk(switchboard, caller, city.call_taker)
        if held:
            ask(Order.Kind.HOLD, caller, by=city.call_taker)
            await switchboard._obey()
            await switchboard.until(lambda: Call.objects.get().held)
        before = talks.leg
        before.lost.set()
        await switchboard.until(lambda: talks.leg is not before)
        await switchboard.until(lambda: talks.held == held)
        await asyncio.sleep(0.05)
        assert (talks.held, Call.objects.get().held, state(caller)) == (held, held, "talking")

    play(story)


def test_the_browser_opened_last_has_the_telephone_unless_the_other_has_a_call(city: City) -> None:
    user = city.call_taker
    states.set_state(user, Agent.State.READY)
    Agent.objects.update(online=True)
    assert lines.open_line(user, browser="one")
    assert lines.open_line(user, browser="two") and Line.objects.get().holder == "two"
    assert not lines.open_line(user, browser="one", asks=True)  # which has lost it, and doesn't take it back by itself
    call = call_records.came(channel="1.1", number="", dialled="1022").pk
    call_records.rings(call, agent=user.pk)
    assert not lines.open_line(user, browser="one")
    call_records.talks(call, agent=user.pk)
    assert not lines.open_line(user, browser="one") and lines.open_line(user, browser="two")
    assert lines.open_line(user, browser="one", takes=True) and Line.objects.get().holder == "one"


def test_a_browser_that_is_gone_gives_the_telephone_up(city: City) -> None:
    user = city.call_taker
    states.set_state(user, Agent.State.READY)
    Agent.objects.update(online=False, away_since=now())
    lines.open_line(user, browser="one")
    assert not lines.open_line(user, browser="two", asks=True)
    Agent.objects.update(away_since=now() - 2 * lines.AWAY_FOR)
    assert lines.open_line(user, browser="two", asks=True)


def test_a_microphone_that_is_off_stays_so_until_the_next_call(city: City) -> None:
    user = city.call_taker
    states.set_state(user, Agent.State.READY)
    call = call_records.came(channel="1.1", number="", dialled="1022").pk
    call_records.rings(call, agent=user.pk)
    call_records.talks(call, agent=user.pk)
    lines.mute(user, on=True)
    assert Agent.objects.get().muted
    states.hung_up(user.pk)
    call_records.rings(call, agent=user.pk)
    assert not Agent.objects.get().muted


# ── gone ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def away(user: Any, seconds: float, *, state: str = Agent.State.READY) -> None:
    states.set_state(user, Agent.State.READY)
    since = now() - timedelta(seconds=seconds)
    Agent.objects.filter(user=user).update(state=state, online=False, away_since=since, since=since)


def test_whose_telephone_is_gone_is_not_ready_and_goes_on_when_it_is_soon_back(city: City) -> None:
    user, line = city.call_taker, Line.objects.create(user=city.call_taker)
    away(user, GONE_AFTER.total_seconds() - 3)
    presence.pause_the_gone()
    assert of(user) == "ready"
    away(user, GONE_AFTER.total_seconds() + 1)
    presence.pause_the_gone()
    assert (of(user), Agent.objects.get().reason) == ("paused", GONE)
    presence.online(line.endpoint, there=True)
    assert (of(user), Agent.objects.get().reason, Agent.objects.get().away_since) == ("ready", "", None)


def test_who_comes_back_the_next_morning_says_so_by_hand(city: City) -> None:
    user, line = city.call_taker, Line.objects.create(user=city.call_taker)
    away(user, 100)
    presence.pause_the_gone()
    Agent.objects.update(since=now() - 2 * FORGIVEN_WITHIN)
    presence.online(line.endpoint, there=True)
    assert of(user) == "paused"


def test_who_paused_by_hand_stays_paused_when_the_telephone_comes_back(city: City) -> None:
    user, line = city.call_taker, Line.objects.create(user=city.call_taker)
    states.set_state(user, Agent.State.PAUSED, reason="meal")
    presence.online(line.endpoint, there=True)
    assert (of(user), Agent.objects.get().reason) == ("paused", "meal")


# ── after a call ─────────────────────────────────────────────────────────────────────────────────────────────────────


def writes(user: Any, seconds: float, *, online: bool = True) -> None:
    """A talk has ended so many seconds ago."""
    states.set_state(user, Agent.State.READY)
    since = now() - timedelta(seconds=seconds)
    Agent.objects.filter(user=user).update(state="after_call", since=since, writes_until=None, online=online)


def test_nobody_is_ready_again_while_they_type(city: City) -> None:
    user = city.call_taker
    writes(user, 29)
    assert after_call.writes_on(user) == 30
    Agent.objects.update(since=now() - timedelta(seconds=40))
    after_call.back_to_work()
    assert of(user) == "after_call"
    Agent.objects.update(writes_until=now() - timedelta(seconds=1))
    after_call.back_to_work()
    assert of(user) == "ready"
    assert after_call.writes_on(user) is None


def test_more_time_is_added_to_what_is_left_and_typing_takes_none_of_it(city: City) -> None:
    user = city.call_taker
    writes(user, 10)
    assert after_call.writes_on(user, more=True) == 20 + after_call.MORE.seconds
    assert after_call.writes_on(user) == 20 + after_call.MORE.seconds


def test_who_is_gone_after_a_call_is_not_made_ready(city: City) -> None:
    writes(city.call_taker, 40, online=False)
    after_call.back_to_work()
    assert (of(city.call_taker), Agent.objects.get().reason) == ("paused", GONE)


def test_the_time_of_one_call_is_none_of_the_next(city: City) -> None:
    user = city.call_taker
    writes(user, 10)
    after_call.writes_on(user, more=True)
    call = call_records.came(channel="1.1", number="", dialled="1022").pk
    call_records.rings(call, agent=user.pk)
    call_records.talks(call, agent=user.pk)
    states.hung_up(user.pk)
    assert after_call.left(Agent.objects.get(), at=now()) == 30
