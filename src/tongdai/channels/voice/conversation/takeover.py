"""What a supervisor changes in a conversation: to have the citizen instead of the agent, or to move her elsewhere."""

from __future__ import annotations

from ..models import Agent, Order
from ..records import call_records, orders, supervision
from . import third_party
from .conversation import Conversation, Over
from .supervisor_line import NotThere, ring_supervisor


async def take_over(talk: Conversation, order: Order) -> str:
    """The supervisor has the citizen, whose line is touched at no moment; the agent is free and told why."""
    connection, before, old = talk.connection, talk.agent, talk.leg
    session = connection.sessions.get(order.by_id)
    if before is None or before.user == order.by_id:
        return orders.NOT_NOW
    if not await connection.db(supervision.may_attend, order.by_id, talk.caller.call):
        return orders.OVER
    if session and session.talk is not talk:
        await session.stop()
        session = None
    if session:
        supervisor, leg = session.supervisor, await session.give_up_leg()
    else:
        try:
            supervisor, leg = await ring_supervisor(connection, order.by_id, talk)
        except NotThere as missing:
            return missing.why
    try:
        if talk.other or talk.ringing:
            await third_party.come_back(talk)
        if session is None:
            await connection.pbx.post(f"bridges/{talk.bridge}/addChannel", channel=leg.id)
        await talk.resume()
        talk.leg, talk.agent = leg, supervisor
        await connection.db(
            supervision.taken_over, talk.caller.call, agent=before.user, by=supervisor.user, words=order.words
        )
    except BaseException:
        talk.leg, talk.agent = old, before
        await leg.hang_up()
        supervisor.let_go(supervisor.on_record or Agent.State.PAUSED)
        raise
    await old.hang_up()
    await talk.free(before)
    await talk.record_anew(left=old)
    return ""


async def move(talk: Conversation, order: Order) -> str:
    """To another queue or agent, away from whoever talks. Raises Over: she is on her way."""
    agent = talk.agent.user if talk.agent else None
    if not await talk.connection.db(supervision.may_attend, order.by_id, talk.caller.call):
        return orders.OVER
    connection, caller = talk.connection, talk.caller
    kind, _colon, which = order.target.partition(":")
    wanted = connection.board.agents.get(int(which)) if kind == "agent" else None
    if kind == "agent" and (wanted is None or not wanted.may_be_rung):
        return orders.BUSY
    queue = int(which) if kind == "queue" else caller.queue and caller.queue.pk
    onward = await connection.db(call_records.waiting_step, queue=queue)
    if kind == "head" or onward is None:
        return orders.NO_SUCH
    if talk.other or talk.ringing:
        await third_party.come_back(talk)
    await talk.resume()
    caller.leg.forget_keys()
    caller.wanted, caller.handed_by = wanted.user if wanted else None, None
    assert order.call_id
    await connection.db(
        supervision.moved, order.call_id, agent=agent, by=order.by_id, target=order.target, words=order.words
    )
    raise Over(onward)
