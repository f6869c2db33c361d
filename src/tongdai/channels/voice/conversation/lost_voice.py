"""What comes of a voice that is lost in a talk: a quiet line is not a dead one, and a dead one is no hang-up.

Who is left hears music; the talk goes on when packets come again. An agent who stays away is replaced by the next; a citizen who
stays away is rung back.
"""

from __future__ import annotations

import asyncio
import contextlib
import time

import structlog
from django.db import Error

from . import third_party
from .conversation import Conversation, Over
from .reconnection import bring_back

log = structlog.get_logger(__name__)
LOOKS_EVERY = 3.0  # seconds
LOST_AFTER = 5.0  # seconds without a packet
ON_ITS_WAY = 0.5  # seconds in which packets may still come of a telephone that has gone
AGENT_WITHIN, CITIZEN_WITHIN = 30.0, 60.0  # seconds until a voice that is lost is given up


async def watch(talk: Conversation) -> None:
    """For ever: look, and say so where something changed. While the database is away, what is on record waits."""
    while True:
        await asyncio.sleep(LOOKS_EVERY)
        with contextlib.suppress(Error):
            await look(talk)


async def look(talk: Conversation) -> None:
    """Once: whose voice has been heard and is not."""
    at, sound = time.monotonic(), talk.sound
    silent, lost, given_up = "", set(), ""
    for whose, leg, within in (
        ("caller", talk.caller.leg, CITIZEN_WITHIN),
        ("agent", talk.leg, AGENT_WITHIN),
    ):
        packets = await sound.listen(leg, at)
        if packets is None or leg.on_hold or packets.silent_for(at) < LOST_AFTER:
            continue
        if whose == "agent" or not talk.held:
            silent = whose
        if packets.count and talk.agent:
            lost.add(whose)
            given_up = whose if packets.silent_for(at) > LOST_AFTER + within else given_up
    if (frozenset(lost), given_up) != (sound.lost, sound.given_up) or given_up:
        log.info("voice.sound", call=talk.caller.call, lost=sorted(lost), given_up=given_up)
        sound.lost, sound.given_up = frozenset(lost), given_up
        sound.changed.set()
    await _show(talk, silent)


async def _show(talk: Conversation, silent: str) -> None:
    if silent != talk.sound.shown:
        await talk.note(no_sound=silent)
        talk.sound.shown = silent


async def act(talk: Conversation) -> None:
    """Something has changed. Raises Over, HungUp."""
    talk.sound.changed.clear()
    try:
        await _act(talk)
    except Error as away:
        # No talk ends because the database is away: what couldn't be done is done at a later look.
        log.warning("voice.sound_waits", call=talk.caller.call, error=type(away).__name__)


async def _act(talk: Conversation) -> None:
    sound = talk.sound
    if sound.given_up:
        await _show(talk, "")
    if sound.given_up == "caller":
        raise Over  # her voice doesn't come any more: the call is over, and she is rung back
    if sound.given_up == "agent":
        await third_party.lost(talk)
        if talk.agent:
            raise await talk.to_anybody()
        return
    if "agent" in sound.lost and talk.leg.unregistered and talk.agent:
        await third_party.lost(talk)
        if talk.agent:
            await bring_back(talk, talk.agent)
        return
    wanted = "caller" if "agent" in sound.lost else "agent" if "caller" in sound.lost else ""
    if sound.music_for == wanted:
        return
    if sound.music_for == "caller" and not (talk.ringing or talk.other):
        await talk.resume()
    elif sound.music_for == "agent":
        await talk.leg.music(False)
    sound.music_for = "" if talk.held else wanted  # who is on hold hears music as it is
    if sound.music_for == "caller":
        await talk.hold()
    elif sound.music_for == "agent":
        await talk.leg.music()


def hangs_up(talk: Conversation) -> bool:
    """Whether an agent's leg that has gone was hung up: not if the network had lost it."""
    return not talk.leg.lost.is_set() and "agent" not in talk.sound.lost


async def talks_on(talk: Conversation) -> bool:
    """Whether an agent whose telephone is registered no more is heard all the same."""
    if talk.dismissed:
        return False
    await talk.first({"gone": talk.leg.gone.wait(), "a moment": asyncio.sleep(ON_ITS_WAY)})
    if talk.leg.gone.is_set() or not await talk.sound.comes(talk.leg, within=1.0):
        return False
    talk.leg.lost.clear()
    talk.leg.unregistered = True
    return True
