"""Two who talk, and what is known of it: whatever is done in a conversation (transfer, hold, reconnection) acts upon this."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from ..agents import states
from ..asterisk.legs import HungUp, Leg
from ..board.board import AtWork, Caller
from ..board.connection import Connection
from ..models import Agent, Order, Step
from ..records import call_records
from .recording_parts import RecordedParts
from .sound import Sound

RENEWED_EVERY = 3.0  # seconds
HELD_FOR = (
    45  # seconds of the dead man's switch of who hears music while an agent has her: one that hung is replaced by then
)


class Over(Exception):
    """The talk is over; she goes `onward`, or the call is done."""

    def __init__(self, onward: Step | None = None) -> None:
        self.onward = onward


@dataclass(eq=False)
class ThirdRings:
    """The third's telephone rings. `order`: by which it was asked for, and to which is written what came of it."""

    order: int
    task: asyncio.Task[Leg]
    hands_over: bool  # when it is answered: the agent doesn't speak with them first

    async def wait(self) -> None:
        """Until it is answered, or it is known that it won't be."""
        await asyncio.wait({self.task})

    async def stop(self) -> None:
        self.task.cancel()
        await self.wait()
        if not self.task.cancelled() and self.task.exception() is None:
            await self.task.result().hang_up()


class Conversation:
    """A citizen and an agent in one bridge. `agent` is None once she talks with somebody outside."""

    def __init__(self, connection: Connection, caller: Caller, agent: AtWork | None, leg: Leg, bridge: str) -> None:
        self.connection = connection
        self.caller = caller
        self.agent = agent
        self.leg = leg
        self.bridge = bridge
        self.orders: asyncio.Queue[Order] = asyncio.Queue()
        self.ringing: ThirdRings | None = None  # whom the agent asks, or hands her to, until they answer
        self.other: Leg | None = None  # the same, since they have answered
        self.asked: AtWork | None = None  # who that is, when it is a colleague
        self.aside = ""  # the bridge of the agent and the other, while she hears music
        self.left: AtWork | None = None  # the agent who has handed her on, and may take her back
        self.unattended = False  # that one has gone while the other's telephone rings
        self.held = False
        self.recording = RecordedParts(connection, caller)
        self.sound = Sound(connection.pbx)
        self.dismissed = False  # the agent is out: nobody waits for that line to come back
        self._last = 0

    def dismiss(self) -> None:
        """The agent works here no more: their leg ends now, and the caller is served by another."""
        self.dismissed = True
        self.leg.lost.set()

    def take(self, order: Order) -> None:
        """Do this next; the same order is done once, however often it is read."""
        if order.pk > self._last:
            self._last = order.pk
            self.orders.put_nowait(order)

    async def first(self, waiting: dict[str, Awaitable[Any]]) -> tuple[str, Any]:
        """Which of these comes first, and what it came to; none where her dead man's switch is to be renewed. Raises HungUp."""
        tasks = {name: asyncio.ensure_future(each) for name, each in waiting.items()}
        gone = asyncio.ensure_future(self.caller.leg.gone.wait())
        try:
            await asyncio.wait(
                {*tasks.values(), gone},
                return_when=asyncio.FIRST_COMPLETED,
                timeout=RENEWED_EVERY if self.held else None,
            )
            if gone.done():
                raise HungUp
            for name, task in tasks.items():
                if task.done():
                    return name, task.result()
            return "", None
        finally:
            for task in (*tasks.values(), gone):
                task.cancel()

    async def hold(self) -> None:
        """She hears music, and nobody hears her."""
        if not self.held:
            self.held = True
            await self.connection.pbx.post(f"bridges/{self.bridge}/removeChannel", channel=self.caller.leg.id)
            await self.caller.leg.hold_out(HELD_FOR)
            await self.caller.leg.music()
            await self.note(held=True)

    async def resume(self) -> None:
        """She is spoken with again."""
        if self.held:
            self.held = False
            await self.caller.leg.hush()
            await self.caller.leg.hold_out(0)
            await self.caller.leg.music(False)
            await self.connection.pbx.post(f"bridges/{self.bridge}/addChannel", channel=self.caller.leg.id)
            await self.note(held=False)

    async def to_anybody(self) -> Over:
        """She goes back to the head of the queue."""
        await self.resume()
        self.caller.leg.forget_keys()
        self.caller.rank = 0
        queue = self.caller.queue and self.caller.queue.pk
        return Over(await self.connection.db(call_records.waiting_step, queue=queue))

    async def free(self, agent: AtWork | None, *, ready: bool = False) -> None:
        """The agent's hands are free again: with a moment to write, unless nothing was said (`ready`)."""
        if agent is None:
            return
        try:
            if ready:
                await self.connection.db(states.free, agent.user)
            else:
                agent.idle_since = await self.connection.db(states.hung_up, agent.user)
        finally:
            agent.let_go(Agent.State.READY if ready else Agent.State.AFTER_CALL)
            self.connection.changed.set()

    async def note(self, **changed: object) -> None:
        """Something about the call that the desk shows."""
        await self.connection.db(call_records.note, self.caller.call, **changed)

    async def record_anew(self, *, left: Leg | None = None) -> None:
        """As of `RecordedParts.anew`."""
        await self.recording.anew(left=left)
