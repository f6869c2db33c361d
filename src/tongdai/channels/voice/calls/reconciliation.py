"""The rows, and what we have in hand, against the exchange: looked at every few seconds; what differs twice is put right.

A caller whose channel is no more has hung up, whatever we missed; a telephone that rings or is joined for nobody of ours is
let go. Whoever is in Asterisk's own net is left there.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Set
from typing import Any

import structlog
from django.db import Error

from tongdai.platform.clock import now

from ..asterisk.client import PbxGone, Refused
from ..asterisk.exchange import Exchange
from ..asterisk.legs import Leg
from ..board.connection import Connection
from ..models import Agent, Call, Repair
from ..records import queue_log, repairs
from . import recovery

log = structlog.get_logger(__name__)
EVERY = 3.0  # seconds
OURS = ("ours-", "out-", "spy-", "duty-")  # channels that we made
BUSY = (Agent.State.RINGING, Agent.State.TALKING)


async def run(connection: Connection, *, reserved_agents: Set[int]) -> None:
    """For ever. `reserved_agents`: agents who have no call yet, and are not to be let go."""
    reconciliation = Reconciliation(connection, reserved_agents=reserved_agents)
    while True:
        await asyncio.sleep(EVERY)
        with contextlib.suppress(Refused, PbxGone, Error):
            await reconciliation.look()


class Reconciliation:
    """What differed at the last look: what is only on its way doesn't the next time."""

    def __init__(self, connection: Connection, *, reserved_agents: Set[int]) -> None:
        self.connection = connection
        self._reserved_agents = reserved_agents
        self._odd: set[tuple[str, object]] = set()

    async def look(self) -> None:
        """Once. Raises Refused, PbxGone, Error."""
        connection = self.connection
        going = await connection.db(going_on, connection.it)
        bridges = await connection.pbx.get("bridges")
        channels: dict[str, dict[str, Any]] = {each["id"]: each for each in await connection.pbx.get("channels")}
        odd: set[tuple[str, object]] = {("leg", name) for name in connection.legs if name not in channels}
        odd |= {
            ("call", call)
            for call, channel in going.items()
            if channel not in channels and call not in connection.calling
        }
        odd |= {("channel", name) for name, channel in channels.items() if self._is_nobodys(name, channel)}
        odd |= {("bridge", each["id"]) for each in bridges if self._is_left(each)}
        names = [str(channel["name"]) for channel in channels.values()]
        # of one call: who is being let go at one look and offered the next call at the other has nothing to be put right
        agents = self.connection.board.agents
        odd |= {("agent", (user, agents[user].calls_done)) for user in self._busy_without_a_leg(names)}
        twice, self._odd = odd & self._odd, odd
        for what, which in sorted(twice, key=str):
            await self._put_right(what, which, channels)

    def _is_nobodys(self, name: str, channel: dict[str, Any]) -> bool:
        """Of ours, and in nobody's hand; a channel that Asterisk's net has is not ours."""
        if name in self.connection.legs or self.connection.rings.knows(name):
            return False
        return name.startswith(OURS) or _is_in_our_hands(channel)

    def _is_left(self, bridge: dict[str, Any]) -> bool:
        """A bridge of ours in which nobody is whom we know."""
        talks = self.connection.talks.values()
        mine = {name for talk in talks for name in (talk.bridge, talk.aside)}
        known = set(bridge["channels"]) & set(self.connection.legs)
        return recovery.is_ours(bridge["name"]) and bridge["id"] not in mine and not known

    def _busy_without_a_leg(self, channels: list[str]) -> set[int]:
        """Agents who are taken to have a call in hand, and have none: nobody offers them one, and no leg is there."""
        talks = self.connection.talks.values()
        in_talks = {each.user for talk in talks for each in (talk.agent, talk.asked) if each}
        return {
            agent.user
            for agent in self.connection.board.agents.values()
            if (agent.in_hand or agent.on_record in BUSY)
            and agent.user not in in_talks
            and agent.user not in self._reserved_agents
            and not any(name.startswith(f"PJSIP/{agent.endpoint}-") for name in channels)
        }

    async def _put_right(self, what: str, which: Any, channels: dict[str, dict[str, Any]]) -> None:
        connection = self.connection
        log.warning("voice.put_right", what=what, which=str(which))
        if what == "leg":
            connection.gone(which)  # whoever serves it goes on from there
        elif what == "call":
            await connection.db(recovery.went, which, it=connection.it)
            await connection.db(repairs.note, Repair.Kind.GHOST, at=now(), call=which)
        elif what == "agent":
            user, _call = which
            agent = connection.board.agents[user]
            agent.let_go(Agent.State.READY if agent.on_record == Agent.State.RINGING else Agent.State.AFTER_CALL)
            await connection.db(recovery.free, user)
            await connection.db(repairs.note, Repair.Kind.AGENT, at=now())
            connection.changed.set()
        else:
            await self._let_go(what, which, channels)
            await connection.db(repairs.note, Repair.Kind.ZOMBIE, at=now())

    async def _let_go(self, what: str, which: str, channels: dict[str, dict[str, Any]]) -> None:
        with contextlib.suppress(Refused):
            if what == "bridge":
                await self.connection.pbx.delete(f"bridges/{which}")
            elif which.startswith(OURS):
                await self.connection.pbx.delete(f"channels/{which}")
            else:  # a caller whom nobody serves
                await Leg(self.connection.pbx, which, channels[which]["name"]).fall_into_the_net()


def _is_in_our_hands(channel: dict[str, Any]) -> bool:
    return channel["dialplan"].get("app_name") == "Stasis" and str(channel["name"]).startswith("PJSIP/")


def going_on(it: Exchange) -> dict[int, str]:
    """Call → channel of those that have not ended, with what Asterisk's net has noted of them."""
    queue_log.take_in(it)
    return dict(Call.objects.exclude(state=Call.State.ENDED).values_list("pk", "channel"))
