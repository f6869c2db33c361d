"""A supervisor at a talk that goes on: listens (nghe cùng), speaks to the agent alone (nhắc riêng) or with both (cùng nói).

One telephone of the supervisor's for all three, so that a key changes between them. Listening and whispering follow the agent's
leg (ARI's snoop; `whisper=out`: only that telephone hears it, and no recording), to speak with both the supervisor is in
their bridge: the citizen's leg is touched by nothing.
"""

from __future__ import annotations

import asyncio
import contextlib

from ..asterisk.client import PbxGone, Refused
from ..asterisk.legs import Leg
from ..board.board import AtWork
from ..board.connection import Connection
from ..board.participants import Talk
from ..conversation.supervisor_line import NotThere, ring_supervisor
from ..models import Agent, Order, Supervision
from ..records import orders, supervision

LOOKS_EVERY = 1.0  # seconds: whether the talk goes on, and may be heard still
Mode = Supervision.Mode


class Session:
    """One supervisor at one talk, from the answering of the supervisor's telephone to its end."""

    def __init__(self, connection: Connection, supervisor: AtWork, talk: Talk, leg: Leg) -> None:
        self.connection, self.supervisor, self.talk, self.leg = connection, supervisor, talk, leg
        self.mode: Mode | None = None
        self._spy: Leg | None = None
        self._followed = talk.leg
        self._bridge = ""
        self._changing = asyncio.Lock()
        self._stopped = asyncio.Event()
        self._over = asyncio.Event()
        self._leg_is_ours = True

    async def change(self, mode: Mode) -> None:
        """Be at the talk in this way from now on. Raises Refused, PbxGone: then at none."""
        async with self._changing:
            if mode == self.mode or self._stopped.is_set():  # stopped before it had begun
                return
            await self._step_out()
            agent = self.talk.agent.user if self.talk.agent else None
            await self.connection.db(
                supervision.began, self.talk.caller.call, by=self.supervisor.user, agent=agent, mode=mode
            )
            try:
                await self._step_in(mode)
            except (Refused, PbxGone):
                self._stopped.set()
                raise

    async def run(self) -> None:
        """Until the supervisor stops or hangs up, the talk is over, or it turns out to be for other ears."""
        try:
            while await self._goes_on():
                await self._something()
                if self._hears_nobody():
                    await self._follow()
        finally:
            await self._end()

    async def stop(self) -> None:
        """End it, and wait until it has ended."""
        self._stopped.set()
        await self._over.wait()

    async def give_up_leg(self) -> Leg:
        """The supervisor takes the call over by this telephone, which is in the bridge now; the session ends without it.

        Raises Refused, PbxGone: it ends with it.
        """
        async with self._changing:
            self._stopped.set()
            if self.mode != Mode.BARGE:
                await self._step_out()
                await self._step_in(Mode.BARGE)
            self.mode, self._leg_is_ours = None, False
            return self.leg

    async def _goes_on(self) -> bool:
        call = self.talk.caller.call
        if self._stopped.is_set() or self.leg.gone.is_set() or self.connection.talks.get(call) is not self.talk:
            return False
        return await self.connection.db(supervision.may_attend, self.supervisor.user, call)

    def _hears_nobody(self) -> bool:
        if self.mode in (None, Mode.BARGE):
            return False
        return self._spy is None or self._spy.gone.is_set() or self._followed is not self.talk.leg

    async def _something(self) -> None:
        """Wait for what may end it, a second at most."""
        what = [self._stopped, self.leg.gone, self.talk.caller.leg.gone, *([self._spy.gone] if self._spy else [])]
        waiting = [asyncio.ensure_future(each.wait()) for each in what]
        try:
            await asyncio.wait(waiting, timeout=LOOKS_EVERY, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waiting:
                each.cancel()

    async def _follow(self) -> None:
        """The leg that was followed has gone: an agent's telephone read anew, a call handed to a colleague."""
        async with self._changing:
            if self.mode is None or self._stopped.is_set():
                return
            mode = self.mode
            await self._step_out()
            with contextlib.suppress(Refused, PbxGone, TimeoutError):
                if not self.talk.leg.gone.is_set():
                    await self._step_in(mode)
                    return
            self.mode = mode  # not there yet: looked at again in a second

    async def _step_in(self, mode: Mode) -> None:
        pbx = self.connection.pbx
        self.mode = mode
        if mode == Mode.BARGE:
            await pbx.post(f"bridges/{self.talk.bridge}/addChannel", channel=self.leg.id)
            return
        self._followed = self.talk.leg
        self._spy = await self.connection.rings.snoop(
            self.talk.leg.id, whisper="out" if mode == Mode.WHISPER else "none"
        )
        self._bridge = await pbx.bridge(f"listen-{self.talk.caller.call}", self._spy.id, self.leg.id)

    async def _step_out(self) -> None:
        """Whoever must not be heard from now on isn't, before anything else is done."""
        mode, self.mode = self.mode, None
        spy, self._spy = self._spy, None
        bridge, self._bridge = self._bridge, ""
        with contextlib.suppress(Refused, PbxGone):
            if mode == Mode.BARGE:
                with contextlib.suppress(Refused):  # hung up
                    await self.connection.pbx.post(f"bridges/{self.talk.bridge}/removeChannel", channel=self.leg.id)
                if self.connection.talks.get(self.talk.caller.call) is self.talk:
                    await self.talk.record_anew()
        with contextlib.suppress(Refused, PbxGone):
            if bridge:
                await self.connection.pbx.delete(f"bridges/{bridge}")
        if spy:
            await spy.hang_up()

    async def _end(self) -> None:
        try:
            async with self._changing:
                if self._leg_is_ours:
                    await self._step_out()
                    await self.leg.hang_up()
            await self.connection.db(supervision.ended, self.supervisor.user)
        finally:
            if self.connection.sessions.get(self.supervisor.user) is self:
                del self.connection.sessions[self.supervisor.user]
            if self._leg_is_ours:
                self.supervisor.let_go(self.supervisor.on_record or Agent.State.PAUSED)
                self.connection.changed.set()
            self._over.set()


async def attend(connection: Connection, order: Order) -> str:
    """Be at the call of this order in its way; whoever is at it already changes. Why not, in words; empty: done."""
    mode, talk, session = (
        Mode(order.kind),
        connection.talks.get(order.call_id or 0),
        connection.sessions.get(order.by_id),
    )
    if talk is None or not await connection.db(supervision.may_attend, order.by_id, talk.caller.call):
        return orders.OVER
    if mode == Mode.WHISPER and talk.agent is None:
        return orders.NOT_NOW  # somebody outside: nobody of ours to speak to
    if session and session.talk is not talk:
        await session.stop()
        session = None
    if session is None:
        try:
            supervisor, leg = await ring_supervisor(connection, order.by_id, talk)
        except NotThere as missing:
            return missing.why
        session = connection.sessions[order.by_id] = Session(connection, supervisor, talk, leg)
        connection.start(session.run())
    await session.change(mode)
    return ""


async def leave(connection: Connection, order: Order) -> str:
    """Stop, wherever this supervisor is."""
    if session := connection.sessions.get(order.by_id):
        await session.stop()
    return ""
