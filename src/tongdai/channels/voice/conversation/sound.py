"""Whose voice comes in a talk, counted in packets: a quiet line is not a dead one. What comes of it: `lost_voice`."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass

from ..asterisk.client import Pbx, PbxGone, Refused
from ..asterisk.legs import Leg


@dataclass
class Packets:
    """What came on one leg: so many packets, and none `since` then, by the clock that never goes back."""

    count: int
    since: float

    def take(self, count: int, at: float) -> None:
        if count != self.count:
            self.count, self.since = count, at

    def silent_for(self, at: float) -> float:
        return at - self.since


class Sound:
    """Of one talk, as long as it goes on."""

    def __init__(self, pbx: Pbx) -> None:
        self._pbx = pbx
        self.changed = asyncio.Event()
        self.lost: frozenset[str] = frozenset()  # of caller, agent: had been heard, and is not
        self.given_up = ""  # which of them
        self.shown = ""  # who is on record as silent
        self.music_for = ""  # whom it is played to because the other is lost
        self._packets: dict[str, Packets] = {}

    async def listen(self, leg: Leg, at: float) -> Packets | None:
        """What came on this leg until now; None: the exchange doesn't say."""
        with contextlib.suppress(Refused, PbxGone, KeyError, TypeError):
            count = int((await self._pbx.get(f"channels/{leg.id}/rtp_statistics"))["rxcount"])
            packets = self._packets.setdefault(leg.id, Packets(count, at))
            packets.take(count, at)
            return packets
        return None

    async def comes(self, leg: Leg, *, within: float) -> bool:
        """Whether another packet comes on this leg in so many seconds."""
        end = time.monotonic() + within
        first = await self.listen(leg, time.monotonic())
        count = first.count if first else 0
        while first and not leg.gone.is_set():
            if first.count != count:
                return True
            if time.monotonic() > end:
                return False
            await asyncio.sleep(0.25)
            first = await self.listen(leg, time.monotonic())
        return False

    def came(self, leg: Leg) -> bool:
        """Whether anything ever came on this leg."""
        packets = self._packets.get(leg.id)
        return packets is not None and packets.count > 0

    def waits_for_agent(self) -> None:
        """She hears music because the agent isn't with her, and not on hold: she is spoken with as soon as the agent is."""
        self.music_for = "caller"
