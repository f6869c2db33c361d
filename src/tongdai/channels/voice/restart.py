"""After we were away: take up the calls that go on, and end those that went."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog

from . import records, serving
from .exchange.home import APPLICATION
from .legs import HungUp, Leg
from .models import Agent, Call, Step
from .pbx import PbxGone, Refused
from .room import AtWork, Caller
from .talking import Talk

if TYPE_CHECKING:
    from .switchboard import Switchboard

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Going:
    """A call of ours that the database knows as not ended."""

    call: int
    channel: str
    number: str
    state: str
    path: tuple[str, ...]
    step: Step | None
    agent: int | None
    queue: Any


async def take_up(board: Switchboard) -> None:
    """Join every channel the exchange still has for us with what the database knows of it."""
    channels = {channel["id"]: channel for channel in await board.pbx.get("channels")}
    ours = {name for name, channel in channels.items() if channel["dialplan"].get("app_name") == "Stasis"}
    found = await board.pbx.get("bridges")
    bridges = {each["id"]: set(each["channels"]) for each in found if is_ours(each["name"])}
    busy: set[int] = set()
    for going in await board.db(going_on):
        if going.channel not in channels or _rings_out(channels[going.channel]):
            await board.db(went, going.call)
        elif going.channel in ours and going.channel not in board.legs:
            busy |= await _adopt(board, going, channels, bridges)
    for name, channel in channels.items():
        if name not in board.legs and (_rings_out(channel) or name in ours and not _is_new(channel)):
            with contextlib.suppress(Refused, PbxGone):
                await board.pbx.delete(f"channels/{name}")
    for bridge, inside in bridges.items():
        if not inside & set(board.legs):
            with contextlib.suppress(Refused, PbxGone):
                await board.pbx.delete(f"bridges/{bridge}")
    await board.db(free_all_but, busy)
    await board.see_agents()
    there = {channel["id"] for channel in await board.pbx.get("channels")}
    for name in set(board.legs) & set(channels) - there:
        board.gone(name)  # while we looked: what was said of it came before we knew the leg


def is_ours(bridge: str) -> bool:
    """By the names `call-7`, `aside-7`, `outside-7`, `listen-7` that we give them."""
    return bridge.partition("-")[0] in ("call", "aside", "outside", "listen")


def _rings_out(channel: dict[str, Any]) -> bool:
    """A telephone that we made ring, and nobody is left to be told that it is answered."""
    name: str = channel["id"]
    return name.startswith(("ours-", "out-")) and channel["state"] != "Up"


def _is_new(channel: dict[str, Any]) -> bool:
    """A caller who comes in at this very moment: her own StasisStart is on its way."""
    given: str = channel["dialplan"].get("app_data", "")
    return given.startswith(f"{APPLICATION},in") and channel["state"] == "Ring"


async def _adopt(board: Switchboard, going: Going, channels: dict[str, Any], bridges: dict[str, set[str]]) -> set[int]:
    """Go on with one call where it stands; the agents whose hands are full with it."""
    leg = board.legs[going.channel] = Leg(board.pbx, going.channel, channels[going.channel]["name"])
    caller = Caller(leg, going.call, going.number)
    caller.been.path.extend(going.path)
    caller.queue = going.queue
    bridge = next((name for name, inside in bridges.items() if going.channel in inside), "")
    other = next(iter(bridges.get(bridge, set()) - {going.channel}), "")
    if other and other in channels:
        board.legs[other] = Leg(board.pbx, other, channels[other]["name"])
        agent = board.room.agents.get(going.agent or 0)
        if agent and not board.legs[other].is_of(agent.endpoint):
            agent = None  # who talked with her first, and has handed her to somebody outside
        if agent:
            agent.in_hand = True
        board.start(_talk_on(board, caller, agent, board.legs[other], bridge))
        log.info("voice.adopted", call=going.call)
        return {agent.user} if agent else set()
    board.start(_serve_on(board, caller, going.step))
    log.info("voice.taken_up", call=going.call)
    return set()


async def _talk_on(board: Switchboard, caller: Caller, agent: AtWork | None, leg: Leg, bridge: str) -> None:
    with board.caught(caller):
        caller.onward = asyncio.get_running_loop().create_future()
        with contextlib.suppress(HungUp):
            await caller.leg.hold_out(0)
        await Talk(board, caller, agent, leg, bridge).run()
        await _then(board, caller, caller.onward.result(), Call.Outcome.ANSWERED)


async def _serve_on(board: Switchboard, caller: Caller, step: Step | None) -> None:
    """She waited, or stood in the menu: she waits on, in her place. Who was leaving a message leaves it."""
    with board.caught(caller):
        if await serving.go_on_with_message(board, caller):
            await serving.finish(board, caller, Call.Outcome.MESSAGE)
            return
        with contextlib.suppress(HungUp, PbxGone):
            await caller.leg.hush_before()
        step = step or await board.db(records.waiting_step, queue=None)
        await _then(board, caller, step, Call.Outcome.ABANDONED)


async def _then(board: Switchboard, caller: Caller, step: Step | None, outcome: Call.Outcome) -> None:
    with contextlib.suppress(HungUp):
        outcome = await serving.go_on(board, caller, step)
    await serving.finish(board, caller, outcome)


def going_on() -> list[Going]:
    """The calls that have not ended, as far as we know; a step only for those who waited for a person."""
    found = []
    for call in Call.objects.exclude(state=Call.State.ENDED).select_related("queue").order_by("pk"):
        step = records.waiting_step(queue=call.queue_id) if call.queue_id else None
        found.append(
            Going(call.pk, call.channel, call.number, call.state, tuple(call.path), step, call.agent_id, call.queue)
        )
    return found


def went(call: int) -> None:
    """Its channel is gone: she hung up while we were away."""
    row = Call.objects.get(pk=call)
    outcome = Call.Outcome.ANSWERED if row.state == Call.State.TALKING else Call.Outcome.ABANDONED
    if row.direction == Call.Direction.OUT:
        outcome = Call.Outcome.ANSWERED if row.answered_at else Call.Outcome.NO_ANSWER
    records.ended(call, path=row.path, outcome=outcome)


def free_all_but(busy: set[int], *, before: datetime | None = None) -> None:
    """Who was ringing or talking when we went (`before`: since then at least), and is not now, may be rung again."""
    left = Agent.objects.filter(state__in=[Agent.State.RINGING, Agent.State.TALKING]).exclude(user__in=busy)
    if before:
        left = left.filter(since__lt=before)
    for agent in left:
        _free(agent)


def free(user: int) -> None:
    """The same for one."""
    for agent in Agent.objects.filter(user=user, state__in=[Agent.State.RINGING, Agent.State.TALKING]):
        _free(agent)


def _free(agent: Agent) -> None:
    talked = agent.state == Agent.State.TALKING
    records.agent_is(agent.user_id, Agent.State.AFTER_CALL if talked else Agent.State.READY)
