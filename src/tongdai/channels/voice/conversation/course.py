"""The course of a conversation, until one of them hangs up or she is handed on: one thing that happens after the other."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable
from typing import Any

from ..asterisk.client import PbxGone, Refused
from ..asterisk.legs import HungUp
from ..models import Step
from . import agent_orders, lost_voice, third_party
from .conversation import HELD_FOR, Conversation, Over
from .reconnection import bring_back


async def run(talk: Conversation) -> None:
    """Until one of them hangs up, or she is handed on. Whatever comes, the agents' lines are free afterwards.

    What breaks here breaks for whoever serves her, too. When we are told to stop, the two are left to talk on.
    """
    talk.connection.talks[talk.caller.call] = talk
    watch = asyncio.create_task(lost_voice.watch(talk))
    try:
        while True:
            await _next(talk)
    except Over as over:
        await _part(talk, over.onward)
    except HungUp:
        await _part(talk, None)
    except Exception as broken:
        await _part(talk, broken)
        raise
    finally:
        watch.cancel()
        talk.connection.talks.pop(talk.caller.call, None)


async def _part(talk: Conversation, onward: Step | Exception | None) -> None:
    """Everybody's hands are free, and whoever serves the caller hears where she goes."""
    talk.caller.cut_off = onward is None and "caller" in talk.sound.lost
    talk.connection.talks.pop(talk.caller.call, None)
    try:
        for bridge in filter(None, (talk.bridge, talk.aside)):
            with contextlib.suppress(Refused, PbxGone):
                await talk.connection.pbx.delete(f"bridges/{bridge}")
        await talk.leg.hang_up()
        try:
            await talk.free(talk.agent)
        finally:
            await third_party.let_go(talk)
    finally:
        if (future := talk.caller.onward) and not future.done():
            if isinstance(onward, Exception):
                future.set_exception(onward)
            else:
                future.set_result(onward)


async def _next(talk: Conversation) -> None:
    """One thing that happens. Raises Over, HungUp."""
    waiting: dict[str, Awaitable[Any]] = {"order": talk.orders.get()}
    if not talk.unattended:
        waiting["leg"] = talk.leg.gone.wait()
    if talk.agent:
        waiting["lost"] = talk.leg.lost.wait()
        waiting["sound"] = talk.sound.changed.wait()
    if talk.ringing:
        waiting["rung"] = talk.ringing.wait()
    if talk.other:
        waiting["other"] = talk.other.gone.wait()
    if talk.held:
        await talk.caller.leg.hold_out(HELD_FOR)
    what, came = await talk.first(waiting)
    if what == "order":
        await agent_orders.obey(talk, came)
    elif what == "rung":
        await third_party.rung(talk)
    elif what == "other":
        await third_party.come_back(talk)
    elif what == "sound":
        await lost_voice.act(talk)
    elif what in ("leg", "lost"):
        await _agent_is_gone(talk, lost=what == "lost")


async def _agent_is_gone(talk: Conversation, *, lost: bool) -> None:
    """The agent's leg, or (`lost`) the telephone itself. Raises Over, HungUp."""
    if talk.agent is None:
        raise Over
    if not lost:
        await talk.connection.closes_down(talk.leg)  # then her leg goes, too, and it is known why
    if lost and await lost_voice.talks_on(talk):
        return
    if not lost_voice.hangs_up(talk):
        await third_party.lost(talk)
        if talk.agent:
            await bring_back(talk, talk.agent)
    elif not await third_party.put_down(talk):
        raise Over
