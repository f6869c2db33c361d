"""An agent calls a citizen: back, or about a case. Her own line rings first, then the citizen's."""

from __future__ import annotations

import asyncio
import contextlib
import uuid

from ..agents import states
from ..asterisk.legs import HungUp, Leg
from ..board.board import AtWork, Caller
from ..board.connection import Connection
from ..board.ringing import NotReached
from ..conversation import course, outgoing
from ..conversation.conversation import Conversation
from ..models import Agent, Call, Order
from ..records import call_records, orders
from ..trunks import permission
from .session import finish, go_on


async def call_out(connection: Connection, order: Order) -> None:
    """The agent's own line first, then the citizen: both talk as in any call."""
    agent = connection.board.agents.get(order.by_id)
    if agent is None or not agent.online or agent.in_hand:
        await connection.db(orders.done, order.pk, refused=orders.NOT_NOW)
        return
    if why := await connection.db(permission.why_not, order.target):
        await connection.db(orders.done, order.pk, refused=why)
        return
    agent.in_hand = True
    try:
        talk = await _ring_both(connection, order, agent)
    except Exception:
        agent.let_go(Agent.State.AFTER_CALL)
        raise
    if talk is None:
        return
    caller = talk.caller
    with connection.caught(caller):
        caller.onward = asyncio.get_running_loop().create_future()
        await course.run(talk)
        onward = caller.onward.result()
        outcome = Call.Outcome.ANSWERED
        with contextlib.suppress(HungUp):
            outcome = await go_on(connection, caller, onward)
        await finish(connection, caller, outcome)


async def _ring_both(connection: Connection, order: Order, agent: AtWork) -> Conversation | None:
    """The two in one bridge; None: either did not answer, or she has thought better of it, and the order says so."""
    channel = f"out-{uuid.uuid4().hex}"
    call = await connection.db(call_records.goes_out, order.pk, channel=channel)
    stop = connection.calling[call] = asyncio.Event()
    leg: Leg | None = None
    citizen: Leg | None = None
    why = orders.NO_LINE
    try:
        leg = await connection.rings.reach(
            agent.endpoint, call=call, shown=order.target, within=10, or_until=stop, auto=True
        )  # fmt: skip
        why = orders.NOBODY
        connection.start(_until_answered(leg, stop))
        citizen = await outgoing.dial(
            connection, order.target, within=outgoing.RINGS_FOR, or_until=stop, channel=channel, prompt="calling"
        )
    except permission.NotLetOut as stopped:
        why = stopped.why
    except NotReached as not_reached:
        why = "" if stop.is_set() else not_reached.why if leg else why
    finally:
        connection.calling.pop(call, None)
        if leg and citizen is None:
            await leg.hang_up()
    if leg is None or citizen is None:
        agent.idle_since = await connection.db(states.hung_up, agent.user)
        agent.let_go(Agent.State.AFTER_CALL)
        await connection.db(call_records.ended, call, path=["out"], outcome=Call.Outcome.NO_ANSWER)
        await connection.db(orders.done, order.pk, refused=why)
        return None
    await leg.hush()
    await connection.db(orders.done, order.pk)
    caller = Caller(citizen, call, order.target)
    caller.been.path.append("out")
    with connection.caught(caller):
        bridge = await connection.pbx.bridge(f"call-{call}", citizen.id, leg.id)
        await connection.db(call_records.talks, call, agent=agent.user)
    return Conversation(connection, caller, agent, leg, bridge)


async def _until_answered(leg: Leg, stop: asyncio.Event) -> None:
    """The agent hears it ring; whoever puts down the telephone meanwhile stops it."""
    with contextlib.suppress(HungUp):
        await leg.ringing_tone()
        await leg.gone.wait()
    stop.set()
