"""Asterisk's own net, as the voice process sees it: whom it holds and rings there, and what it is told by us.

It is told each second that we work, and who is on shift when that changes; whoever is in it is left there until Asterisk gives
them back (asterisk/conf/extensions.conf). The agents that it rings are rung by nobody else.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass
from typing import Any

from ..agents import states
from ..asterisk.client import Pbx, Refused
from ..models import Agent
from ..records import call_records, positions
from .board import AtWork, Board
from .database import Database

ON_SHIFT = frozenset({Agent.State.READY, Agent.State.RINGING, Agent.State.TALKING, Agent.State.AFTER_CALL})
KNOWN_WITHIN = 2.0  # seconds until it shows where a caller went that has left us


@dataclass
class Rung:
    """An agent whose telephone the net rings; `talks` once that is on record."""

    agent: AtWork
    talks: bool = False


def holds(channel: dict[str, Any]) -> bool:
    """Whether this channel of `GET channels` is a caller in the net."""
    where = channel["dialplan"]
    return where.get("app_name") != "Stasis" and (where.get("context"), where.get("exten")) in (
        ("from-trunk", "alone"),
        ("from-trunk", "T"),
        ("net-members", "s"),
    )


class Fallback:
    """Who is in it, and with whom, of one connection to the exchange."""

    def __init__(self, pbx: Pbx, board: Board, db: Database, changed: asyncio.Event) -> None:
        self._pbx, self._board, self._db, self._changed = pbx, board, db, changed
        self._shift_sent: str | None = None
        self.inside: set[str] = set()  # callers' channels
        self._rung: dict[str, Rung] = {}  # by the agent's leg

    async def works(self) -> None:
        """All that a call needs works at this second. Raises Refused, PbxGone."""
        agents = self._board.agents.values()
        on_shift = ",".join(sorted(a.endpoint for a in agents if a.online and a.on_record in ON_SHIFT))
        if on_shift != self._shift_sent:
            await self._pbx.post("asterisk/variable", variable="ON_SHIFT", value=on_shift)
            self._shift_sent = on_shift
        await self._pbx.post("asterisk/variable", variable="ALIVE", value=int(time.time()))
        if self.inside or self._rung:
            await self.look(await self._pbx.get("channels"))

    def busy(self) -> set[int]:
        """Whose telephones it rings, or who talks there."""
        return {rung.agent.user for rung in self._rung.values()}

    async def has(self, channel: str) -> bool:
        """Whether a caller who has left us is there, and not gone for good. Raises PbxGone."""
        end = time.monotonic() + KNOWN_WITHIN
        with contextlib.suppress(Refused):
            while time.monotonic() < end:
                found = await self._pbx.get(f"channels/{channel}")
                if not found or found["dialplan"].get("exten") == "h":
                    break
                if holds(found):
                    self.inside.add(channel)
                    return True
                await asyncio.sleep(0.1)
        return False

    async def look(self, there: list[dict[str, Any]]) -> None:
        """Which agents it rings or has joined with somebody; both are on record. Raises Refused, PbxGone."""
        channels = {channel["id"]: channel for channel in there}
        self.inside = {name for name, channel in channels.items() if holds(channel)}
        rung = {name: each for name, each in channels.items() if each["dialplan"].get("app_name") == "AppQueue"}
        for name in set(self._rung) - set(rung):
            await self._let_go(self._rung.pop(name))
        for name, channel in rung.items():
            await self._see(name, up=channel["state"] == "Up", endpoint=_endpoint(channel))

    async def _see(self, leg: str, *, up: bool, endpoint: str) -> None:
        if leg not in self._rung:
            agent = next((each for each in self._board.agents.values() if each.endpoint == endpoint), None)
            if agent is None or agent.in_hand:
                return  # one of ours rings there at this moment: the next look will tell
            agent.in_hand = True
            self._rung[leg] = Rung(agent)
        rung = self._rung[leg]
        if up and not rung.talks and (call := await self._call_with(leg)):
            await self._db(states.conclude_unreported, [rung.agent.user])  # who wrote after a call is rung, too
            await self._db(call_records.talks, call, agent=rung.agent.user)
            rung.talks = True

    async def _call_with(self, leg: str) -> int | None:
        bridges = await self._pbx.get("bridges")
        inside = next((set(each["channels"]) for each in bridges if leg in each["channels"]), set())
        other = next(iter(inside - {leg}), "")
        return await self._db(positions.call_of, other) if other else None

    async def _let_go(self, rung: Rung) -> None:
        if rung.talks:
            rung.agent.idle_since = await self._db(states.hung_up, rung.agent.user)
        rung.agent.let_go(Agent.State.AFTER_CALL if rung.talks else rung.agent.on_record)
        self._changed.set()


def _endpoint(channel: dict[str, Any]) -> str:
    return str(channel["name"]).removeprefix("PJSIP/").rpartition("-")[0]
