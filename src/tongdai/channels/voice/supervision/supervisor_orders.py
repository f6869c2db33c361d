"""What a supervisor asks of the exchange: be at a call, take it over, move it, free an agent who is stuck."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from ..asterisk.client import PbxGone, Refused
from ..asterisk.legs import HungUp
from ..board.board import AtWork
from ..board.connection import Connection
from ..models import Agent, Order
from ..records import call_records, orders, supervision
from . import attending

log = structlog.get_logger(__name__)
LETS_GO_WITHIN = 2.0  # seconds for whoever has the agent in hand to see that the telephone is down


def takes(connection: Connection, order: Order) -> bool:
    """Whether it is done here, beside the talks; what changes a talk is done by the talk itself (`take_over`, `move`)."""
    return order.kind in _BESIDE and not (order.kind == Order.Kind.MOVE and order.call_id in connection.talks)


async def obey(connection: Connection, order: Order) -> None:
    """Do it, and say so on the order."""
    try:
        async with connection.in_turn[order.by_id]:  # a button pressed twice is one telephone rung
            why = await _BESIDE[Order.Kind(order.kind)](connection, order)
    except (Refused, PbxGone, HungUp, TimeoutError) as refused:
        why = orders.FAILED
        log.warning("voice.order_failed", order=order.kind, why=str(refused)[:160])
    await connection.db(orders.done, order.pk, refused=why)


async def _move_waiting(connection: Connection, order: Order) -> str:
    """One who waits: to the head of all who do, to one agent who is free, to another queue."""
    caller = next((each for each in connection.board.waiting if each.call == order.call_id), None)
    if caller is None or caller.onward is None or caller.onward.done():
        return orders.OVER
    if caller.offered:
        return orders.RINGS_NOW
    head = min(each.rank for each in connection.board.waiting) - 1
    kind, _colon, which = order.target.partition(":")
    if kind == "head":
        caller.rank = head
    elif kind == "agent":
        agent = connection.board.agents.get(int(which))
        if agent is None or not agent.may_be_rung:
            return orders.BUSY
        caller.wanted, caller.rank = agent.user, head
    else:
        step = await connection.db(call_records.waiting_step, queue=int(which))
        if step is None:
            return orders.NO_SUCH
        if caller.offered or caller.onward.done():
            return orders.RINGS_NOW
        connection.leaves(caller)
        caller.been.path.append(f"moved:{step.code}")
        caller.onward.set_result(step)
    connection.changed.set()
    await _on_record(connection, order, agent=None)
    return ""


async def _free(connection: Connection, order: Order) -> str:
    """Whatever hangs at this agent's telephone goes; a citizen who talks with them goes to the head of the queue, uncut."""
    agent = connection.board.agents.get(int(order.target.partition(":")[2] or 0))
    if agent is None:
        return orders.NO_SUCH
    for talk in list(connection.talks.values()):
        if talk.agent is agent:
            talk.dismiss()
    for channel in await connection.pbx.get("channels"):
        if str(channel["name"]).startswith(f"PJSIP/{agent.endpoint}-"):
            with contextlib.suppress(Refused):
                await connection.pbx.delete(f"channels/{channel['id']}")
    await _let_go(agent)
    await connection.db(supervision.freed, agent.user, by=order.by_id, words=order.words)
    agent.let_go(Agent.State.PAUSED)
    connection.changed.set()
    return ""


async def _let_go(agent: AtWork) -> None:
    """Give whoever has this one in hand the time to see it; then it is nobody's."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LETS_GO_WITHIN):
            while agent.in_hand:
                await asyncio.sleep(0.05)


async def _on_record(connection: Connection, order: Order, *, agent: int | None) -> None:
    assert order.call_id
    await connection.db(
        supervision.moved, order.call_id, agent=agent, by=order.by_id, target=order.target, words=order.words
    )


_BESIDE: dict[Order.Kind, Callable[[Connection, Order], Awaitable[str]]] = {
    **dict.fromkeys((Order.Kind.LISTEN, Order.Kind.WHISPER, Order.Kind.BARGE), attending.attend),
    Order.Kind.LEAVE: attending.leave,
    Order.Kind.MOVE: _move_waiting,
    Order.Kind.FREE: _free,
}
