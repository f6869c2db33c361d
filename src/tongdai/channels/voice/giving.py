"""Give those who wait to those who are free: ring one agent for one caller, and let the two talk."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import structlog
from django.db import Error

from . import records
from .legs import HungUp, Leg
from .models import Agent
from .pbx import PbxGone, Refused
from .room import AtWork, Caller
from .talking import Talk

if TYPE_CHECKING:
    from .switchboard import Switchboard

log = structlog.get_logger(__name__)
RINGS_FOR = 15  # seconds
LOOKS_EVERY = 1.0  # seconds, where nobody has said that anything changed
NOT_TAKEN = "not_taken"  # why somebody is paused: the desk has the words


async def give_out(board: Switchboard) -> None:
    """For ever: pair whoever waits with whoever is free, as soon as anything changes, and each second in any case."""
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(board.changed.wait(), LOOKS_EVERY)
        board.changed.clear()
        while pair := board.room.pair():
            caller, agent = pair
            caller.offered = agent.in_hand = True
            board.start(offer(board, caller, agent))


async def offer(board: Switchboard, caller: Caller, agent: AtWork) -> None:
    """Ring one agent. Who doesn't take it is paused and told why; the caller goes to the next.

    Whatever breaks on the way, both may be paired again. Once they talk the talk has the agent, and she has nobody's offer.
    """
    state = Agent.State.READY
    talk: Talk | None = None
    try:
        await board.db(records.rings, caller.call, agent=agent.user)
        leg = await board.ring(
            agent.endpoint, call=caller.call, shown=caller.number, within=RINGS_FOR, or_until=caller.leg.gone
        )
        talk = await connect(board, caller, agent, leg) if leg else None
        if caller.wanted == agent.user:
            caller.wanted = None  # she was handed to this one, who has her now, or isn't there: anybody then
        if talk:
            board.start(talk.run())
            return
        caller.passed_by.add(agent.user)
        if not (leg or caller.leg.gone.is_set()) and agent.online:
            state = Agent.State.PAUSED
        why = NOT_TAKEN if state == Agent.State.PAUSED else ""
        await board.db(records.not_taken, caller.call, agent=agent.user, state=state, reason=why)
        board.changed.set()
    finally:
        caller.offered = caller.joined = False
        if talk is None:
            agent.let_go(state)


async def connect(board: Switchboard, caller: Caller, agent: AtWork, leg: Leg) -> Talk | None:
    """Join the two. None when that can't be, as when either has gone before the first word: whoever is there waits on."""
    bridge, caller.joined = "", True
    try:
        await caller.leg.hush()
        await caller.leg.hold_out(0)
        await caller.leg.music(False)
        bridge = await board.pbx.bridge(f"call-{caller.call}", caller.leg.id, leg.id)
        await board.db(records.talks, caller.call, agent=agent.user)
        board.leaves(caller)
        return Talk(board, caller, agent, leg, bridge)
    except (HungUp, Refused, PbxGone, Error) as gone:
        log.info("voice.gone_before_the_first_word", call=caller.call, why=str(gone)[:100])
    await leg.hang_up()
    with contextlib.suppress(HungUp, Refused, PbxGone):
        if bridge:
            await board.pbx.delete(f"bridges/{bridge}")
        await caller.leg.music()
    return None
