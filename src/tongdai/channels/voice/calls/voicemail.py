"""A message that a caller leaves: how long it may be is said before it ends, and what was said until she hangs up is kept."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path

from ..asterisk.exchange import LONGEST_MESSAGE, WARNED_AT, Exchange
from ..asterisk.legs import HungUp
from ..asterisk.raw_recordings import RawSound
from ..board.board import Caller
from ..board.connection import Connection
from ..menu import ivr
from ..models import Step
from ..speech.synthesis import seconds_of


async def take(connection: Connection, caller: Caller, step: Step) -> None:
    """Say what the step says, and record what she says after the tone. Raises HungUp."""
    words = [connection.menu.sound(code, caller.language) for code in step.prompt.split()]
    await caller.leg.hold_out(ivr.AWAY_FOR + math.ceil(sum(seconds_of(sound) for sound in words)))
    caller.leg.forget_keys()  # the one that led here, pressed twice: it cuts nothing
    # a key cuts it once she knows of the recording
    await caller.leg.listen_to(*words, keys=caller.been.recording_announced)
    await caller.leg.listen_to(connection.it.sounds / "beep.wav", keys=False)
    await caller.leg.hold_out(LONGEST_MESSAGE + 60)
    with contextlib.suppress(HungUp):  # as most end it: what was said until then is the message
        await caller.leg.record(_message(caller), seconds=WARNED_AT)
        await _end_message(connection, caller)


async def go_on(connection: Connection, caller: Caller) -> bool:
    """Let her end the message that she was leaving when our process went, or had left; False: there is none."""
    goes_on = True
    with contextlib.suppress(HungUp):
        if goes_on := await caller.leg.record_on(_message(caller)):
            await _end_message(connection, caller)
        elif goes_on := await caller.leg.record_on(_message(caller, 1)):
            await caller.leg.listen_to(connection.menu.sound("goodbye", caller.language), keys=False)
    return goes_on or message_of(caller.call, connection.it).exists()


def message_of(call: int, it: Exchange) -> Path:
    """Where Asterisk keeps what a caller says, until the archive has it."""
    return it.spool_recordings / f"message-{call}.wav"


async def _end_message(connection: Connection, caller: Caller) -> None:
    """Whoever has spoken until now hears a tone and how long is left, and goes on. Raises HungUp."""
    recorded = await connection.db(RawSound.read, connection.it.spool_recordings / f"{_message(caller)}.wav")
    if recorded.seconds > WARNED_AT - 1:
        await caller.leg.hold_out(LONGEST_MESSAGE)
        soon = connection.menu.sound("message-ends-soon", caller.language)
        await caller.leg.listen_to(connection.it.sounds / "beep.wav", soon, keys=False)
        await caller.leg.record(_message(caller, 1), seconds=LONGEST_MESSAGE - WARNED_AT)
    await caller.leg.listen_to(connection.menu.sound("goodbye", caller.language), keys=False)


def _message(caller: Caller, part: int = 0) -> str:
    return f"message-{caller.call}" + (f"_{part}" if part else "")
