"""A third in a talk: whom the agent asks, brings in, or hands the citizen to. She is never the one who is cut.

The third's telephone rings while the agent hears it ring and she hears music; then the two talk apart, or all three together.
Whatever ends it, she talks with somebody or goes back to the head of the queue. Each function is a step of one talk.
"""

from __future__ import annotations

import asyncio
import contextlib

import structlog
from django.db import Error

from ..agents import states
from ..asterisk.client import PbxGone, Refused
from ..asterisk.legs import Leg
from ..board.board import AtWork
from ..board.ringing import NotReached
from ..models import Agent, Call, Order
from ..records import call_records, orders
from ..trunks import permission
from . import outgoing
from .conversation import Conversation, ThirdRings
from .reconnection import bring_back

log = structlog.get_logger(__name__)
ASKED_FOR = 25  # seconds a colleague is rung


# ── what the agent asks for ──────────────────────────────────────────────────────────────────────────────────────────────


async def consult(talk: Conversation, order: Order) -> str:
    """Speak with them first. Why it can't be, or an empty string; so for all of these."""
    return await _ring(talk, order, hands_over=False)


async def transfer(talk: Conversation, order: Order) -> str:
    """Hand her over as soon as they answer; the agent may take her back until then, or leave."""
    return await _ring(talk, order, hands_over=True)


async def join(talk: Conversation, _order: Order) -> str:
    """All three together."""
    if not (talk.other and talk.aside):
        return orders.NOT_NOW
    aside, talk.aside = talk.aside, ""
    await talk.connection.pbx.delete(f"bridges/{aside}")
    await talk.connection.pbx.post(f"bridges/{talk.bridge}/addChannel", channel=f"{talk.leg.id},{talk.other.id}")
    await talk.resume()
    await talk.note(third=Call.Third.TOGETHER)
    return ""


async def hand_over(talk: Conversation, _order: Order) -> str:
    """The agent leaves: the citizen and the other talk on, or the other's telephone rings on."""
    if talk.other:
        await _give(talk)
    elif talk.ringing and talk.agent:
        await _leave_ringing(talk)
    else:
        return orders.NOT_NOW
    return ""


async def leave(talk: Conversation) -> str:
    """Out of a talk of three: the other two talk on. Else back to the citizen."""
    if talk.other and not talk.aside:
        await _give(talk)
        return ""
    return await come_back(talk)


async def come_back(talk: Conversation) -> str:
    """The other is let go; the agent talks with the citizen again."""
    was_aside, was_together = bool(talk.aside), bool(talk.other and not talk.aside)
    third = talk.other
    await let_go(talk)
    if was_aside:
        with contextlib.suppress(Refused):  # the agent has gone, too: that is what happens next
            await talk.connection.pbx.post(f"bridges/{talk.bridge}/addChannel", channel=talk.leg.id)
    await talk.note(consulting="", third="")
    await talk.resume()
    if was_together:
        await talk.record_anew(left=third)
    return ""


async def take_back(talk: Conversation) -> str:
    """The agent who has handed her on wants her back: from a telephone that rings, or from somebody outside."""
    agent = talk.left
    if agent is None or talk.agent or agent.in_hand or not agent.online:
        return orders.NOT_NOW
    agent.in_hand, talk.agent, talk.left, talk.unattended = True, agent, None, False
    await let_go(talk)
    await talk.connection.db(call_records.handed_over, talk.caller.call, to=agent.user)
    talk.sound.waits_for_agent()
    await bring_back(talk, agent)
    return ""


# ── what just happens ────────────────────────────────────────────────────────────────────────────────────────────────────


async def rung(talk: Conversation) -> None:
    """The third has answered, or can't be reached: the agent is back with the citizen and is told why. Raises Over."""
    ringing, talk.ringing = talk.ringing, None
    assert ringing
    try:
        await _hush(talk)
        talk.other = ringing.task.result()
        if talk.asked:
            await talk.connection.db(states.agent_is, talk.asked.user, Agent.State.TALKING)
        if ringing.hands_over or talk.unattended:
            await _give(talk)
        else:
            await _set_apart(talk)
        return
    except (NotReached, permission.NotLetOut) as stopped:
        why = stopped.why
    except (Refused, PbxGone, Error) as failed:
        why = orders.FAILED
        log.warning("voice.third_failed", call=talk.caller.call, why=str(failed)[:160])
    if not talk.unattended:
        await come_back(talk)
    await talk.connection.db(orders.done, ringing.order, refused=why)
    if talk.unattended:
        await let_go(talk)
        await talk.note(consulting="", third="")
        raise await talk.to_anybody()


async def put_down(talk: Conversation) -> bool:
    """The agent has put down the telephone: whoever is with the third hands over. False: there is none. Raises Over."""
    if talk.ringing:
        await _leave_ringing(talk)
    elif talk.other:
        try:
            await _give(talk)
        except Refused:  # the other has gone at the same time
            await let_go(talk)
            raise await talk.to_anybody() from None
    else:
        return False
    return True


async def lost(talk: Conversation) -> None:
    """The agent's telephone is gone: of three, two talk on; whoever was only asked is let go, and the citizen waits."""
    if talk.other and not talk.aside:
        await _give(talk)
    elif talk.other or talk.ringing:
        await let_go(talk)
        talk.sound.waits_for_agent()
        await talk.note(consulting="", third="")


async def let_go(talk: Conversation) -> None:
    """Nobody rings, and the third is free. The citizen and the agent stay where they are."""
    ringing, talk.ringing = talk.ringing, None
    other, talk.other = talk.other, None
    asked, talk.asked = talk.asked, None
    aside, talk.aside = talk.aside, ""
    try:
        if ringing:
            await _hush(talk)
            await ringing.stop()
        if other:
            await other.hang_up()
        if aside:
            with contextlib.suppress(Refused, PbxGone):
                await talk.connection.pbx.delete(f"bridges/{aside}")
    finally:
        await talk.free(asked, ready=True)


# ── how ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _ring(talk: Conversation, order: Order, *, hands_over: bool) -> str:
    """Begin to ring them: what comes of it, comes by itself."""
    if talk.ringing or talk.other or not talk.agent:
        return orders.NOT_NOW
    kind, _colon, which = order.target.partition(":")
    asked: AtWork | None = None
    if kind == "agent":
        asked = talk.connection.board.agents.get(int(which))
        if asked is None or not asked.may_be_rung:
            return orders.BUSY
        asked.in_hand, talk.asked = True, asked
    elif why := await talk.connection.db(permission.why_not, order.target):
        return why
    await talk.hold()
    rings = _colleague(talk, asked) if asked else _outside(talk, order.target)
    talk.ringing = ThirdRings(order.pk, asyncio.create_task(rings), hands_over)
    await talk.note(consulting=order.target, third=Call.Third.RINGING)
    with contextlib.suppress(Refused):
        await talk.connection.pbx.post(f"bridges/{talk.bridge}/play/{_tone(talk)}", media="tone:ring")
    return ""


async def _colleague(talk: Conversation, agent: AtWork) -> Leg:
    await talk.connection.db(states.asked, agent.user, call=talk.caller.call)
    return await talk.connection.rings.follow(
        agent.endpoint, call=talk.caller.call, shown="1022", within=ASKED_FOR, or_until=talk.caller.leg.gone
    )


async def _outside(talk: Conversation, number: str) -> Leg:
    return await outgoing.dial(
        talk.connection, number, within=outgoing.RINGS_FOR, or_until=talk.caller.leg.gone, caller=talk.caller.number
    )


async def _set_apart(talk: Conversation) -> None:
    assert talk.other
    await talk.connection.pbx.post(f"bridges/{talk.bridge}/removeChannel", channel=talk.leg.id)
    talk.aside = await talk.connection.pbx.bridge(f"aside-{talk.caller.call}", talk.leg.id, talk.other.id)
    await talk.note(third=Call.Third.APART)


async def _give(talk: Conversation) -> None:
    """The citizen and the other talk on; the agent, if still there, is free. Raises Refused: the other has just gone."""
    assert talk.other
    if talk.aside:
        await talk.connection.pbx.delete(f"bridges/{talk.aside}")
    await talk.connection.pbx.post(f"bridges/{talk.bridge}/addChannel", channel=talk.other.id)
    old, talk.leg, talk.other, talk.aside = talk.leg, talk.other, None, ""
    before, talk.agent, talk.asked = talk.agent, talk.asked, None
    talk.left, talk.unattended = before or talk.left, False
    try:
        await talk.resume()
        await talk.connection.db(call_records.handed_over, talk.caller.call, to=talk.agent.user if talk.agent else None)
    finally:
        await old.hang_up()
        await talk.free(before)
    await talk.record_anew(left=old)


async def _leave_ringing(talk: Conversation) -> None:
    """The agent is free, and the citizen waits with music for whoever is rung."""
    before, talk.agent, talk.left, talk.unattended = talk.agent, None, talk.agent, True
    await talk.connection.db(call_records.left_ringing, talk.caller.call)
    await talk.leg.hang_up()
    await talk.free(before)


def _tone(talk: Conversation) -> str:
    return f"{talk.bridge}-rings"


async def _hush(talk: Conversation) -> None:
    """The agent doesn't hear it ring any more."""
    with contextlib.suppress(Refused, PbxGone):
        await talk.connection.pbx.delete(f"playbacks/{_tone(talk)}")
