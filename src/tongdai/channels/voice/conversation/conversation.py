"""Two who talk, and what the agent may do meanwhile: hold, stop the recording, bring in a third (third_party.py)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

import structlog

from ..asterisk.client import PbxGone, Refused
from ..asterisk.legs import HungUp, Leg, Over
from ..board.board import AtWork, Caller
from ..models import Agent, Order, Step
from ..records import call_records, orders
from ..speech import phrases
from ..supervision import supervisor_orders
from . import recording_parts, third_party
from .sound import HELD_FOR, Sound

if TYPE_CHECKING:
    from ..switchboard import Switchboard

log = structlog.get_logger(__name__)
RENEWED_EVERY = 3.0  # seconds


class Talk:
    """A citizen and an agent in one bridge. `agent` is None once she talks with somebody outside."""

    def __init__(self, board: Switchboard, caller: Caller, agent: AtWork | None, leg: Leg, bridge: str) -> None:
        self.board, self.caller, self.agent, self.leg, self.bridge = board, caller, agent, leg, bridge
        self.orders: asyncio.Queue[Order] = asyncio.Queue()
        self.ringing: third_party.Ringing | None = None  # whom the agent asks, or hands her to, until they answer
        self.other: Leg | None = None  # the same, since they have answered
        self.asked: AtWork | None = None  # who that is, when it is a colleague
        self.aside = ""  # the bridge of the agent and the other, while she hears music
        self.left: AtWork | None = None  # the agent who has handed her on, and may take her back
        self.unattended = False  # that one has gone while the other's telephone rings
        self.held = False
        self.parts = 0  # of the recording
        self._last = 0
        self.sound = Sound(self)
        self.dismissed = False  # the agent is out: nobody waits for that line to come back

    def dismiss(self) -> None:
        """The agent works here no more: their leg ends now, and the caller is served by another."""
        self.dismissed = True
        self.leg.lost.set()

    def take(self, order: Order) -> None:
        """Do this next; the same order is done once, however often it is read."""
        if order.pk > self._last:
            self._last = order.pk
            self.orders.put_nowait(order)

    async def run(self) -> None:
        """Until one of them hangs up, or she is handed on. Whatever comes, the agents' lines are free afterwards.

        What breaks here breaks for whoever serves her, too. When we are told to stop, the two are left to talk on.
        """
        self.board.talks[self.caller.call] = self
        watch = asyncio.create_task(self.sound.watch())
        try:
            while True:
                await self._next()
        except Over as over:
            await self._part(over.onward)
        except HungUp:
            await self._part(None)
        except Exception as broken:
            await self._part(broken)
            raise
        finally:
            watch.cancel()
            self.board.talks.pop(self.caller.call, None)

    async def _part(self, onward: Step | Exception | None) -> None:
        """Everybody's hands are free, and whoever serves the caller hears where she goes."""
        self.caller.cut_off = onward is None and "caller" in self.sound.lost
        self.board.talks.pop(self.caller.call, None)
        try:
            for bridge in filter(None, (self.bridge, self.aside)):
                with contextlib.suppress(Refused, PbxGone):
                    await self.board.pbx.delete(f"bridges/{bridge}")
            await self.leg.hang_up()
            try:
                await self.free(self.agent)
            finally:
                await third_party.let_go(self)
        finally:
            if (told := self.caller.onward) and not told.done():
                if isinstance(onward, Exception):
                    told.set_exception(onward)
                else:
                    told.set_result(onward)

    async def _next(self) -> None:
        """One thing that happens. Raises Over, HungUp."""
        waiting: dict[str, Awaitable[Any]] = {"order": self.orders.get()}
        if not self.unattended:
            waiting["leg"] = self.leg.gone.wait()
        if self.agent:
            waiting["lost"] = self.leg.lost.wait()
            waiting["sound"] = self.sound.changed.wait()
        if self.ringing:
            waiting["rung"] = self.ringing.wait()
        if self.other:
            waiting["other"] = self.other.gone.wait()
        if self.held:
            await self.caller.leg.hold_out(HELD_FOR)
        what, came = await self.first(waiting)
        if what == "order":
            await self._obey(came)
        elif what == "rung":
            await third_party.rung(self)
        elif what == "other":
            await third_party.come_back(self)
        elif what == "sound":
            await self.sound.act()
        elif what in ("leg", "lost"):
            if self.agent is None:
                raise Over
            if what == "lost" and await self.sound.talks_on():
                return
            if not self.sound.hangs_up():
                await third_party.lost(self)
                if self.agent:
                    await self.bring_back(self.agent)
            elif not await third_party.put_down(self):
                raise Over

    async def first(self, waiting: dict[str, Awaitable[Any]]) -> tuple[str, Any]:
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

    # ── what the agent asks for ──────────────────────────────────────────────────────────────────────────────────────

    async def _obey(self, order: Order) -> None:
        why = ""
        try:
            why = await self._do(order)
        except (Over, HungUp):
            await self.board.db(orders.done, order.pk)
            raise
        except (Refused, PbxGone) as refused:
            why = orders.FAILED
            if not (self.other or self.ringing):
                await third_party.let_go(self)
            log.warning("voice.order_failed", order=order.kind, why=str(refused)[:160])
        await self.board.db(orders.done, order.pk, refused=why)

    async def _do(self, order: Order) -> str:
        """Why it could not be done, or an empty string. Raises Over: it ends the talk."""
        kind = Order.Kind(order.kind)
        if self.asked and order.by_id == self.asked.user:  # a colleague who is asked can only leave
            return await third_party.come_back(self) if kind == Order.Kind.HANG_UP else orders.NOT_NOW
        if self.left and order.by_id == self.left.user:  # and who has left, only come back
            return await third_party.take_back(self) if kind == Order.Kind.COME_BACK else orders.NOT_NOW
        with_third = {
            Order.Kind.CONSULT: third_party.consult,
            Order.Kind.CONFERENCE: third_party.join,
            Order.Kind.HAND_OVER: third_party.hand_over,
            Order.Kind.TAKE_OVER: supervisor_orders.take_over,
            Order.Kind.MOVE: supervisor_orders.move,
        }
        if kind in with_third:
            return await with_third[kind](self, order)
        does = {
            Order.Kind.HANG_UP: self._hang_up,
            Order.Kind.HOLD: self._hold,
            Order.Kind.RESUME: self._resume,
            Order.Kind.PAUSE: self._stop_recording,
            Order.Kind.RECORD: self._record_on,
            Order.Kind.TRANSFER: self._transfer,
            Order.Kind.COME_BACK: self._come_back,
            Order.Kind.READ_CODE: self._read_code,
        }.get(kind)
        return orders.NOT_NOW if does is None else await does(order)

    async def _hang_up(self, _order: Order) -> str:
        """The key that hangs up ends a call with the third first: pressed a moment too late, it doesn't cut the citizen."""
        if self.ringing or self.other:
            return await third_party.leave(self)
        raise Over

    async def _hold(self, _order: Order) -> str:
        if self.ringing or self.other:
            return orders.NOT_NOW
        await self.hold()
        return ""

    async def _resume(self, _order: Order) -> str:
        if self.ringing or self.other:
            return orders.NOT_NOW
        await self.resume()
        return ""

    async def _come_back(self, _order: Order) -> str:
        return await third_party.come_back(self)

    async def hold(self) -> None:
        """She hears music, and nobody hears her."""
        if not self.held:
            self.held = True
            await self.board.pbx.post(f"bridges/{self.bridge}/removeChannel", channel=self.caller.leg.id)
            await self.caller.leg.hold_out(HELD_FOR)
            await self.caller.leg.music()
            await self.note(held=True)

    async def resume(self) -> None:
        if self.held:
            self.held = False
            await self.caller.leg.hush()
            await self.caller.leg.hold_out(0)
            await self.caller.leg.music(False)
            await self.board.pbx.post(f"bridges/{self.bridge}/addChannel", channel=self.caller.leg.id)
            await self.note(held=False)

    async def _stop_recording(self, _order: Order) -> str:
        await recording_parts.end(self)
        await self.note(recorded=False)
        return ""

    async def _record_on(self, _order: Order) -> str:
        await recording_parts.begin(self)
        await self.note(recorded=True)
        return ""

    async def _read_code(self, order: Order) -> str:
        sounds = await self.board.db(phrases.code, order.target, language=self.caller.language, it=self.board.it)
        media = ",".join(f"sound:{sound.with_suffix('')}" for sound in sounds)
        await self.board.pbx.post(f"bridges/{self.bridge}/play", media=media)
        return ""

    async def _transfer(self, order: Order) -> str:
        """To a colleague or a number, who is rung while the agent listens; or to a queue, and the agent is free at once."""
        kind, _colon, which = order.target.partition(":")
        if kind != "queue":
            return await third_party.transfer(self, order)
        if self.ringing or self.other or not self.agent:
            return orders.NOT_NOW
        onward = await self.board.db(call_records.waiting_step, queue=int(which))
        if onward is None:
            return orders.NO_SUCH
        await self.resume()
        self.caller.leg.forget_keys()
        self.caller.handed_by = self.agent.user
        raise Over(onward)

    # ── what just happens ────────────────────────────────────────────────────────────────────────────────────────────

    async def to_anybody(self) -> Over:
        """She goes back to the head of the queue."""
        await self.resume()
        self.caller.leg.forget_keys()
        self.caller.rank = 0
        return Over(await self.board.db(call_records.waiting_step, queue=self.caller.queue and self.caller.queue.pk))

    def over(self) -> Over:
        """Her voice doesn't come any more: the call is over, and she is rung back."""
        return Over()

    async def bring_back(self, agent: AtWork) -> None:
        """Her telephone is gone, or rung anew. Raises Over: she doesn't come back in time."""
        await self.sound.bring_back(agent)

    async def free(self, agent: AtWork | None, *, ready: bool = False) -> None:
        """The agent's hands are free again: with a moment to write, unless nothing was said (`ready`)."""
        if agent is None:
            return
        try:
            if ready:
                await self.board.db(call_records.free, agent.user)
            else:
                agent.idle_since = await self.board.db(call_records.hung_up, agent.user)
        finally:
            agent.let_go(Agent.State.READY if ready else Agent.State.AFTER_CALL)
            self.board.changed.set()

    async def note(self, **changed: object) -> None:
        await self.board.db(call_records.note, self.caller.call, **changed)
