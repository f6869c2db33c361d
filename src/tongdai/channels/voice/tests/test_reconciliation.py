"""What we have on record and in hand is compared with the exchange: what is nobody's is let go, and only that."""

from __future__ import annotations

from typing import Any

import pytest

from tests.city import City

from ..agents import states
from ..asterisk.legs import Leg
from ..calls.reconciliation import Reconciliation
from ..models import Agent, Call, Callback, Repair
from ..records import call_records
from .exchange import PlayedSwitchboard
from .test_nobody_stands_waiting import channel, of, serve, state


def kinds() -> list[str]:
    return list(Repair.objects.order_by("kind").values_list("kind", flat=True))


async def looks(switchboard: PlayedSwitchboard, times: int = 2) -> None:
    reconciliation = Reconciliation(switchboard, reserved_agents=switchboard.kept_place_calls.reserved_agents)
    for _ in range(times):
        await reconciliation.look()


@pytest.mark.parametrize("times", [1, 2])
def test_a_row_whose_caller_is_no_more_is_ended_and_she_is_rung_back(play, times: int) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        call = call_records.came(channel="1.9", number="+84912345678", dialled="1022").pk
        call_records.waits(call, queue=None, path=["person"])
        await looks(switchboard, times)
        if times == 1:  # she may only be on her way
            assert Call.objects.get().state == "waiting"
            return
        assert (Call.objects.get().state, Call.objects.get().outcome) == ("ended", "abandoned")
        assert Callback.objects.get().call_id == call and kinds() == ["ghost"]

    play(story)


def test_whose_end_we_missed_is_let_go_by_whoever_serves_her(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        serve(switchboard, caller)
        await switchboard.until(lambda: caller in switchboard.board.waiting)
        await looks(switchboard)
        await switchboard.until(lambda: state(caller) == "ended" and not switchboard.board.waiting)

    play(story)


def test_who_is_there_and_who_is_in_asterisks_own_net_are_left_alone(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        serve(switchboard, caller)
        await switchboard.until(lambda: f"POST channels/{caller.leg.id}/moh" in switchboard.pbx.asked)
        net = call_records.came(channel="1.8", number="+84912345679", dialled="1022").pk
        noted = call_records.came(channel="1.7", number="+84912345670", dialled="1022").pk
        switchboard.it.net_log.parent.mkdir(parents=True, exist_ok=True)  # has gone: the log knows how
        events = (
            "NONE|OPEN|trunk-1|0912345670|allowed",
            f"PJSIP/line-{city.call_taker.pk}|CONNECT|5|1.9|5",
            "NONE|GONE|",
        )
        switchboard.it.net_log.write_text("".join(f"1795869140|1.7|net|{event}\n" for event in events))
        in_net: dict[str, Any] = {"dialplan": {"app_name": "Queue"}}
        switchboard.pbx.channels = [
            channel(caller.leg.id, "trunk-1"), channel("1.8", "trunk-1") | in_net, channel("q", "line-1") | in_net,
        ]  # fmt: skip
        switchboard.pbx.asked.clear()
        await looks(switchboard, 3)
        assert not Call.objects.filter(pk__in=[caller.call, net], state="ended").exists()
        assert Call.objects.get(pk=noted).outcome == "answered" and not Callback.objects.exists()
        assert kinds() == [] and not [
            asked for asked in switchboard.pbx.asked if "DELETE" in asked or "continue" in asked
        ]

    play(story)


def test_legs_and_bridges_that_are_nobodys_are_let_go(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        mine = Leg(switchboard.pbx, "ours-mine", "PJSIP/line-2-1")
        switchboard.legs[mine.id] = mine
        rings: dict[str, Any] = {"dialplan": {"app_name": ""}}
        switchboard.pbx.channels = [
            channel("ours-left", "line-1", "Ringing") | rings, channel(mine.id, "line-2"), channel("1.5", "trunk-1"),
        ]  # fmt: skip
        switchboard.pbx.bridges = [
            {"id": "left", "name": "call-1", "channels": []},
            {"id": "used", "name": "call-2", "channels": [mine.id]},
            {"id": "nets", "name": "queue", "channels": []},
        ]
        switchboard.pbx.asked.clear()
        await looks(switchboard)
        done = [asked for asked in switchboard.pbx.asked if not asked.startswith("GET")]
        assert sorted(done) == ["DELETE bridges/left", "DELETE channels/ours-left", "POST channels/1.5/continue"]
        assert kinds() == ["zombie"] * 3

    play(story)


@pytest.mark.parametrize("has_a_leg", [True, False])
def test_an_agent_who_is_busy_with_nothing_is_free(play, city: City, has_a_leg: bool) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        endpoint = switchboard.telephone(city.call_taker)
        states.agent_is(city.call_taker.pk, Agent.State.TALKING)
        await switchboard.see_agents()
        switchboard.board.agents[city.call_taker.pk].in_hand = True
        if has_a_leg:
            switchboard.legs["ours-1"] = Leg(switchboard.pbx, "ours-1", f"PJSIP/{endpoint}-1")
            switchboard.pbx.channels = [channel("ours-1", endpoint)]
        await looks(switchboard)
        assert of(city.call_taker) == ("talking" if has_a_leg else "after_call")
        assert switchboard.board.agents[city.call_taker.pk].in_hand is has_a_leg

    play(story)


def test_who_is_let_go_by_one_call_and_offered_the_next_between_two_looks_is_left_alone(play, city: City) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        switchboard.telephone(city.call_taker)
        states.agent_is(city.call_taker.pk, Agent.State.RINGING)
        await switchboard.see_agents()
        agent = switchboard.board.agents[city.call_taker.pk]
        agent.in_hand = True
        reconciliation = Reconciliation(switchboard, reserved_agents=switchboard.kept_place_calls.reserved_agents)
        await reconciliation.look()  # the first call's telephone rings no more
        agent.let_go(Agent.State.READY)
        agent.in_hand = True
        await reconciliation.look()  # the next one's doesn't ring yet
        assert agent.in_hand and kinds() == []
        await reconciliation.look()
        assert not agent.in_hand and kinds() == ["agent"]

    play(story)
