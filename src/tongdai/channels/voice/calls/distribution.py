"""Give those who wait to those who are free: ring one agent for one caller, and let the two talk."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import structlog
from django.db import Error

from ..agents.presence import GONE
from ..asterisk.client import PbxGone, Refused
from ..asterisk.legs import HungUp, Leg
from ..board.board import AtWork, Caller, KeptCaller
from ..board.connection import Connection
from ..board.ringing import NO_ANSWER, TURNED_DOWN, NotReached
from ..conversation import course
from ..conversation.conversation import Conversation
from ..models import Agent, Order
from ..records import call_records, orders
from . import declining

log = structlog.get_logger(__name__)
RINGS_FOR = 15  # seconds
LOOKS_EVERY = 1.0  # seconds, where nobody has said that anything changed
NOT_TAKEN = "not_taken"  # why somebody is paused: the desk has the words


async def give_out(connection: Connection, ring_kept_caller: Callable[[KeptCaller, AtWork], None]) -> None:
    """For ever: pair whoever waits with whoever is free, as soon as anything changes, and each second in any case.

    `ring_kept_caller`: what rings one whose place is kept, this agent kept free meanwhile.
    """
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOKS_EVERY):
                await connection.changed.wait()
        connection.changed.clear()
        while pair := connection.board.pair():
            waiting, agent = pair
            if isinstance(waiting, KeptCaller):
                ring_kept_caller(waiting, agent)
                continue
            waiting.offered = agent.in_hand = True
            waiting.offer = connection.start(offer(connection, waiting, agent))


async def take_back(connection: Connection, caller: Caller, order: Order) -> None:
    """Whoever handed her to the queue wants her back: their telephone takes her up by itself, whoever is rung meanwhile."""
    agent = connection.board.agents.get(order.by_id)
    if agent is None or agent.in_hand or not agent.online or caller.handed_by != agent.user:
        await connection.db(orders.done, order.pk, refused=orders.NOT_NOW)
        return
    agent.in_hand, caller.wanted = True, agent.user  # neither is given to anybody else meanwhile
    if caller.ringing:
        caller.ringing.cancel()
    if caller.offer:
        await asyncio.wait({caller.offer})
    if taken := not connection.board.holds(caller) or caller.leg.gone.is_set():
        caller.wanted = None
        agent.let_go(Agent.State.AFTER_CALL)
    else:
        caller.offered = True
        await offer(connection, caller, agent, auto=True)
    await connection.db(orders.done, order.pk, refused=orders.NOT_NOW if taken else "")


async def offer(connection: Connection, caller: Caller, agent: AtWork, *, auto: bool = False) -> None:
    """Ring one agent. Who doesn't take it is paused and told why, who declines is not; the caller goes to the next.

    Whatever breaks on the way, both may be paired again. Once they talk the talk has the agent, and she has nobody's offer.
    """
    state = Agent.State.READY
    talk: Conversation | None = None
    try:
        leg, why_not = await _ring(connection, caller, agent, auto=auto)
        talk = await connect(connection, caller, agent, leg) if leg else None
        if caller.wanted == agent.user:
            caller.wanted = None  # she was handed to this one, who has her now, or isn't there: anybody then
        if talk:
            connection.start(course.run(talk))
            return
        caller.passed_by.add(agent.user)
        wanted_back = caller.wanted is not None  # by whoever handed her on: this one has missed nothing
        why = ""
        if why_not in TURNED_DOWN:
            caller.spare(agent.user, declining.SPARED_FOR)
            await connection.db(declining.note, caller.call, by=agent.user)
        elif not (leg or caller.leg.gone.is_set() or wanted_back):
            state, why = Agent.State.PAUSED, NOT_TAKEN if agent.online else GONE
        await connection.db(call_records.not_taken, caller.call, agent=agent.user, state=state, reason=why)
        connection.changed.set()
    finally:
        caller.offered = caller.joined = False
        if talk is None:
            agent.let_go(state)


async def _ring(connection: Connection, caller: Caller, agent: AtWork, *, auto: bool) -> tuple[Leg | None, int]:
    """This one's telephone, until it is taken up, she hangs up, or whoever handed her on wants her back; else why not."""
    if not await connection.db(call_records.rings, caller.call, agent=agent.user):
        return None, NO_ANSWER
    caller.ringing = asyncio.ensure_future(
        connection.rings.follow(
            agent.endpoint, call=caller.call, shown=caller.number, within=RINGS_FOR, or_until=caller.leg.gone, auto=auto
        )
    )
    try:
        await asyncio.wait({caller.ringing})
        return (None, NO_ANSWER) if caller.ringing.cancelled() else (caller.ringing.result(), 0)
    except NotReached as stopped:
        return None, stopped.cause
    finally:
        caller.ringing.cancel()
        caller.ringing = None


async def connect(connection: Connection, caller: Caller, agent: AtWork, leg: Leg) -> Conversation | None:
    """Join the two. None when that can't be, as when either has gone before the first word: whoever is there waits on."""
    bridge, caller.joined = "", True
    try:
        await caller.leg.hush()
        await caller.leg.hold_out(0)
        await caller.leg.music(False)
        bridge = await connection.pbx.bridge(f"call-{caller.call}", caller.leg.id, leg.id)
        if not await connection.db(call_records.talks, caller.call, agent=agent.user):
            raise HungUp
        connection.leaves(caller)
        return Conversation(connection, caller, agent, leg, bridge)
    except (HungUp, Refused, PbxGone, Error) as gone:
        log.info("voice.gone_before_the_first_word", call=caller.call, why=str(gone)[:100])
    await leg.hang_up()
    with contextlib.suppress(HungUp, Refused, PbxGone):
        if bridge:
            await connection.pbx.delete(f"bridges/{bridge}")
        await caller.leg.music()
    return None
