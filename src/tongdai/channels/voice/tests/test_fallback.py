"""Whom Asterisk's own net has is left to it; who comes back, or is found after we were away, goes on where they were."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from datetime import UTC, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from tests.city import City
from tongdai.platform.clock import now

from ..agents import after_call, states
from ..asterisk.configuration import CONF
from ..asterisk.exchange import APPLICATION
from ..calls import recovery
from ..conversation import lost_voice, third_party
from ..conversation.conversation import Conversation
from ..conversation.lost_voice import AGENT_WITHIN, CITIZEN_WITHIN, LOST_AFTER, ON_ITS_WAY
from ..models import Agent, Call, Callback, Line, Order
from ..records import call_records, orders
from .exchange import PlayedSwitchboard
from .test_nobody_stands_waiting import of, serve, state, talk

Story = Callable[[PlayedSwitchboard], Coroutine[Any, Any, None]]
STASIS = {"app_name": "Stasis", "app_data": "tongdai,in,1022"}
NET = {"app_name": "Queue", "context": "from-trunk", "exten": "alone"}
RUNG = {"app_name": "AppQueue", "context": "from-line", "exten": "alone"}


def channel(name: str, endpoint: str, where: dict[str, str], state: str = "Up") -> dict[str, Any]:
    return {"id": name, "name": f"PJSIP/{endpoint}-1", "state": state, "dialplan": where}


def bridge(name: str, *inside: str) -> dict[str, Any]:
    return {"id": f"id-{name}", "name": name, "channels": list(inside)}


def deleted(switchboard: PlayedSwitchboard) -> list[str]:
    return [
        asked for asked in switchboard.pbx.asked if asked.startswith("DELETE channels/") and not asked.endswith("/moh")
    ]


# ── the net ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_fell_into_the_net_is_not_cut_when_we_hear_of_it_and_waits_there(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        serve(switchboard, caller)
        await switchboard.until(lambda: switchboard.board.waiting)
        switchboard.pbx.channels = [channel(caller.leg.id, "trunk-1", NET)]
        switchboard.gone(caller.leg.id)
        await switchboard.until(lambda: caller.leg.id in switchboard.fallback.inside and not switchboard.board.waiting)
        assert deleted(switchboard) == [] and state(caller) == "waiting" and not Callback.objects.exists()

    play(story)


def test_who_is_in_the_net_when_we_come_back_is_left_there_and_whom_it_rings_is_rung_by_nobody_else(
    play, city: City
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        endpoint = switchboard.telephone(city.call_taker)
        await switchboard.see_agents()
        caller = switchboard.comes()
        switchboard.legs.clear()
        agent = switchboard.board.agents[city.call_taker.pk]
        there = [channel(caller.leg.id, "trunk-1", NET), channel("q", endpoint, RUNG, "Ringing")]
        switchboard.pbx.channels = there
        await recovery.take_up(switchboard)
        assert deleted(switchboard) == [] and state(caller) == "waiting" and not agent.may_be_rung
        switchboard.pbx.channels = [there[0], channel("q", endpoint, RUNG)]
        switchboard.pbx.bridges = [bridge("", caller.leg.id, "q")]
        await switchboard.fallback.works()
        assert (state(caller), of(city.call_taker)) == ("talking", "talking")
        switchboard.pbx.channels = []
        await switchboard.fallback.works()
        assert of(city.call_taker) == "after_call" and not agent.in_hand

    play(story)


def test_whoever_met_somebody_in_the_net_while_we_hung_and_went_from_there_was_answered(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard.telephone(city.call_taker)
        caller = switchboard.comes()
        serve(switchboard, caller)
        await switchboard.until(lambda: switchboard.board.waiting)
        switchboard.it.net_log.parent.mkdir(parents=True, exist_ok=True)
        events = (
            "NONE|OPEN|trunk-1|0912345678|allowed",
            f"PJSIP/line-{city.call_taker.pk}|CONNECT|5|1.9|5",
            "NONE|GONE|",
        )
        switchboard.it.net_log.write_text("".join(f"1795869140|{caller.leg.id}|net|{event}\n" for event in events))
        switchboard.gone(caller.leg.id)
        await switchboard.until(lambda: state(caller) == "ended")
        call = Call.objects.get()
        assert (call.outcome, call.agent, Callback.objects.count()) == ("answered", city.call_taker, 0)

    play(story)


def test_whom_the_net_gives_two_in_a_row_has_answered_the_first(play, city: City) -> None:
    """It rings who writes after a call: between the two the agent is never ready, and says nothing of the first."""

    async def story(switchboard: PlayedSwitchboard) -> None:
        endpoint = switchboard.telephone(city.call_taker)
        await switchboard.see_agents()
        for caller in (switchboard.comes(), switchboard.comes("+84912345679")):
            switchboard.pbx.channels = [
                channel(caller.leg.id, "trunk-1", NET),
                channel(f"q{caller.call}", endpoint, RUNG),
            ]
            switchboard.pbx.bridges = [bridge("", caller.leg.id, f"q{caller.call}")]
            switchboard.fallback.inside.add(caller.leg.id)
            await switchboard.fallback.works()
            assert state(caller) == "talking"
            switchboard.pbx.channels = []
            await switchboard.fallback.works()
            call_records.ended(caller.call, path=[call_records.ALONE], outcome=Call.Outcome.ANSWERED)
        assert [each.outcome for each in Call.objects.order_by("pk")] == ["answered", ""]  # the second is in hand

    play(story)


def test_who_is_given_back_by_the_net_waits_in_her_place(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        since, _rank = call_records.waits(
            caller.call, queue=switchboard.menu.steps["epidemic"].queue_id, path=["epidemic"]
        )
        args = ["back", "allowed", "1795869140"]
        known = {"id": caller.leg.id, "name": caller.leg.name, "caller": {"number": "0912345678"}}
        switchboard._take({"type": "StasisStart", "args": args, "channel": known})
        await switchboard.until(lambda: switchboard.board.waiting)
        [waits] = switchboard.board.waiting
        assert (waits.call, waits.since, waits.queue) == (caller.call, since, switchboard.menu.steps["epidemic"].queue)

    play(story)


def test_asterisk_is_told_who_is_on_shift_and_that_we_work_and_neither_while_the_database_is_away(
    play, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        told: list[dict[str, Any]] = []

        async def post(path: str, **query: Any) -> None:
            told.append(query)

        switchboard.pbx.post = post  # type: ignore[method-assign]
        here, paused = switchboard.telephone(city.call_taker), switchboard.telephone(city.coordinator)
        states.set_state(city.coordinator, Agent.State.PAUSED)
        await switchboard.see_agents()
        await switchboard.fallback.works()
        assert paused and told[0] == {"variable": "ON_SHIFT", "value": here} and told[1]["variable"] == "ALIVE"
        told.clear()
        await switchboard.fallback.works()
        assert [each["variable"] for each in told] == ["ALIVE"]
        told.clear()

        def away(*_given: object, **_named: object) -> None:
            raise OperationalError

        monkeypatch.setattr(after_call, "back_to_work", away)
        looks = switchboard.start(switchboard._look_after())
        await switchboard.until(lambda: switchboard.city_is_open is not None)
        assert told == []
        looks.cancel()

    play(story)


# ── after we were away ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_stood_in_the_menu_goes_on_in_her_branch(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        Call.objects.filter(pk=caller.call).update(path=["greeting", "english"])
        switchboard.legs.clear()
        switchboard.pbx.channels = [channel(caller.leg.id, "trunk-1", STASIS)]
        await recovery.take_up(switchboard)
        switchboard.legs[caller.leg.id].keys.put_nowait("3")
        await switchboard.until(lambda: switchboard.board.waiting)
        [waits] = switchboard.board.waiting
        assert waits.been.path == ["greeting", "english", "procedures"] and waits.language == "en"

    play(story)


@pytest.mark.parametrize(("came", "is_taken_up"), [(-0.2, True), (0.2, False)])
def test_who_came_back_from_the_net_to_the_process_that_was_killed_in_this_second_is_taken_up(
    play, came: float, is_taken_up: bool
) -> None:
    """`came`: seconds before or after this process connected; whoever comes after is announced to it."""

    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        call_records.waits(caller.call, queue=None, path=["person"])
        switchboard.legs.clear()
        switchboard.connected_at = now()
        at = switchboard.connected_at + timedelta(seconds=came)
        data = f"{APPLICATION},back,allowed,{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z,"
        known = channel(caller.leg.id, "trunk-1", STASIS | {"app_data": data})
        switchboard.pbx.channels = [known]
        await recovery.take_up(switchboard)
        assert (caller.leg.id in switchboard.legs) is is_taken_up

    play(story)


def test_each_step_of_the_menu_is_on_record(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        known = {"id": "1.7", "name": "PJSIP/trunk-1-7", "caller": {"number": "0912345678"}}
        switchboard._take({"type": "StasisStart", "args": ["in", "1022", "allowed"], "channel": known})
        await switchboard.until(lambda: Call.objects.filter(path__contains=["greeting"]).exists())

    play(story)


@pytest.mark.parametrize("apart", [True, False])
def test_a_consultation_is_taken_up_and_the_agent_comes_back_from_it(play, city: City, apart: bool) -> None:
    """`apart`: the colleague is there still; else the agent is alone in the bridge apart, and is brought back at once."""

    async def story(switchboard: PlayedSwitchboard) -> None:
        agent, colleague = switchboard.telephone(city.call_taker), switchboard.telephone(city.coordinator)
        await switchboard.see_agents()
        caller = switchboard.comes()
        call_records.talks(caller.call, agent=city.call_taker.pk)
        call_records.note(caller.call, held=True, consulting="agent:1")
        states.asked(city.coordinator.pk, call=caller.call)
        switchboard.legs.clear()
        switchboard.pbx.channels = [channel(caller.leg.id, "trunk-1", STASIS), channel("ours-a", agent, STASIS)]
        switchboard.pbx.channels += [channel("ours-b", colleague, STASIS)] * apart
        switchboard.pbx.bridges = [
            bridge(f"call-{caller.call}"),
            bridge(f"aside-{caller.call}", "ours-a", *["ours-b"] * apart),
        ]
        await recovery.take_up(switchboard)
        await switchboard.until(lambda: caller.call in switchboard.talks)
        talks = switchboard.talks[caller.call]
        assert deleted(switchboard) == [] and f"DELETE bridges/id-call-{caller.call}" not in switchboard.pbx.asked
        if apart:
            assert talks.held and talks.other and talks.asked and talks.asked.user == city.coordinator.pk
            assert (of(city.call_taker), of(city.coordinator)) == ("talking", "ringing")
            await third_party.come_back(talks)
        await switchboard.until(lambda: not talks.held and not talks.aside)
        assert f"POST bridges/id-call-{caller.call}/addChannel" in switchboard.pbx.asked
        await switchboard.until(lambda: of(city.coordinator) == "ready")

    play(story)


def test_who_is_on_hold_stays_so(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        agent = switchboard.telephone(city.call_taker)
        await switchboard.see_agents()
        caller = switchboard.comes()
        call_records.talks(caller.call, agent=city.call_taker.pk)
        call_records.note(caller.call, held=True)
        switchboard.legs.clear()
        switchboard.pbx.channels = [channel(caller.leg.id, "trunk-1", STASIS), channel("ours-a", agent, STASIS)]
        switchboard.pbx.bridges = [bridge(f"call-{caller.call}", "ours-a")]
        await recovery.take_up(switchboard)
        await switchboard.until(lambda: caller.call in switchboard.talks)
        assert switchboard.talks[caller.call].held and deleted(switchboard) == [] and of(city.call_taker) == "talking"

    play(story)


def test_a_message_that_was_over_before_we_came_back_is_not_asked_for_again(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        Call.objects.filter(pk=caller.call).update(path=["greeting", "message"])
        switchboard.it.spool_recordings.mkdir(parents=True)
        (switchboard.it.spool_recordings / f"message-{caller.call}.wav").write_bytes(b"RIFF")
        switchboard.legs.clear()
        switchboard.pbx.channels = [channel(caller.leg.id, "trunk-1", STASIS)]
        await recovery.take_up(switchboard)
        await switchboard.until(lambda: state(caller) == "ended")
        assert Call.objects.get().outcome == "message" and Callback.objects.exists()

    play(story)


@pytest.mark.parametrize(
    ("talks", "cut", "message", "outcome", "owed"),
    [
        (True, True, False, "cut", 1),
        (False, True, False, "cut", 1),
        (False, True, True, "message", 1),
        (True, False, False, "", 0),
        (False, False, False, "abandoned", 1),
        (False, False, True, "message", 1),
    ],
)
def test_who_was_cut_off_with_asterisk_is_rung_back_answered_or_not(
    play, city: City, talks: bool, cut: bool, message: bool, outcome: str, owed: int
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        if talks:
            states.set_state(city.call_taker, Agent.State.READY)
            call_records.talks(caller.call, agent=city.call_taker.pk)
        if message:
            switchboard.it.spool_recordings.mkdir(parents=True)
            (switchboard.it.spool_recordings / f"message-{caller.call}.wav").write_bytes(b"RIFF")
        began = now() + timedelta(seconds=1 if cut else -60)
        switchboard.pbx.info = {"status": {"startup_time": began.isoformat()}}
        for _again in range(2):
            await recovery.take_up(switchboard)
        assert (state(caller), Call.objects.get().outcome) == ("ended", outcome)
        assert [each.missed for each in Callback.objects.all()] == [1] * owed

    play(story)


@pytest.mark.parametrize("talks", [True, False])
@pytest.mark.parametrize(("stops", "late"), [(True, False), (True, True), (False, False), (False, True)])
def test_who_is_cut_off_by_asterisks_own_stop_has_not_hung_up_and_is_rung_back(
    play, city: City, talks: bool, stops: bool, late: bool
) -> None:
    """`late`: on a busy machine a leg's end is told before who asked for it."""

    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        if talks:
            await talk(switchboard, caller, city.call_taker)
        else:
            serve(switchboard, caller)
            await switchboard.until(lambda: caller in switchboard.board.waiting)
        went = [leg for leg in switchboard.legs if leg != caller.leg.id] + [
            caller.leg.id
        ]  # the agent's first, if there is one
        how = {"cause": 4, "soft": True} if stops else {"cause": 16}
        kinds = ["ChannelHangupRequest", "StasisEnd"]
        for kind in reversed(kinds) if late else kinds:
            for name in went if stops else went[-1:]:
                switchboard._take({"type": kind, "channel": {"id": name}} | how)
            await asyncio.sleep(0.05)
        await switchboard.until(lambda: state(caller) == "ended")
        outcome, owed = ("cut", 1) if stops else ("", 0) if talks else ("abandoned", 1)
        assert (Call.objects.get().outcome, Callback.objects.count()) == (outcome, owed)

    play(story)


def test_a_citizen_we_had_rung_and_were_cut_off_from_is_rung_once(city: City) -> None:
    order = orders.give(Order.Kind.CALL_OUT, by=city.call_taker, at=now(), target="+84912345678")
    Line.objects.create(user=city.call_taker)
    call = call_records.goes_out(order.pk, channel="out-1")
    call_records.talks(call, agent=city.call_taker.pk)
    recovery.went(call, cut=True)
    assert (Call.objects.get().outcome, Callback.objects.count()) == ("cut", 1)


# ── the network ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class NewcomersSpeak(dict[str, int]):
    """Counts of packets; of legs that aren't in it, more come each time one asks."""

    def __init__(self, counts: dict[str, int]) -> None:
        super().__init__(counts)
        self._more = itertools.count(1)

    def get(self, leg: str, _default: object = 0) -> int:  # type: ignore[override]
        return self[leg] if leg in self else next(self._more)


def hears(switchboard: PlayedSwitchboard, counts: dict[str, int]) -> None:
    get = switchboard.pbx.get

    async def answered(path: str) -> Any:
        _channels, leg, *what = path.split("/") if path.startswith("channels/") else ("", "")
        return {"rxcount": counts.get(leg, 0)} if what == ["rtp_statistics"] else await get(path)

    switchboard.pbx.get = answered  # type: ignore[method-assign]


async def looks(talks: Conversation, monkeypatch: pytest.MonkeyPatch, at: float) -> None:
    with monkeypatch.context() as clock:
        clock.setattr("tongdai.channels.voice.conversation.lost_voice.time.monotonic", lambda: at)
        await lost_voice.look(talks)


@pytest.mark.parametrize("whose", ["agent", "caller"])
@pytest.mark.parametrize("again", [True, False])
def test_a_voice_that_is_lost_means_music_and_only_after_long_an_end(
    play, city: City, monkeypatch: pytest.MonkeyPatch, whose: str, again: bool
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        talks = await talk(switchboard, caller, city.call_taker)
        legs = {"agent": talks.leg, "caller": caller.leg}
        counts = {leg.id: 50 for leg in legs.values()}
        hears(switchboard, counts)
        other = legs["caller" if whose == "agent" else "agent"]

        def on() -> None:
            counts[other.id] += 50

        switchboard.pbx.asked.clear()
        await looks(talks, monkeypatch, 100)
        on()
        await looks(talks, monkeypatch, 100 + LOST_AFTER - 1)
        assert not talks.sound.lost
        on()
        await looks(talks, monkeypatch, 100 + LOST_AFTER + 1)
        await switchboard.until(lambda: f"POST channels/{other.id}/moh" in switchboard.pbx.asked)
        await switchboard.until(lambda: talks.held is (whose == "agent"))
        assert Call.objects.get().no_sound == whose
        on()
        await looks(talks, monkeypatch, 100 + LOST_AFTER + 21)
        assert caller.call in switchboard.talks
        if again:
            counts[legs[whose].id] += 1
            await looks(talks, monkeypatch, 100 + LOST_AFTER + 24)
            await switchboard.until(
                lambda: f"DELETE channels/{other.id}/moh" in switchboard.pbx.asked and not talks.held
            )
            assert caller.call in switchboard.talks and Call.objects.get().no_sound == ""
            return
        on()
        within = AGENT_WITHIN if whose == "agent" else CITIZEN_WITHIN
        await looks(talks, monkeypatch, 101 + LOST_AFTER + within)
        if whose == "agent":
            await switchboard.until(lambda: caller in switchboard.board.waiting)
            assert caller.rank == 0 and of(city.call_taker) == "after_call" and not caller.leg.gone.is_set()
        else:
            await switchboard.until(lambda: state(caller) == "ended")
            assert Call.objects.get().outcome == "cut" and Callback.objects.get().missed == 1

    play(story)


def test_who_never_sent_a_packet_or_holds_the_line_is_quiet_and_not_lost(
    play, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        talks = await talk(switchboard, caller, city.call_taker)
        counts = {talks.leg.id: 50}
        hears(switchboard, counts)
        switchboard._take({"type": "ChannelHold", "channel": {"id": talks.leg.id}})
        for at in (100, 100 + LOST_AFTER + CITIZEN_WITHIN + 1):
            await looks(talks, monkeypatch, at)
        assert not talks.sound.lost and Call.objects.get().no_sound == "caller"  # the agent is told, and asks

    play(story)


def test_an_agents_leg_that_goes_when_its_voice_was_lost_is_rung_again(
    play, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a browser does that gives up its connection: it says goodbye when the network is back."""

    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        talks = await talk(switchboard, caller, city.call_taker)
        endpoint = switchboard.pbx.rung[-1]
        before = talks.leg
        counts = {caller.leg.id: 1, before.id: 50}
        hears(switchboard, counts)
        for at in (100, 100 + LOST_AFTER + 1):
            counts[caller.leg.id] += 1
            await looks(talks, monkeypatch, at)

        async def comes(*_given: object, **_named: object) -> bool:
            return True

        monkeypatch.setattr(talks.sound, "comes", comes)
        switchboard.gone(before.id)
        await switchboard.until(lambda: talks.leg is not before, within=5)
        assert switchboard.pbx.rung == [endpoint, endpoint] and caller.call in switchboard.talks
        await switchboard.until(lambda: not talks.held)

    play(story)


def test_an_agents_telephone_that_is_not_registered_any_more_talks_on_while_its_voice_comes(
    play, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        talks = await talk(switchboard, caller, city.call_taker)

        async def comes(*_given: object, **_named: object) -> bool:
            return True

        monkeypatch.setattr(talks.sound, "comes", comes)
        leg = talks.leg
        leg.lost.set()
        await switchboard.until(lambda: not leg.lost.is_set())
        assert talks.leg is leg and len(switchboard.pbx.rung) == 1 and not talks.held

    play(story)


def test_the_last_packets_of_a_telephone_that_has_gone_are_no_voice(play, city: City) -> None:
    """The talk goes on where the telephone is now: another browser has taken it."""

    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        talks = await talk(switchboard, caller, city.call_taker)
        before, counts = talks.leg, NewcomersSpeak({caller.leg.id: 1, talks.leg.id: 50})
        hears(switchboard, counts)
        before.lost.set()
        await asyncio.sleep(ON_ITS_WAY / 5)
        counts[before.id] += 3
        await switchboard.until(lambda: talks.leg is not before, within=10)
        assert len(switchboard.pbx.rung) == 2 and caller.call in switchboard.talks

    play(story)


def test_a_telephone_that_went_and_talked_on_rings_where_it_is_now_once_its_voice_stops(
    play, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        talks = await talk(switchboard, caller, city.call_taker)
        before, counts = talks.leg, NewcomersSpeak({caller.leg.id: 1, talks.leg.id: 50})
        hears(switchboard, counts)
        before.unregistered = True
        for at in (100, 100 + LOST_AFTER + 1):
            counts[caller.leg.id] += 1
            await looks(talks, monkeypatch, at)
        await switchboard.until(lambda: talks.leg is not before, within=10)
        assert len(switchboard.pbx.rung) == 2 and caller.call in switchboard.talks

    play(story)


def test_no_leg_is_cut_by_asterisk_for_want_of_packets_within_an_hour() -> None:
    given = [
        line.split("=")[1].strip() for line in (CONF / "pjsip.conf").read_text().splitlines() if "rtp_timeout =" in line
    ]
    assert given and {int(seconds) for seconds in given} == {3600}
