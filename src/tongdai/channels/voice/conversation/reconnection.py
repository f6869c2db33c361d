"""An agent whose telephone has gone out of a talk is rung until they are back; she hears a word and music meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time

import structlog

from ..asterisk.client import PbxGone, Refused
from ..asterisk.legs import HungUp, Leg
from ..board.board import AtWork
from ..speech.synthesis import seconds_of
from .conversation import HELD_FOR, Conversation

log = structlog.get_logger(__name__)
BACK_WITHIN = 20.0  # seconds for an agent whose page was read anew


async def bring_back(talk: Conversation, agent: AtWork) -> None:
    """The agent's page was read anew, or their machine is gone.

    Raises Over: they don't come back in time; the caller is served next, by anybody.
    """
    sound = talk.sound
    log.warning("voice.line_lost", call=talk.caller.call, agent=agent.user)
    await talk.leg.hang_up()
    if talk.dismissed:
        raise await talk.to_anybody()
    held = talk.held and not sound.music_for  # by the agent herself: the page comes back as it was
    spoke = sound.came(talk.leg)
    await talk.hold()
    music = asyncio.create_task(_one_moment(talk))
    try:
        leg = await _ring_again(talk, agent, until=time.monotonic() + BACK_WITHIN, speaks=spoke)
    finally:
        music.cancel()
    if leg is None:
        raise await talk.to_anybody()
    talk.leg, sound.lost, sound.music_for = leg, frozenset(), ""
    with contextlib.suppress(Refused):  # gone again: that is what happens next
        await talk.connection.pbx.post(f"bridges/{talk.bridge}/addChannel", channel=leg.id)
    if not held:
        await talk.resume()


async def _ring_again(talk: Conversation, agent: AtWork, *, until: float, speaks: bool) -> Leg | None:
    """Their leg, as soon as the telephone is there; one whose voice came before (`speaks`) once it comes again."""
    while (left := until - time.monotonic()) > 0:
        back = asyncio.ensure_future(talk.connection.telephones.there(agent.endpoint))
        try:
            while not back.done() and time.monotonic() < until:
                await talk.caller.leg.hold_out(HELD_FOR)
                await talk.first({"back": asyncio.shield(back), "a moment": asyncio.sleep(min(left, 1.0))})
            if back.done():
                leg = await talk.connection.rings.ring(
                    agent.endpoint, call=talk.caller.call, shown=talk.caller.number, within=5,
                    or_until=talk.caller.leg.gone, auto=True,
                )  # fmt: skip
                if leg and not (speaks and await _is_dumb(talk, leg)):
                    return leg
                await talk.first({"a moment": asyncio.sleep(min(left, 1.0))})  # not as often as it refuses
        finally:
            back.cancel()
    return None


async def _is_dumb(talk: Conversation, leg: Leg) -> bool:
    """A leg on which nothing comes: it is hung up."""
    await talk.caller.leg.hold_out(HELD_FOR)
    if await talk.sound.comes(leg, within=4.0):
        return False
    await leg.hang_up()
    return True


async def _one_moment(talk: Conversation) -> None:
    with contextlib.suppress(HungUp, Refused, PbxGone):
        sound = talk.connection.menu.sound("one-moment", talk.caller.language)
        await talk.caller.leg.hold_out(HELD_FOR + math.ceil(seconds_of(sound)))
        await talk.caller.leg.listen_to(sound, keys=False)
        if talk.held:
            await talk.caller.leg.music()
