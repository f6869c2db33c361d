"""After we were away: take up the calls that go on, and end those that went."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog

from ..agents import states
from ..asterisk import arrivals
from ..asterisk.client import PbxGone, Refused
from ..asterisk.exchange import Exchange
from ..asterisk.legs import HungUp, Leg
from ..board.board import Caller
from ..board.connection import Connection
from ..board.fallback import holds
from ..conversation import course, third_party
from ..conversation.conversation import Conversation
from ..models import Agent, Call, Step
from ..records import call_records, queue_log, supervision
from . import session, voicemail

log = structlog.get_logger(__name__)
WAITS = (Call.State.WAITING, Call.State.RINGING, Call.State.TALKING)


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
    consulting: str
    came_at: datetime


@dataclass(frozen=True)
class Bridge:
    """Who is together, by the name that we gave it: `call-7`, `aside-7`, `outside-7`, `listen-7`."""

    id: str = ""
    inside: frozenset[str] = frozenset()


async def take_up(connection: Connection) -> None:
    """Join every channel the exchange still has for us with what the database knows of it; whom the net has it keeps."""
    await connection.db(queue_log.take_in, connection.it)
    began = await _began(connection)
    channels = {channel["id"]: channel for channel in await connection.pbx.get("channels")}
    ours = {name for name, channel in channels.items() if channel["dialplan"].get("app_name") == "Stasis"}
    found = await connection.pbx.get("bridges")
    bridges = {each["name"]: Bridge(each["id"], frozenset(each["channels"])) for each in found if is_ours(each["name"])}
    busy: set[int] = set()
    in_use: set[str] = set()
    for going in await connection.db(going_on):
        channel = channels.get(going.channel)
        if channel is None or _rings_out(channel):
            await connection.db(went, going.call, cut=going.came_at < began, it=connection.it)
        elif holds(channel):
            connection.fallback.inside.add(going.channel)
            await connection.db(call_records.waits, going.call, queue=going.queue and going.queue.pk, path=going.path)
        elif going.channel in ours and going.channel not in connection.legs and not _is_new(channel, connection):
            talk = _adopt(connection, going, channels, bridges)
            busy |= {agent.user for agent in (talk and (talk.agent, talk.asked) or ()) if agent}
            in_use |= {talk.bridge, talk.aside} if talk else set()
    for name, channel in channels.items():
        if name not in connection.legs and (_rings_out(channel) or name in ours and not _is_new(channel, connection)):
            with contextlib.suppress(Refused, PbxGone):
                await connection.pbx.delete(f"channels/{name}")
    for bridge in bridges.values():
        if bridge.id not in in_use and not bridge.inside & set(connection.legs):
            with contextlib.suppress(Refused, PbxGone):
                await connection.pbx.delete(f"bridges/{bridge.id}")
    await connection.fallback.look(list(channels.values()))
    await connection.db(free_all_but, busy | connection.fallback.busy())
    await connection.db(supervision.all_ended)
    await connection.see_agents()
    there = {channel["id"] for channel in await connection.pbx.get("channels")}
    for name in set(connection.legs) & set(channels) - there:
        connection.gone(name)  # while we looked: what was said of it came before we knew the leg


async def _began(connection: Connection) -> datetime:
    """When Asterisk did: a call that came before, and is on record as going on, was cut off with it."""
    info = await connection.pbx.get("asterisk/info")
    return datetime.fromisoformat(info["status"]["startup_time"]) if info else datetime.min.replace(tzinfo=UTC)


def is_ours(bridge: str) -> bool:
    return bridge.partition("-")[0] in ("call", "aside", "outside", "listen")


def _rings_out(channel: dict[str, Any]) -> bool:
    """A telephone that we made ring, and nobody is left to be told that it is answered."""
    name: str = channel["id"]
    return name.startswith(("ours-", "out-")) and channel["state"] != "Up"


def _is_new(channel: dict[str, Any], connection: Connection) -> bool:
    """A caller who comes in, or back from the net, at this very moment: her own StasisStart is on its way."""
    arrival = arrivals.of(channel)
    if arrival.kind == "back":
        return arrival.at >= connection.connected_at
    return arrival.kind == "in" and channel["state"] == "Ring"


def _adopt(
    connection: Connection, going: Going, channels: dict[str, Any], bridges: dict[str, Bridge]
) -> Conversation | None:
    """Go on with one call where it stands; the talk, where somebody is on the line with her."""
    caller = Caller(_leg(connection, going.channel, channels), going.call, going.number)
    caller.been.path.extend(going.path)
    caller.been.language = "en" if "english" in going.path else "vi"
    caller.queue = going.queue
    if talk := _talk_of(connection, caller, going, channels, bridges):
        connection.start(_talk_on(connection, talk, asks=bool(going.consulting)))
    else:
        connection.start(_serve_on(connection, caller, going))
    log.info("voice.adopted", call=going.call, talks=talk is not None)
    return talk


def _talk_of(
    connection: Connection, caller: Caller, going: Going, channels: dict[str, Any], bridges: dict[str, Bridge]
) -> Conversation | None:
    """As it was: she may hear music meanwhile, and the agent be in the bridge apart, with whoever is asked."""
    together = bridges.get(f"call-{going.call}") or bridges.get(f"outside-{going.call}", Bridge())
    aside = bridges.get(f"aside-{going.call}", Bridge())
    others = [name for name in (together.inside | aside.inside) - {going.channel} if name in channels]
    legs = {name: Leg(connection.pbx, name, channels[name]["name"]) for name in others}
    agent = connection.board.agents.get(going.agent or 0)
    own = next((leg for leg in legs.values() if agent and leg.is_of(agent.endpoint)), None)
    if own is None:  # whoever talked with her first has handed her to somebody outside, or is gone
        agent, own = None, next((leg for leg in legs.values() if going.channel in together.inside), None)
    if own is None:
        return None
    talk = Conversation(connection, caller, agent, own, together.id)
    talk.held = going.channel not in together.inside
    talk.aside = aside.id if own.id in aside.inside else ""
    # without one who is asked, a third is a supervisor, whose telephone begins anew
    talk.other = next((leg for leg in legs.values() if leg is not own), None) if going.consulting else None
    asked = (each for each in connection.board.agents.values() if talk.other and talk.other.is_of(each.endpoint))
    talk.asked = next(asked, None)
    for leg in filter(None, (talk.leg, talk.other)):
        connection.legs[leg.id] = leg
    for each in filter(None, (talk.agent, talk.asked)):
        each.in_hand = True
    return talk


def _leg(connection: Connection, name: str, channels: dict[str, Any]) -> Leg:
    leg = connection.legs[name] = Leg(connection.pbx, name, channels[name]["name"])
    return leg


async def _talk_on(connection: Connection, talk: Conversation, *, asks: bool) -> None:
    """`asks`: somebody was being asked; where nobody is there any more the agent is back with the caller."""
    caller = talk.caller
    with connection.caught(caller):
        caller.onward = asyncio.get_running_loop().create_future()
        with contextlib.suppress(HungUp):
            if asks and not talk.other:
                await third_party.come_back(talk)
            elif not talk.held:
                await caller.leg.hold_out(0)
        await course.run(talk)
        await _then(connection, caller, caller.onward.result(), Call.Outcome.ANSWERED)


async def _serve_on(connection: Connection, caller: Caller, going: Going) -> None:
    """She waited, or stood in the menu: she goes on there, in her place. Who was leaving a message leaves it."""
    with connection.caught(caller):
        if await voicemail.go_on(connection, caller):
            await session.finish(connection, caller, Call.Outcome.MESSAGE)
            return
        step: Step | None = None
        with contextlib.suppress(HungUp, PbxGone):
            await caller.leg.hush_before()
            step = await _where(connection, caller, going)
        step = step or await connection.db(call_records.waiting_step, queue=None)
        await _then(connection, caller, step, Call.Outcome.ABANDONED)


async def _where(connection: Connection, caller: Caller, going: Going) -> Step | None:
    """The step she goes on with: where she waited, or the last of the menu that she had come to. Raises HungUp."""
    if going.state in WAITS:
        return going.step
    path = caller.been.path
    while path:
        code = path[-1].removeprefix("overflow:")
        step = connection.menu.steps.get(code)
        if step and step.kind in session.ENDS:
            return step
        path.pop()
        if step:
            return await session.walk(connection, caller, code)
    return await session.walk(connection, caller)


async def _then(connection: Connection, caller: Caller, step: Step | None, outcome: Call.Outcome) -> None:
    with contextlib.suppress(HungUp):
        outcome = await session.go_on(connection, caller, step)
    await session.finish(connection, caller, outcome)


def going_on() -> list[Going]:
    """The calls that have not ended, as far as we know; a step only for those who waited for a person."""
    found = []
    for call in Call.objects.exclude(state=Call.State.ENDED).select_related("queue").order_by("pk"):
        step = call_records.waiting_step(queue=call.queue_id) if call.queue_id else None
        found.append(
            Going(
                call.pk, call.channel, call.number, call.state, tuple(call.path), step, call.agent_id, call.queue,
                call.consulting, call.came_at,
            )
        )  # fmt: skip
    return found


def went(call: int, *, cut: bool = False, it: Exchange | None = None) -> None:
    """Its channel is gone: she hung up while we were away, or was `cut` off with Asterisk. `it`: where a message may lie."""
    row = Call.objects.get(pk=call)
    outcome = Call.Outcome.ABANDONED
    if row.direction == Call.Direction.OUT:
        outcome = Call.Outcome.ANSWERED if row.answered_at else Call.Outcome.NO_ANSWER
    elif row.state == Call.State.TALKING:
        outcome = Call.Outcome.ANSWERED
    elif row.state == Call.State.MENU and session.was_served_by_machine(row.path):
        outcome = Call.Outcome.LOOKED_UP
    if it and voicemail.message_of(call, it).exists():
        outcome = Call.Outcome.MESSAGE
    elif cut and outcome != Call.Outcome.NO_ANSWER:
        outcome = Call.Outcome.CUT
    call_records.ended(call, path=row.path, outcome=outcome)


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
    states.agent_is(agent.user_id, Agent.State.AFTER_CALL if talked else Agent.State.READY)
