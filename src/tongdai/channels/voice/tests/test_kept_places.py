"""Who would rather not wait hangs up and keeps her place: she is rung when it is her turn, once, by somebody who is there."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from tests.city import City
from tongdai.accounts.models import User
from tongdai.directory import outbound
from tongdai.directory.models import Outbound
from tongdai.platform.clock import midnight, now

from .. import figures
from ..agents import states
from ..asterisk.legs import Leg
from ..board.board import Caller
from ..calls import announcements, distribution, kept_place_calls
from ..menu import menu
from ..models import Agent, Call, Callback, KeptPlace, Queue, Trunk
from ..queues import kept_places
from ..queues.kept_places import AGAIN_AFTER, TRIES
from ..records import call_records
from ..speech import fragments
from ..trunks import permission
from .exchange import PlayedSwitchboard
from .test_nobody_stands_waiting import of, serve, state

LAN, HOA = "+84912345678", "+84912345679"


SAID: list[str] = []


@pytest.fixture(autouse=True)
def a_carrier(city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Trunk:
    """A way out; an engine that says everything at once."""
    SAID.clear()

    def sound_of(text: str, *, language: str, it: object) -> Path:
        SAID.append(text)
        return tmp_path / "sound.wav"

    monkeypatch.setattr(fragments, "sound_of", sound_of)
    monkeypatch.setattr(permission, "is_here", lambda: True)
    return Trunk.objects.create(name="Nhà mạng", host="10.0.0.1")


def place() -> KeptPlace:
    return KeptPlace.objects.get()


def press(caller: Caller, *keys: str) -> None:
    for key in keys:
        caller.leg.keys.put_nowait(key)


async def somebody_busy(switchboard: PlayedSwitchboard) -> None:
    """Somebody takes calls, and has one: who waits, waits on."""
    other = User.objects.get_or_create(username="ban", defaults={"full_name": "Đang bận", "role": "call_taker"})[0]
    switchboard.telephone(other)
    Agent.objects.filter(user=other).update(state=Agent.State.AFTER_CALL, since=now())
    await switchboard.see_agents()


async def keeps(switchboard: PlayedSwitchboard, *keys: str, number: str = LAN) -> Caller:
    """She waits while somebody is at work, asks for her place by these keys, and is told that she may hang up."""
    await somebody_busy(switchboard)
    caller = switchboard.comes(number)
    serve(switchboard, caller)
    await switchboard.until(lambda: caller in switchboard.board.waiting)
    press(caller, "9", *keys)
    await switchboard.until(lambda: state(caller) == "ended", within=8)
    return caller


def kept_before(number: str = LAN, *, minutes: int = 12, queue: str = "general") -> KeptPlace:
    """A place that is kept already."""
    menu.write_the_usual_one()
    call = call_records.came(channel=f"kept-{number}", number=number, dialled="1022")
    call_records.waits(call.pk, queue=Queue.objects.get(code=queue).pk, path=["person"])
    Call.objects.filter(pk=call.pk).update(waited_from=now() - timedelta(minutes=minutes))
    found = kept_places.keep(call.pk, number=number, rank=50, language="vi")
    call_records.ended(call.pk, path=["person", "kept"], outcome=Call.Outcome.KEPT)
    return found


def answers(switchboard: PlayedSwitchboard, number: str = LAN) -> None:
    """Her telephone is taken up."""
    switchboard.pbx.answers.add(f"{number}@{Trunk.objects.get().endpoint}")


def rings_on(switchboard: PlayedSwitchboard, number: str = LAN) -> None:
    """It rings, and nobody takes it up."""
    switchboard.pbx.rings_on.add(f"{number}@{Trunk.objects.get().endpoint}")


def rung_outside(switchboard: PlayedSwitchboard) -> list[str]:
    return [endpoint.split("@")[0] for endpoint in switchboard.pbx.rung if "@" in endpoint]


def her_leg(switchboard: PlayedSwitchboard) -> Leg | None:
    return next((leg for name, leg in switchboard.legs.items() if name.startswith("out-")), None)


async def rings(switchboard: PlayedSwitchboard, agent: object) -> None:
    """This agent is ready, and callers are given out."""
    switchboard.telephone(agent)
    await switchboard.see_agents()
    await switchboard.kept_place_calls.look()
    switchboard.start(distribution.give_out(switchboard, switchboard.kept_place_calls.ring))


async def in_talk(switchboard: PlayedSwitchboard) -> int:
    """She is rung, is there, and meets the agent; the call."""
    await switchboard.until(her_leg_is_there(switchboard))
    leg = her_leg(switchboard)
    assert leg
    leg.keys.put_nowait("1")
    await switchboard.until(lambda: switchboard.talks, within=5)
    return next(iter(switchboard.talks))


def her_leg_is_there(switchboard: PlayedSwitchboard):  # type: ignore[no-untyped-def]
    return lambda: her_leg(switchboard)


def test_who_presses_nine_and_one_keeps_her_place_and_is_owed_nothing_else(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = await keeps(switchboard, "1", "1")
        call = Call.objects.get()
        assert (call.outcome, call.path[-2:]) == ("kept", ["instead", "kept"])
        assert place().contact.phone == LAN and place().since == call.waited_from and place().rank == caller.rank
        assert "không, chín, một, hai, ba, bốn, năm, sáu, bảy, tám" in SAID[-2]
        assert "Đã giữ cho ông bà vị trí số một" in SAID[-1]
        assert not Callback.objects.exists() and caller not in switchboard.board.waiting
        room = figures.room(since=midnight(), at=now())
        assert (room.kept_places, room.lost, len(room.waiting)) == (1, 0, 0)

    play(story)


def test_two_still_leads_to_a_message_and_star_back_to_the_line(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        await somebody_busy(switchboard)
        caller = switchboard.comes()
        serve(switchboard, caller)
        await switchboard.until(lambda: caller in switchboard.board.waiting)
        since = caller.since
        press(caller, "9", "*")
        await switchboard.until(lambda: "instead" in caller.been.path, within=5)
        await switchboard.until(lambda: caller in switchboard.board.waiting and caller.since == since)
        press(caller, "9", "2")
        await switchboard.until(lambda: "message" in caller.been.path, within=5)

    play(story)


def test_where_nobody_can_be_rung_nine_leads_to_a_message_at_once(play) -> None:
    Trunk.objects.update(active=False)

    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        serve(switchboard, caller)
        await switchboard.until(lambda: caller in switchboard.board.waiting)
        press(caller, "9")
        await switchboard.until(lambda: any("/record" in asked for asked in switchboard.pbx.asked), within=5)

    play(story)


def test_a_hidden_caller_keys_a_number_of_a_kind_the_city_rings(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        await keeps(switchboard, "1", *"19001234#", *"0912345678#", "1", number="")
        assert place().contact.phone == LAN and place().contact.proven_at is None

    play(story)


def test_another_number_than_her_own_is_keyed_and_confirmed(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        await keeps(switchboard, "1", "2", *"0912345679#", "1")
        assert place().contact.phone == HOA

    play(story)


def test_who_asks_twice_has_one_place_as_old_as_the_first() -> None:
    first = kept_before()
    call = call_records.came(channel="2", number=LAN, dialled="1022")
    again = kept_places.keep(call.pk, number=LAN, rank=10, language="en")
    assert (again.pk, again.since, again.rank) == (first.pk, first.since, 10)
    assert KeptPlace.objects.count() == 1


def test_when_it_is_her_turn_an_agent_is_kept_free_she_is_rung_and_they_talk(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        kept = kept_before()
        answers(switchboard)
        await rings(switchboard, city.call_taker)
        await switchboard.until(her_leg_is_there(switchboard))
        agent = switchboard.board.agents[city.call_taker.pk]
        assert (of(city.call_taker), agent.in_hand, agent.endpoint in switchboard.pbx.rung) == ("ringing", True, False)
        call = await in_talk(switchboard)
        row = Call.objects.get(pk=call)
        assert (row.direction, row.state, row.agent, row.waited_from) == ("out", "talking", city.call_taker, kept.since)
        assert place().state == "met" and of(city.call_taker) == "talking"
        switchboard.gone(her_leg(switchboard).id)  # type: ignore[union-attr]
        await switchboard.until(lambda: of(city.call_taker) == "after_call")
        await switchboard.until(lambda: not switchboard.kept_place_calls._in_hand)
        assert (place().state, Callback.objects.count(), Call.objects.get(pk=call).state) == ("met", 0, "ended")

    play(story)


def test_an_answering_machine_meets_nobody_and_rings_no_agent(
    play, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_place_calls, "SILENCE", 0.01)

    async def story(switchboard: PlayedSwitchboard) -> None:
        kept_before()
        answers(switchboard)
        await rings(switchboard, city.call_taker)
        await switchboard.until(lambda: place().tries == 1 and place().state == "waiting")
        await switchboard.until(lambda: of(city.call_taker) == "ready")  # free a moment after it is her turn no more
        assert switchboard.board.agents[city.call_taker.pk].endpoint not in switchboard.pbx.rung
        assert place().ring_at > now() + AGAIN_AFTER / 2

    play(story)


def test_nobody_answers_three_times_then_people_ring_back(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        kept_before()
        await rings(switchboard, city.call_taker)
        for tries in range(1, TRIES + 1):
            await switchboard.kept_place_calls.look()
            switchboard.changed.set()
            await switchboard.until(lambda tries=tries: place().tries == tries and place().state != "ringing")
            KeptPlace.objects.update(ring_at=now())
        assert (place().state, rung_outside(switchboard)) == ("given_up", [LAN] * TRIES)
        await switchboard.until(lambda: of(city.call_taker) == "ready")
        owed = Callback.objects.get()
        assert (owed.contact.phone, owed.call.outcome) == (LAN, "kept")

    play(story)


def test_who_needs_nobody_any_more_says_so_by_a_key(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        kept_before()
        answers(switchboard)
        await rings(switchboard, city.call_taker)
        await switchboard.until(her_leg_is_there(switchboard))
        her_leg(switchboard).keys.put_nowait("2")  # type: ignore[union-attr]
        await switchboard.until(lambda: of(city.call_taker) == "ready")
        assert (place().state, Callback.objects.count()) == ("cancelled", 0)

    play(story)


def test_who_rings_in_again_has_her_place_on_the_line_and_is_not_rung(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        kept = kept_before()
        first, caller = switchboard.comes(HOA), switchboard.comes(LAN)
        for each in (first, caller):
            serve(switchboard, each)
            await switchboard.until(lambda each=each: each in switchboard.board.waiting)
        assert place().state == "taken" and caller.since == kept.since
        assert switchboard.board.in_order() == [caller, first]
        await switchboard.kept_place_calls.look()
        assert switchboard.board.kept_callers == []

    play(story)


def test_whose_number_is_on_the_line_is_not_rung_meanwhile() -> None:
    kept_before()
    assert kept_places.due(at=now())
    call_records.came(channel="greeting", number=LAN, dialled="1022")
    assert kept_places.due(at=now()) == []


def test_the_ring_stops_when_she_was_met_by_another_way(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        kept = kept_before()
        rings_on(switchboard)
        await rings(switchboard, city.call_taker)
        await switchboard.until(lambda: rung_outside(switchboard))
        kept_places.met(kept.contact_id)
        await switchboard.kept_place_calls.look()
        await switchboard.until(lambda: of(city.call_taker) == "ready")
        assert (place().state, place().tries) == ("met", 1)

    play(story)


def test_somebody_in_danger_gets_the_agent_who_was_kept_free(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        kept_before()
        rings_on(switchboard)
        await rings(switchboard, city.call_taker)
        await switchboard.until(lambda: rung_outside(switchboard))
        urgent = switchboard.comes(HOA)
        serve(switchboard, urgent, "danger")
        await switchboard.until(lambda: urgent.call in switchboard.talks, within=5)
        assert (place().state, place().tries) == ("waiting", 0)

    play(story)


def test_whom_the_city_rings_no_more_in_this_hour_is_left_to_people(play, city: City) -> None:
    outbound.decide(kinds=[Outbound.Kind.MOBILE], calls_a_block=1, calls_an_hour=1)
    permission.let_out("+84987654321")

    async def story(switchboard: PlayedSwitchboard) -> None:
        kept_before()
        await rings(switchboard, city.call_taker)
        await switchboard.until(lambda: place().state == "given_up")
        assert rung_outside(switchboard) == [] and Callback.objects.get().contact.phone == LAN

    play(story)


def test_who_hangs_up_before_the_agent_answers_is_rung_again(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        kept_before()
        answers(switchboard)
        await rings(switchboard, city.call_taker)
        switchboard.pbx.answers.discard(switchboard.board.agents[city.call_taker.pk].endpoint)
        await switchboard.until(her_leg_is_there(switchboard))
        leg = her_leg(switchboard)
        assert leg
        leg.keys.put_nowait("1")
        await switchboard.until(lambda: Call.objects.filter(direction="out", state="waiting").exists(), within=5)
        switchboard.gone(leg.id)
        await switchboard.until(lambda: place().state == "waiting" and not switchboard.kept_place_calls._in_hand)
        assert Call.objects.get(direction="out").outcome == "abandoned"

    play(story)


def test_a_process_that_died_while_it_rang_leaves_the_place_kept(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        kept = kept_before()
        call = kept_places.rings(kept.pk, agent=city.call_taker.pk, channel="out-1", path=["kept"])
        assert call
        await switchboard.kept_place_calls.look()
        assert place().state == "ringing"  # its call goes on, as far as we know
        call_records.ended(call, path=["kept"], outcome=Call.Outcome.NO_ANSWER)
        await switchboard.kept_place_calls.look()
        assert (place().state, place().tries) == ("waiting", 1)

    play(story)


def test_nobody_is_woken_at_night_for_a_place_of_long_ago(city: City) -> None:
    kept_before()
    KeptPlace.objects.update(since=city.at("2022-02-14 21:30"), ring_at=city.at("2022-02-14 21:30"))
    assert kept_places.due(at=city.at("2022-02-14 22:00"))
    assert not kept_places.due(at=city.at("2022-02-14 23:30"))
    assert kept_places.due(at=city.at("2022-02-15 07:00"))


def test_who_waits_is_told_of_the_key_where_a_place_can_be_kept(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard.telephone(city.call_taker, answers=False)
        await switchboard.see_agents()
        caller = switchboard.comes()
        serve(switchboard, caller)
        await switchboard.until(lambda: caller in switchboard.board.waiting)
        step = switchboard.menu.steps["person"]
        told = len(await announcements.again(switchboard, caller, step))
        Trunk.objects.update(active=False)
        assert len(await announcements.again(switchboard, caller, step)) == told - 1

    play(story)


def test_where_nobody_is_at_work_nine_is_for_a_message_as_she_has_been_told(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        chosen = announcements.chosen(switchboard, caller, switchboard.menu.steps["person"], "9")
        assert chosen and chosen.code == "message"

    play(story)


def test_the_agents_state_is_said_while_she_is_rung(city: City) -> None:
    states.set_state(city.call_taker, Agent.State.READY)
    kept = kept_before()
    call = kept_places.rings(kept.pk, agent=city.call_taker.pk, channel="out-1", path=["kept"])
    agent = Agent.objects.get()
    assert (agent.state, agent.call_id, agent.call and agent.call.rang_at) == ("ringing", call, None)


def test_a_process_that_begins_anew_knows_the_places_before_it_gives_anybody_out(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        kept_before()
        connected = asyncio.Event()
        connected.set()
        await switchboard._begin(connected)
        assert [each.number for each in switchboard.board.kept_callers] == [LAN]

    play(story)
