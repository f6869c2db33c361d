"""A recording goes on in a new part: after a pause, and where three have been in the bridge and two are left.

Asterisk (22.10) leaves the other side of a recording silent from then on in two of five such calls, though both hear each
other: its bridge changes from mixing to passing on, and the recording's own ear to that side stays shut. A new part
hears both.
"""

from __future__ import annotations

import asyncio
import contextlib
from subprocess import SubprocessError
from typing import TYPE_CHECKING

import structlog

from ..asterisk.legs import Leg
from ..asterisk.raw_recordings import next_part
from ..models import Call

if TYPE_CHECKING:
    from .conversation import Talk

log = structlog.get_logger(__name__)
LEAVES_WITHIN = 1.0  # seconds


async def begin(talk: Talk) -> None:
    """The next part, from now on."""
    leg = talk.caller.leg
    talk.parts = await talk.board.db(next_part, talk.board.it, leg.id)
    base = talk.board.it.recordings / f"{leg.id}_{talk.parts}"
    await talk.board.ask(f"mixmonitor start {leg.name} {base}.wav,r({base}-in.wav)t({base}-out.wav)")


async def end(talk: Talk) -> None:
    """The part that is being written."""
    await talk.board.ask(f"mixmonitor stop {talk.caller.leg.name}")


async def anew(talk: Talk, *, left: Leg | None = None) -> None:
    """Two are in the bridge again: another part, unless recording is paused. `left`: whose telephone hangs up just now."""
    if left:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(left.gone.wait(), LEAVES_WITHIN)
    if talk.caller.leg.gone.is_set() or not await talk.board.db(_is_on, talk.caller.call):
        return
    try:
        await end(talk)
        await begin(talk)
    except (OSError, SubprocessError) as trouble:  # the talk goes on all the same
        log.warning("voice.recorded_in_one_part", call=talk.caller.call, why=str(trouble)[:160])


def _is_on(call: int) -> bool:
    return Call.objects.filter(pk=call, recorded=True).exists()
