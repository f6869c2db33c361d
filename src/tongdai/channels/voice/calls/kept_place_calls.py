"""Ring those whose place is kept, when it is their turn: an agent is kept free, the citizen is rung and says by a key that she

is there, and the agent's telephone rings while she hears that it does. Why in this order: docs/adr/0038-kept-places.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import uuid

import structlog
from django.db import Error

from tongdai.people.purposes import Purpose
from tongdai.platform.clock import now

from ..agents import states
from ..asterisk.legs import HungUp, Leg
from ..board.board import AtWork, Caller, KeptCaller
from ..board.connection import Connection
from ..board.ringing import NotReached
from ..conversation import outgoing
from ..menu.ivr import Walk
from ..models import Agent, Call
from ..queues import kept_places
from ..records import call_records
from ..speech.synthesis import seconds_of
from ..trunks import permission
from . import session

log = structlog.get_logger(__name__)
RINGS_FOR = 25  # seconds
LOOKS_EVERY = 1.0
TIMES = 2  # that she hears who rings, until a key is pressed: an answering machine presses none
SILENCE = 5.0  # seconds after the words
NOT_NEEDED = "2"


class NotMet(Exception):
    """The citizen is not there. `counts`: as a try; `hopeless`: the city doesn't ring this number (now)."""

    def __init__(self, *, counts: bool = True, hopeless: bool = False) -> None:
        self.counts, self.hopeless = counts, hopeless


class KeptPlaceCalls:
    """All kept places, as one connection to the exchange knows them. `reserved_agents`: agents who have no call yet."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.reserved_agents: set[int] = set()
        self._in_hand: set[int] = set()  # places
        self._ringing: dict[
            int, asyncio.Event
        ] = {}  # of those, which ring by the record too → set when none is needed any more

    async def look(self) -> None:
        """Once a second: who may be rung now, who need not be any more, whom a process before this one left."""
        connection = self._connection
        turns = await connection.db(kept_places.due, at=now())
        known = {each.place: each for each in connection.board.kept_callers}
        connection.board.kept_callers = [
            known.get(turn.place)
            or KeptCaller(turn.place, turn.number, turn.rank, turn.since, in_queue=turn.queue, language=turn.language)
            for turn in turns
            if turn.place not in self._in_hand
        ]
        for place, stop in list(self._ringing.items()):
            if not await connection.db(kept_places.goes_on, place):
                stop.set()
        for place in await connection.db(kept_places.left_behind, set(self._in_hand)):
            await connection.db(kept_places.not_met, place)

    def ring(self, kept_caller: KeptCaller, agent: AtWork) -> None:
        """It is her turn, and this agent is free: both are in hand from now on."""
        connection = self._connection
        kept_caller.offered = agent.in_hand = True
        self.reserved_agents.add(agent.user)
        connection.board.kept_callers = [each for each in connection.board.kept_callers if each is not kept_caller]
        self._in_hand.add(kept_caller.place)
        connection.start(self._ring(kept_caller, agent))

    async def _ring(self, kept_caller: KeptCaller, agent: AtWork) -> None:
        connection = self._connection
        caller: Caller | None = None
        try:
            step = await connection.db(call_records.waiting_step, queue=kept_caller.in_queue)
            channel, path = f"out-{uuid.uuid4().hex}", [kept_places.PATH, step.code if step else ""]
            call = await connection.db(
                kept_places.rings, kept_caller.place, agent=agent.user, channel=channel, path=path
            )
            if call is None:
                return
            self._ringing[kept_caller.place] = asyncio.Event()
            try:
                leg = await self._dialled(kept_caller, agent, call=call, channel=channel)
                caller = Caller(
                    leg,
                    call,
                    kept_caller.number,
                    been=Walk(kept_caller.language, recording_announced=True, path=path),
                    reserved=agent,
                )
                await self._is_there(caller, kept_caller)
            except NotMet as why:
                await connection.db(call_records.ended, call, path=path, outcome=Call.Outcome.NO_ANSWER)
                await connection.db(kept_places.not_met, kept_caller.place, counts=why.counts, hopeless=why.hopeless)
                return
            self.reserved_agents.discard(agent.user)
            with connection.caught(caller):
                outcome = Call.Outcome.ABANDONED
                with contextlib.suppress(HungUp):
                    outcome = await session.go_on(connection, caller, step)
                await session.finish(connection, caller, outcome)
                await connection.db(kept_places.over, kept_caller.place, outcome=outcome)
        finally:
            self._in_hand.discard(kept_caller.place)
            self._ringing.pop(kept_caller.place, None)
            self.reserved_agents.discard(agent.user)
            if caller is None or caller.reserved:
                with contextlib.suppress(Error):
                    await connection.db(states.free, agent.user)
                agent.let_go(Agent.State.READY)
            connection.changed.set()

    async def _dialled(self, kept_caller: KeptCaller, agent: AtWork, *, call: int, channel: str) -> Leg:
        """Her leg, once she answers. Raises NotMet; it doesn't count where the agent is needed for somebody more urgent."""
        connection, stop, counts = self._connection, self._ringing[kept_caller.place], True
        connection.calling[call] = stop
        ring = asyncio.ensure_future(
            outgoing.dial(
                connection,
                kept_caller.number,
                within=RINGS_FOR,
                or_until=stop,
                channel=channel,
                purpose=Purpose.ANSWER,
                prompt="calling",
            )
        )
        try:
            while not ring.done():
                await asyncio.wait({ring}, timeout=LOOKS_EVERY)
                if connection.board.must_give_way(kept_caller, agent):
                    counts = False
                    stop.set()
            return ring.result()
        except permission.NotLetOut as stopped:
            log.warning("voice.not_let_out", place=kept_caller.place, why=stopped.why)
            raise NotMet(hopeless=True) from stopped
        except NotReached as nobody:
            raise NotMet(counts=counts) from nobody
        finally:
            ring.cancel()
            connection.calling.pop(call, None)

    async def _is_there(self, caller: Caller, kept_caller: KeptCaller) -> None:
        """Say who rings, until a key says that somebody is there. Raises NotMet."""
        leg, menu = caller.leg, self._connection.menu
        words = menu.sound("kept-rings", caller.language)
        try:
            for _ in range(TIMES):
                await leg.hold_out(30 + math.ceil(seconds_of(words)))
                key = await leg.listen_to(words) or await leg.key(within=SILENCE)
                if key == NOT_NEEDED:
                    await self._connection.db(kept_places.cancel, kept_caller.place)
                    await leg.listen_to(menu.sound("goodbye", caller.language), keys=False)
                    break
                if key:
                    return
            await leg.hang_up()
        except HungUp as gone:
            raise NotMet from gone
        raise NotMet
