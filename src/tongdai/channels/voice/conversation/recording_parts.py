"""A recording goes on in a new part: after a pause, and where three have been in the bridge and two are left.

Asterisk (22.10) leaves the other side of a recording silent from then on in two of five such calls, though both hear each
other: its bridge changes from mixing to passing on, and the recording's own ear to that side stays shut. A new part
hears both.
"""

from __future__ import annotations

import asyncio
import contextlib
from subprocess import SubprocessError

import structlog

from ..asterisk.legs import Leg
from ..asterisk.raw_recordings import next_part
from ..board.board import Caller
from ..board.connection import Connection
from ..models import Call

log = structlog.get_logger(__name__)
LEAVES_WITHIN = 1.0  # seconds


class RecordedParts:
    """Of one caller's recording, which goes on wherever she goes on."""

    def __init__(self, connection: Connection, caller: Caller) -> None:
        self._connection, self._caller = connection, caller

    async def begin(self) -> None:
        """The next part, from now on."""
        connection, leg = self._connection, self._caller.leg
        part = await connection.db(next_part, connection.it, leg.id)
        base = connection.it.recordings / f"{leg.id}_{part}"
        await connection.ask(f"mixmonitor start {leg.name} {base}.wav,r({base}-in.wav)t({base}-out.wav)")

    async def end(self) -> None:
        """The part that is being written."""
        await self._connection.ask(f"mixmonitor stop {self._caller.leg.name}")

    async def anew(self, *, left: Leg | None = None) -> None:
        """Two are in the bridge again: another part, unless recording is paused. `left`: whose telephone hangs up just now."""
        if left:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LEAVES_WITHIN):
                    await left.gone.wait()
        call = self._caller.call
        if self._caller.leg.gone.is_set() or not await self._connection.db(_is_on, call):
            return
        try:
            await self.end()
            await self.begin()
        except (OSError, SubprocessError) as trouble:  # the talk goes on all the same
            log.warning("voice.recorded_in_one_part", call=call, why=str(trouble)[:160])


def _is_on(call: int) -> bool:
    return Call.objects.filter(pk=call, recorded=True).exists()
