"""What those in a conversation ask for by a button: each order is one function; which belongs to which stands at the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from ..asterisk.client import PbxGone, Refused
from ..asterisk.legs import HungUp
from ..models import Order
from ..records import call_records, orders
from ..speech import phrases
from . import takeover, third_party
from .conversation import Conversation, Over

log = structlog.get_logger(__name__)


async def obey(talk: Conversation, order: Order) -> None:
    """Do it, and say so on the order. Raises Over, HungUp."""
    why = ""
    try:
        why = await _do(talk, order)
    except (Over, HungUp):
        await talk.connection.db(orders.done, order.pk)
        raise
    except (Refused, PbxGone) as refused:
        why = orders.FAILED
        if not (talk.other or talk.ringing):
            await third_party.let_go(talk)
        log.warning("voice.order_failed", order=order.kind, why=str(refused)[:160])
    await talk.connection.db(orders.done, order.pk, refused=why)


async def _do(talk: Conversation, order: Order) -> str:
    """Why it could not be done, or an empty string. Raises Over: it ends the talk."""
    kind = Order.Kind(order.kind)
    if talk.asked and order.by_id == talk.asked.user:  # a colleague who is asked can only leave
        return await third_party.come_back(talk) if kind == Order.Kind.HANG_UP else orders.NOT_NOW
    if talk.left and order.by_id == talk.left.user:  # and who has left, only come back
        return await third_party.take_back(talk) if kind == Order.Kind.COME_BACK else orders.NOT_NOW
    does = _DOES.get(kind)
    return orders.NOT_NOW if does is None else await does(talk, order)


async def _hang_up(talk: Conversation, _order: Order) -> str:
    """The key that hangs up ends a call with the third first: pressed a moment too late, it doesn't cut the citizen."""
    if talk.ringing or talk.other:
        return await third_party.leave(talk)
    raise Over


async def _hold(talk: Conversation, _order: Order) -> str:
    if talk.ringing or talk.other:
        return orders.NOT_NOW
    await talk.hold()
    return ""


async def _resume(talk: Conversation, _order: Order) -> str:
    if talk.ringing or talk.other:
        return orders.NOT_NOW
    await talk.resume()
    return ""


async def _come_back(talk: Conversation, _order: Order) -> str:
    return await third_party.come_back(talk)


async def _stop_recording(talk: Conversation, _order: Order) -> str:
    await talk.recording.end()
    await talk.note(recorded=False)
    return ""


async def _record_on(talk: Conversation, _order: Order) -> str:
    await talk.recording.begin()
    await talk.note(recorded=True)
    return ""


async def _read_code(talk: Conversation, order: Order) -> str:
    connection = talk.connection
    sounds = await connection.db(phrases.code, order.target, language=talk.caller.language, it=connection.it)
    media = ",".join(f"sound:{sound.with_suffix('')}" for sound in sounds)
    await connection.pbx.post(f"bridges/{talk.bridge}/play", media=media)
    return ""


async def _transfer(talk: Conversation, order: Order) -> str:
    """To a colleague or a number, who is rung while the agent listens; or to a queue, and the agent is free at once."""
    kind, _colon, which = order.target.partition(":")
    if kind != "queue":
        return await third_party.transfer(talk, order)
    if talk.ringing or talk.other or not talk.agent:
        return orders.NOT_NOW
    onward = await talk.connection.db(call_records.waiting_step, queue=int(which))
    if onward is None:
        return orders.NO_SUCH
    await talk.resume()
    talk.caller.leg.forget_keys()
    talk.caller.handed_by = talk.agent.user
    raise Over(onward)


_DOES: dict[Order.Kind, Callable[[Conversation, Order], Awaitable[str]]] = {
    Order.Kind.HANG_UP: _hang_up,
    Order.Kind.HOLD: _hold,
    Order.Kind.RESUME: _resume,
    Order.Kind.PAUSE: _stop_recording,
    Order.Kind.RECORD: _record_on,
    Order.Kind.TRANSFER: _transfer,
    Order.Kind.COME_BACK: _come_back,
    Order.Kind.READ_CODE: _read_code,
    Order.Kind.CONSULT: third_party.consult,
    Order.Kind.CONFERENCE: third_party.join,
    Order.Kind.HAND_OVER: third_party.hand_over,
    Order.Kind.TAKE_OVER: takeover.take_over,
    Order.Kind.MOVE: takeover.move,
}
