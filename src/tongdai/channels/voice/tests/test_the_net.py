"""Whom Asterisk's own net has is left to it; who comes back, or is found after we were away, goes on where they were."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from tests.city import City
from tongdai.platform.clock import now

from ..agents import after_call
from ..asterisk.configuration import CONF
from ..calls import recovery
from ..conversation import third_party
from ..conversation.sound import AGENT_WITHIN, CITIZEN_WITHIN, LOST_AFTER, ON_ITS_WAY, Sound
from ..models import Agent, Call, Callback, Line, Order
from ..records import call_records, orders
from .exchange import Board
from .test_nobody_stands_waiting import of, serve, state, talk

Story = Callable[[Board], Coroutine[Any, Any, None]]
STASIS = {"app_name": "Stasis", "app_data": "tongdai,in,1022"}
NET = {"app_name": "Queue", "context": "from-trunk", "exten": "alone"}
RUNG = {"app_name": "AppQueue", "context": "from-line", "exten": "alone"}


def channel(name: str, endpoint: str, where: dict[str, str], state: str = "Up") -> dict[str, Any]:
    return {"id": name, "name": f"PJSIP/{endpoint}-1", "state": state, "dialplan": where}


def bridge(name: str, *inside: str) -> dict[str, Any]:
    return {"id": f"id-{name}", "name": name, "channels": list(inside)}


def deleted(board: Board) -> list[str]:
    return [asked for asked in board.pbx.asked if asked.startswith("DELETE channels/") and not asked.endswith("/moh")]


# ── the net ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_fell_into_the_net_is_not_cut_when_we_hear_of_it_and_waits_there(play) -> None:
    async def story(board: Board) -> None:
        caller = board.comes()
        serve(board, caller)
        await board.until(lambda: board.room.waiting)
        board.pbx.channels = [channel(caller.leg.id, "trunk-1", NET)]
        board.gone(caller.leg.id)
        await board.until(lambda: caller.leg.id in board.net.inside and not board.room.waiting)
        assert deleted(board) == [] and state(caller) == "waiting" and not Callback.objects.exists()

    play(story)


def test_who_is_in_the_net_when_we_come_back_is_left_there_and_whom_it_rings_is_rung_by_nobody_else(
    play, city: City
) -> None:
    async def story(board: Board) -> None:
        endpoint = board.telephone(city.call_taker)
        await board.see_agents()
        caller = board.comes()
        board.legs.clear()
        agent = board.room.agents[city.call_taker.pk]
        there = [channel(caller.leg.id, "trunk-1", NET), channel("q", endpoint, RUNG, "Ringing")]
        board.pbx.channels = there
        await recovery.take_up(board)
        assert deleted(board) == [] and state(caller) == "waiting" and not agent.may_be_rung
        board.pbx.channels = [there[0], channel("q", endpoint, RUNG)]
        board.pbx.bridges = [bridge("", caller.leg.id, "q")]
        await board.net.works()
        assert (state(caller), of(city.call_taker)) == ("talking", "talking")
        board.pbx.channels = []
        await board.net.works()
        assert of(city.call_taker) == "after_call" and not agent.in_hand

    play(story)


def test_whoever_met_somebody_in_the_net_while_we_hung_and_went_from_there_was_answered(play, city: City) -> None:
    async def story(board: Board) -> None:
        board.telephone(city.call_taker)
        caller = board.comes()
        serve(board, caller)
        await board.until(lambda: board.room.waiting)
        board.it.net_log.parent.mkdir(parents=True, exist_ok=True)
        events = (
            "NONE|OPEN|trunk-1|0912345678|allowed",
            f"PJSIP/line-{city.call_taker.pk}|CONNECT|5|1.9|5",
            "NONE|GONE|",
        )
        board.it.net_log.write_text("".join(f"1795869140|{caller.leg.id}|net|{event}\n" for event in events))
        board.gone(caller.leg.id)
        await board.until(lambda: state(caller) == "ended")
        call = Call.objects.get()
        assert (call.outcome, call.agent, Callback.objects.count()) == ("answered", city.call_taker, 0)

    play(story)


def test_whom_the_net_gives_two_in_a_row_has_answered_the_first(play, city: City) -> None:
    """It rings who writes after a call: between the two the agent is never ready, and says nothing of the first."""

    async def story(board: Board) -> None:
        endpoint = board.telephone(city.call_taker)
        await board.see_agents()
        for caller in (board.comes(), board.comes("+84912345679")):
            board.pbx.channels = [channel(caller.leg.id, "trunk-1", NET), channel(f"q{caller.call}", endpoint, RUNG)]
            board.pbx.bridges = [bridge("", caller.leg.id, f"q{caller.call}")]
            board.net.inside.add(caller.leg.id)
            await board.net.works()
            assert state(caller) == "talking"
            board.pbx.channels = []
            await board.net.works()
            call_records.ended(caller.call, path=[call_records.ALONE], outcome=Call.Outcome.ANSWERED)
        assert [each.outcome for each in Call.objects.order_by("pk")] == ["answered", ""]  # the second is in hand

    play(story)


def test_who_is_given_back_by_the_net_waits_in_her_place(play, city: City) -> None:
    async def story(board: Board) -> None:
        caller = board.comes()
        since, _rank = call_records.waits(caller.call, queue=board.menu.steps["epidemic"].queue_id, path=["epidemic"])
        args = ["back", "allowed", "1795869140"]
        known = {"id": caller.leg.id, "name": caller.leg.name, "caller": {"number": "0912345678"}}
        board._take({"type": "StasisStart", "args": args, "channel": known})
        await board.until(lambda: board.room.waiting)
        [waits] = board.room.waiting
        assert (waits.call, waits.since, waits.queue) == (caller.call, since, board.menu.steps["epidemic"].queue)

    play(story)


def test_asterisk_is_told_who_is_on_shift_and_that_we_work_and_neither_while_the_database_is_away(
    play, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(board: Board) -> None:
        told: list[dict[str, Any]] = []

        async def post(path: str, **query: Any) -> None:
            told.append(query)

        board.pbx.post = post  # type: ignore[method-assign]
        here, paused = board.telephone(city.call_taker), board.telephone(city.coordinator)
        call_records.set_state(city.coordinator, Agent.State.PAUSED)
        await board.see_agents()
        await board.net.works()
        assert paused and told[0] == {"variable": "ON_SHIFT", "value": here} and told[1]["variable"] == "ALIVE"
        told.clear()
        await board.net.works()
        assert [each["variable"] for each in told] == ["ALIVE"]
        told.clear()

        def away(*_given: object, **_named: object) -> None:
            raise OperationalError

        monkeypatch.setattr(after_call, "back_to_work", away)
        looks = board.start(board._look_after())
        await board.until(lambda: board._open is not None)
        assert told == []
        looks.cancel()

    play(story)


# ── after we were away ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_stood_in_the_menu_goes_on_in_her_branch(play) -> None:
    async def story(board: Board) -> None:
        caller = board.comes()
        Call.objects.filter(pk=caller.call).update(path=["greeting", "english"])
        board.legs.clear()
        board.pbx.channels = [channel(caller.leg.id, "trunk-1", STASIS)]
        await recovery.take_up(board)
        board.legs[caller.leg.id].keys.put_nowait("3")
        await board.until(lambda: board.room.waiting)
        [waits] = board.room.waiting
        assert waits.been.path == ["greeting", "english", "procedures"] and waits.language == "en"

    play(story)


def test_each_step_of_the_menu_is_on_record(play) -> None:
    async def story(board: Board) -> None:
        known = {"id": "1.7", "name": "PJSIP/trunk-1-7", "caller": {"number": "0912345678"}}
        board._take({"type": "StasisStart", "args": ["in", "1022", "allowed"], "channel": known})
        await board.until(lambda: Call.objects.filter(path__contains=["greeting"]).exists())

    play(story)


@pytest.mark.parametrize("apart", [True, False])
def test_a_consultation_is_taken_up_and_the_agent_comes_back_from_it(play, city: City, apart: bool) -> None:
    """`apart`: the colleague is there still; else the agent is alone in the bridge apart, and is brought back at once."""

    async def story(board: Board) -> None:
        agent, colleague = board.telephone(city.call_taker), board.telephone(city.coordinator)
        await board.see_agents()
        caller = board.comes()
        call_records.talks(caller.call, agent=city.call_taker.pk)
        call_records.note(caller.call, held=True, consulting="agent:1")
        call_records.asked(city.coordinator.pk, call=caller.call)
        board.legs.clear()
        board.pbx.channels = [channel(caller.leg.id, "trunk-1", STASIS), channel("ours-a", agent, STASIS)]
        board.pbx.channels += [channel("ours-b", colleague, STASIS)] * apart
        board.pbx.bridges = [
            bridge(f"call-{caller.call}"),
            bridge(f"aside-{caller.call}", "ours-a", *["ours-b"] * apart),
        ]
        await recovery.take_up(board)
        await board.until(lambda: caller.call in board.talks)
        talks = board.talks[caller.call]
        assert deleted(board) == [] and f"DELETE bridges/id-call-{caller.call}" not in board.pbx.asked
        if apart:
            assert talks.held and talks.other and talks.asked and talks.asked.user == city.coordinator.pk
            assert (of(city.call_taker), of(city.coordinator)) == ("talking", "ringing")
            await third_party.come_back(talks)
        await board.until(lambda: not talks.held and not talks.aside)
        assert f"POST bridges/id-call-{caller.call}/addChannel" in board.pbx.asked
        await board.until(lambda: of(city.coordinator) == "ready")

    play(story)


def test_who_is_on_hold_stays_so(play, city: City) -> None:
    async def story(board: Board) -> None:
        agent = board.telephone(city.call_taker)
        await board.see_agents()
        caller = board.comes()
        call_records.talks(caller.call, agent=city.call_taker.pk)
        call_records.note(caller.call, held=True)
        board.legs.clear()
        board.pbx.channels = [channel(caller.leg.id, "trunk-1", STASIS), channel("ours-a", agent, STASIS)]
        board.pbx.bridges = [bridge(f"call-{caller.call}", "ours-a")]
        await recovery.take_up(board)
        await board.until(lambda: caller.call in board.talks)
        assert board.talks[caller.call].held and deleted(board) == [] and of(city.call_taker) == "talking"

    play(story)


def test_a_message_that_was_over_before_we_came_back_is_not_asked_for_again(play) -> None:
    async def story(board: Board) -> None:
        caller = board.comes()
        Call.objects.filter(pk=caller.call).update(path=["greeting", "message"])
        board.it.spool_recordings.mkdir(parents=True)
        (board.it.spool_recordings / f"message-{caller.call}.wav").write_bytes(b"RIFF")
        board.legs.clear()
        board.pbx.channels = [channel(caller.leg.id, "trunk-1", STASIS)]
        await recovery.take_up(board)
        await board.until(lambda: state(caller) == "ended")
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
    async def story(board: Board) -> None:
        caller = board.comes()
        if talks:
            call_records.set_state(city.call_taker, Agent.State.READY)
            call_records.talks(caller.call, agent=city.call_taker.pk)
        if message:
            board.it.spool_recordings.mkdir(parents=True)
            (board.it.spool_recordings / f"message-{caller.call}.wav").write_bytes(b"RIFF")
        began = now() + timedelta(seconds=1 if cut else -60)
        board.pbx.info = {"status": {"startup_time": began.isoformat()}}
        for _again in range(2):
            await recovery.take_up(board)
        assert (state(caller), Call.objects.get().outcome) == ("ended", outcome)
        assert [each.missed for each in Callback.objects.all()] == [1] * owed

    play(story)


@pytest.mark.parametrize("talks", [True, False])
@pytest.mark.parametrize("stops", [True, False])
def test_who_is_cut_off_by_asterisks_own_stop_has_not_hung_up_and_is_rung_back(
    play, city: City, talks: bool, stops: bool
) -> None:
    async def story(board: Board) -> None:
        caller = board.comes()
        if talks:
            await talk(board, caller, city.call_taker)
        else:
            serve(board, caller)
            await board.until(lambda: caller in board.room.waiting)
        went = [leg for leg in board.legs if leg != caller.leg.id] + [
            caller.leg.id
        ]  # the agent's first, if there is one
        how = {"cause": 4, "soft": True} if stops else {"cause": 16}
        for kind in ("ChannelHangupRequest", "StasisEnd"):
            for name in went if stops else went[-1:]:
                board._take({"type": kind, "channel": {"id": name}} | how)
        await board.until(lambda: state(caller) == "ended")
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


def hears(board: Board, counts: dict[str, int]) -> None:
    get = board.pbx.get

    async def answered(path: str) -> Any:
        _channels, leg, *what = path.split("/") if path.startswith("channels/") else ("", "")
        return {"rxcount": counts.get(leg, 0)} if what == ["rtp_statistics"] else await get(path)

    board.pbx.get = answered  # type: ignore[method-assign]


async def looks(sound: Sound, monkeypatch: pytest.MonkeyPatch, at: float) -> None:
    with monkeypatch.context() as clock:
        clock.setattr("tongdai.channels.voice.conversation.sound.time.monotonic", lambda: at)
        await sound._look()


@pytest.mark.parametrize("whose", ["agent", "caller"])
@pytest.mark.parametrize("again", [True, False])
def test_a_voice_that_is_lost_means_music_and_only_after_long_an_end(
    play, city: City, monkeypatch: pytest.MonkeyPatch, whose: str, again: bool
) -> None:
    async def story(board: Board) -> None:
        caller = board.comes()
        talks = await talk(board, caller, city.call_taker)
        legs = {"agent": talks.leg, "caller": caller.leg}
        counts = {leg.id: 50 for leg in legs.values()}
        hears(board, counts)
        other = legs["caller" if whose == "agent" else "agent"]

        def on() -> None:
            counts[other.id] += 50

        board.pbx.asked.clear()
        await looks(talks.sound, monkeypatch, 100)
        on()
        await looks(talks.sound, monkeypatch, 100 + LOST_AFTER - 1)
        assert not talks.sound.lost
        on()
        await looks(talks.sound, monkeypatch, 100 + LOST_AFTER + 1)
        await board.until(lambda: f"POST channels/{other.id}/moh" in board.pbx.asked)
        await board.until(lambda: talks.held is (whose == "agent"))
        assert Call.objects.get().no_sound == whose
        on()
        await looks(talks.sound, monkeypatch, 100 + LOST_AFTER + 21)
        assert caller.call in board.talks
        if again:
            counts[legs[whose].id] += 1
            await looks(talks.sound, monkeypatch, 100 + LOST_AFTER + 24)
            await board.until(lambda: f"DELETE channels/{other.id}/moh" in board.pbx.asked and not talks.held)
            assert caller.call in board.talks and Call.objects.get().no_sound == ""
            return
        on()
        within = AGENT_WITHIN if whose == "agent" else CITIZEN_WITHIN
        await looks(talks.sound, monkeypatch, 101 + LOST_AFTER + within)
        if whose == "agent":
            await board.until(lambda: caller in board.room.waiting)
            assert caller.rank == 0 and of(city.call_taker) == "after_call" and not caller.leg.gone.is_set()
        else:
            await board.until(lambda: state(caller) == "ended")
            assert Call.objects.get().outcome == "cut" and Callback.objects.get().missed == 1

    play(story)


def test_who_never_sent_a_packet_or_holds_the_line_is_quiet_and_not_lost(
    play, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(board: Board) -> None:
        caller = board.comes()
        talks = await talk(board, caller, city.call_taker)
        counts = {talks.leg.id: 50}
        hears(board, counts)
        board._take({"type": "ChannelHold", "channel": {"id": talks.leg.id}})
        for at in (100, 100 + LOST_AFTER + CITIZEN_WITHIN + 1):
            await looks(talks.sound, monkeypatch, at)
        assert not talks.sound.lost and Call.objects.get().no_sound == "caller"  # the agent is told, and asks

    play(story)


def test_an_agents_leg_that_goes_when_its_voice_was_lost_is_rung_again(
    play, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a browser does that gives up its connection: it says goodbye when the network is back."""

    async def story(board: Board) -> None:
        caller = board.comes()
        talks = await talk(board, caller, city.call_taker)
        endpoint = board.pbx.rung[-1]
        before = talks.leg
        counts = {caller.leg.id: 1, before.id: 50}
        hears(board, counts)
        for at in (100, 100 + LOST_AFTER + 1):
            counts[caller.leg.id] += 1
            await looks(talks.sound, monkeypatch, at)

        async def comes(*_given: object, **_named: object) -> bool:
            return True

        monkeypatch.setattr(talks.sound, "_comes", comes)
        board.gone(before.id)
        await board.until(lambda: talks.leg is not before, within=5)
        assert board.pbx.rung == [endpoint, endpoint] and caller.call in board.talks
        await board.until(lambda: not talks.held)

    play(story)


def test_an_agents_telephone_that_is_not_registered_any_more_talks_on_while_its_voice_comes(
    play, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(board: Board) -> None:
        caller = board.comes()
        talks = await talk(board, caller, city.call_taker)

        async def comes(*_given: object, **_named: object) -> bool:
            return True

        monkeypatch.setattr(talks.sound, "_comes", comes)
        leg = talks.leg
        leg.lost.set()
        await board.until(lambda: not leg.lost.is_set())
        assert talks.leg is leg and len(board.pbx.rung) == 1 and not talks.held

    play(story)


def test_the_last_packets_of_a_telephone_that_has_gone_are_no_voice(play, city: City) -> None:
    """The talk goes on where the telephone is now: another browser has taken it."""

    async def story(board: Board) -> None:
        caller = board.comes()
        talks = await talk(board, caller, city.call_taker)
        before, counts = talks.leg, NewcomersSpeak({caller.leg.id: 1, talks.leg.id: 50})
        hears(board, counts)
        before.lost.set()
        await asyncio.sleep(ON_ITS_WAY / 5)
        counts[before.id] += 3
        await board.until(lambda: talks.leg is not before, within=10)
        assert len(board.pbx.rung) == 2 and caller.call in board.talks

    play(story)


def test_a_telephone_that_went_and_talked_on_rings_where_it_is_now_once_its_voice_stops(
    play, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(board: Board) -> None:
        caller = board.comes()
        talks = await talk(board, caller, city.call_taker)
        before, counts = talks.leg, NewcomersSpeak({caller.leg.id: 1, talks.leg.id: 50})
        hears(board, counts)
        before.unregistered = True
        for at in (100, 100 + LOST_AFTER + 1):
            counts[caller.leg.id] += 1
            await looks(talks.sound, monkeypatch, at)
        await board.until(lambda: talks.leg is not before, within=10)
        assert len(board.pbx.rung) == 2 and caller.call in board.talks

    play(story)


def test_no_leg_is_cut_by_asterisk_for_want_of_packets_within_an_hour() -> None:
    given = [
        line.split("=")[1].strip() for line in (CONF / "pjsip.conf").read_text().splitlines() if "rtp_timeout =" in line
    ]
    assert given and {int(seconds) for seconds in given} == {3600}
