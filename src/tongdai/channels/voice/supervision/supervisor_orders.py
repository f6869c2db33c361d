"""What a supervisor asks of the exchange: be at a call, take it over, move it, free an agent who is stuck."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import structlog

from ..asterisk.client import PbxGone, Refused
from ..asterisk.legs import HungUp, Over
from ..board.board import AtWork
from ..conversation import recording_parts, third_party
from ..models import Agent, Order
from ..records import call_records, orders, supervision
from . import attending

if TYPE_CHECKING:
    from ..conversation.conversation import Talk
    from ..switchboard import Switchboard

log = structlog.get_logger(__name__)
LETS_GO_WITHIN = 2.0  # seconds for whoever has the agent in hand to see that the telephone is down


def takes(board: Switchboard, order: Order) -> bool:
    """Whether it is done here, beside the talks; what changes a talk is done by the talk itself (`take_over`, `move`)."""
    return order.kind in _BESIDE and not (order.kind == Order.Kind.MOVE and order.call_id in board.talks)


async def obey(board: Switchboard, order: Order) -> None:
    """Do it, and say so on the order."""
    try:
        async with board.in_turn[order.by_id]:  # a button pressed twice is one telephone rung
            why = await _BESIDE[Order.Kind(order.kind)](board, order)
    except (Refused, PbxGone, HungUp, TimeoutError) as refused:
        why = orders.FAILED
        log.warning("voice.order_failed", order=order.kind, why=str(refused)[:160])
    await board.db(orders.done, order.pk, refused=why)


# ── done by the talk ─────────────────────────────────────────────────────────────────────────────────────────────────


async def take_over(talk: Talk, order: Order) -> str:
    """The supervisor has the citizen, whose line is touched at no moment; the agent is free and told why."""
    board, before, old = talk.board, talk.agent, talk.leg
    session = board.sessions.get(order.by_id)
    if before is None or before.user == order.by_id:
        return orders.NOT_NOW
    if not await board.db(supervision.may_attend, order.by_id, talk.caller.call):
        return orders.OVER
    if session and session.talk is not talk:
        await session.stop()
        session = None
    if session:
        supervisor, leg = session.supervisor, await session.give_up_leg()
    else:
        try:
            supervisor, leg = await attending.ring_supervisor(board, order.by_id, talk)
        except attending.NotThere as missing:
            return missing.why
    try:
        if talk.other or talk.ringing:
            await third_party.come_back(talk)
        if session is None:
            await board.pbx.post(f"bridges/{talk.bridge}/addChannel", channel=leg.id)
        await talk.resume()
        talk.leg, talk.agent = leg, supervisor
        await board.db(
            supervision.taken_over, talk.caller.call, agent=before.user, by=supervisor.user, words=order.words
        )
    except BaseException:
        talk.leg, talk.agent = old, before
        await leg.hang_up()
        supervisor.let_go(supervisor.on_record or Agent.State.PAUSED)
        raise
    await old.hang_up()
    await talk.free(before)
    await recording_parts.anew(talk, left=old)
    return ""


async def move(talk: Talk, order: Order) -> str:
    """To another queue or agent, away from whoever talks. Raises Over: she is on her way."""
    agent = talk.agent.user if talk.agent else None
    if not await talk.board.db(supervision.may_attend, order.by_id, talk.caller.call):
        return orders.OVER
    board, caller = talk.board, talk.caller
    kind, _colon, which = order.target.partition(":")
    wanted = board.room.agents.get(int(which)) if kind == "agent" else None
    if kind == "agent" and (wanted is None or not wanted.may_be_rung):
        return orders.BUSY
    queue = int(which) if kind == "queue" else caller.queue and caller.queue.pk
    onward = await board.db(call_records.waiting_step, queue=queue)
    if kind == "head" or onward is None:
        return orders.NO_SUCH
    if talk.other or talk.ringing:
        await third_party.come_back(talk)
    await talk.resume()
    caller.leg.forget_keys()
    caller.wanted, caller.handed_by = wanted.user if wanted else None, None
    await _on_record(board, order, agent=agent)
    raise Over(onward)


# ── done beside the talks ────────────────────────────────────────────────────────────────────────────────────────────


async def _move_waiting(board: Switchboard, order: Order) -> str:
    """One who waits: to the head of all who do, to one agent who is free, to another queue."""
    caller = next((each for each in board.room.waiting if each.call == order.call_id), None)
    if caller is None or caller.onward is None or caller.onward.done():
        return orders.OVER
    if caller.offered:
        return orders.RINGS_NOW
    head = min(each.rank for each in board.room.waiting) - 1
    kind, _colon, which = order.target.partition(":")
    if kind == "head":
        caller.rank = head
    elif kind == "agent":
        agent = board.room.agents.get(int(which))
        if agent is None or not agent.may_be_rung:
            return orders.BUSY
        caller.wanted, caller.rank = agent.user, head
    else:
        step = await board.db(call_records.waiting_step, queue=int(which))
        if step is None:
            return orders.NO_SUCH
        if caller.offered or caller.onward.done():
            return orders.RINGS_NOW
        board.leaves(caller)
        caller.been.path.append(f"moved:{step.code}")
        caller.onward.set_result(step)
    board.changed.set()
    await _on_record(board, order, agent=None)
    return ""


async def _free(board: Switchboard, order: Order) -> str:
    """Whatever hangs at this agent's telephone goes; a citizen who talks with them goes to the head of the queue, uncut."""
    agent = board.room.agents.get(int(order.target.partition(":")[2] or 0))
    if agent is None:
        return orders.NO_SUCH
    for talk in list(board.talks.values()):
        if talk.agent is agent:
            talk.dismiss()
    for channel in await board.pbx.get("channels"):
        if str(channel["name"]).startswith(f"PJSIP/{agent.endpoint}-"):
            with contextlib.suppress(Refused):
                await board.pbx.delete(f"channels/{channel['id']}")
    await _let_go(agent)
    await board.db(supervision.freed, agent.user, by=order.by_id, words=order.words)
    agent.let_go(Agent.State.PAUSED)
    board.changed.set()
    return ""


async def _let_go(agent: AtWork) -> None:
    """Give whoever has this one in hand the time to see it; then it is nobody's."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LETS_GO_WITHIN):
            while agent.in_hand:
                await asyncio.sleep(0.05)


async def _on_record(board: Switchboard, order: Order, *, agent: int | None) -> None:
    assert order.call_id
    await board.db(
        supervision.moved, order.call_id, agent=agent, by=order.by_id, target=order.target, words=order.words
    )


_BESIDE: dict[Order.Kind, Callable[[Switchboard, Order], Awaitable[str]]] = {
    **dict.fromkeys((Order.Kind.LISTEN, Order.Kind.WHISPER, Order.Kind.BARGE), attending.attend),
    Order.Kind.LEAVE: attending.leave,
    Order.Kind.MOVE: _move_waiting,
    Order.Kind.FREE: _free,
}
