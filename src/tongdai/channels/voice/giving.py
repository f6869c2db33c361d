"""Give those who wait to those who are free: ring one agent for one caller, and let the two talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

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
NOT_TAKEN = "not_taken"  # why somebody is paused: the desk has the words


async def give_out(board: Switchboard) -> None:
    """For ever: pair whoever waits with whoever is free, as soon as anything changes."""
    while True:
        await board.changed.wait()
        board.changed.clear()
        while pair := board.room.pair():
            caller, agent = pair
            caller.offered = agent.in_hand = True
            board.start(offer(board, caller, agent))


async def offer(board: Switchboard, caller: Caller, agent: AtWork) -> None:
    """Ring one agent. Who doesn't take it is paused and told why; the caller goes to the next."""
    try:
        await board.db(records.rings, caller.call, agent=agent.user)
        leg = await board.ring(
            agent.endpoint, call=caller.call, shown=caller.number, within=RINGS_FOR, or_until=caller.leg.gone
        )
    except BaseException:
        caller.offered = agent.in_hand = False
        raise
    if leg and not caller.leg.gone.is_set():
        await connect(board, caller, agent, leg)
        return
    if leg:
        await leg.hang_up()
    caller.passed_by.add(agent.user)
    gave_up = caller.leg.gone.is_set() or not agent.online
    state = Agent.State.READY if gave_up else Agent.State.PAUSED
    if caller.wanted == agent.user:
        caller.wanted = None  # she was handed to this one, who isn't there: anybody then
    await board.db(records.not_taken, caller.call, agent=agent.user, state=state, reason="" if gave_up else NOT_TAKEN)
    agent.let_go(state)
    caller.offered = False
    board.changed.set()


async def connect(board: Switchboard, caller: Caller, agent: AtWork, leg: Leg) -> None:
    """Let them talk, until that is over."""
    board.leaves(caller)
    try:
        await caller.leg.hush()
        await caller.leg.hold_out(0)
        await caller.leg.music(False)
        bridge = await board.pbx.bridge(f"call-{caller.call}", caller.leg.id, leg.id)
    except (HungUp, Refused, PbxGone) as gone:
        log.info("voice.gone_before_the_first_word", call=caller.call, why=str(gone)[:100])
        await leg.hang_up()
        await board.db(records.not_taken, caller.call, agent=agent.user, state=Agent.State.READY)
        agent.let_go(Agent.State.READY)
        board.changed.set()
        return
    await board.db(records.talks, caller.call, agent=agent.user)
    await Talk(board, caller, agent, leg, bridge).run()
