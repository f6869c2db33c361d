"""Two who talk, and what the agent may do meanwhile: hold, ask a colleague, hand over, stop the recording."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

import structlog

from . import orders, outgoing, records, spoken, ways
from .legs import HungUp, Leg
from .models import Agent, Order, Step
from .pbx import PbxGone, Refused
from .room import AtWork, Caller
from .speech import seconds_of

if TYPE_CHECKING:
    from .switchboard import Switchboard

log = structlog.get_logger(__name__)
HEARD_EVERY = 5.0  # seconds between two looks at whether both voices come
BACK_WITHIN = 20.0  # seconds for an agent whose page was read anew
ASKED_FOR = 25  # seconds a colleague is rung
HELD_FOR, RENEWED_EVERY = 10, 3.0


class Over(Exception):
    """The talk is over; she goes `onward`, or the call is done."""

    def __init__(self, onward: Step | None = None) -> None:
        self.onward = onward


class Talk:
    """A citizen and an agent in one bridge. `agent` is None once she talks with somebody outside."""

    def __init__(self, board: Switchboard, caller: Caller, agent: AtWork | None, leg: Leg, bridge: str) -> None:
        self.board, self.caller, self.agent, self.leg, self.bridge = board, caller, agent, leg, bridge
        self.orders: asyncio.Queue[Order] = asyncio.Queue()
        self.other: Leg | None = None  # whom the agent asks meanwhile
        self.asked: AtWork | None = None  # who that is, when it is a colleague
        self.aside = ""  # the bridge of these two
        self.held = False
        self.parts = 0  # of the recording
        self._last = 0
        self._dismissed = False  # the agent is out: nobody waits for that line to come back

    def dismiss(self) -> None:
        """The agent works here no more: their leg ends now, and the caller is served by another."""
        self._dismissed = True
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
        watch = asyncio.create_task(self._hear_both())
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
        self.board.talks.pop(self.caller.call, None)
        try:
            for bridge in filter(None, (self.bridge, self.aside)):
                with contextlib.suppress(Refused, PbxGone):
                    await self.board.pbx.delete(f"bridges/{bridge}")
            for leg in filter(None, (self.leg, self.other)):
                await leg.hang_up()
            try:
                await self._free(self.agent)
            finally:
                await self._let_go_of_asked()
        finally:
            if (told := self.caller.onward) and not told.done():
                if isinstance(onward, Exception):
                    told.set_exception(onward)
                else:
                    told.set_result(onward)

    async def _next(self) -> None:
        """One thing that happens. Raises Over, HungUp."""
        waiting: dict[str, Awaitable[Any]] = {"leg": self.leg.gone.wait(), "order": self.orders.get()}
        if self.agent:
            waiting["lost"] = self.leg.lost.wait()
        if self.other:
            waiting["other"] = self.other.gone.wait()
        if self.held:
            await self.caller.leg.hold_out(HELD_FOR)
        what, came = await self._first(waiting)
        if what == "order":
            await self._obey(came)
        elif what == "other":
            await self._come_back()
        elif what in ("leg", "lost"):
            if self.agent is None or not self.leg.lost.is_set():
                raise Over
            await self._bring_back(self.agent)

    async def _first(self, waiting: dict[str, Awaitable[Any]]) -> tuple[str, Any]:
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
        does = {
            Order.Kind.HANG_UP: self._hang_up,
            Order.Kind.HOLD: self._hold,
            Order.Kind.RESUME: self._resume,
            Order.Kind.PAUSE: self._stop_recording,
            Order.Kind.RECORD: self._record_on,
            Order.Kind.TRANSFER: self._transfer,
            Order.Kind.CONSULT: self._consult,
            Order.Kind.HAND_OVER: self._hand_over,
            Order.Kind.COME_BACK: self._come_back,
            Order.Kind.READ_CODE: self._read_code,
        }.get(Order.Kind(order.kind))
        why = ""
        try:
            why = orders.NOT_NOW if does is None else await does(order) or ""
        except (Over, HungUp):
            await self.board.db(orders.done, order.pk)
            raise
        except (Refused, PbxGone) as refused:
            why = orders.FAILED
            if self.other is None:
                await self._let_go_of_asked()
            log.warning("voice.order_failed", order=order.kind, why=str(refused)[:160])
        await self.board.db(orders.done, order.pk, refused=why)

    async def _hang_up(self, _order: Order) -> str:
        raise Over

    async def _hold(self, _order: Order | None = None) -> str:
        if not self.held:
            self.held = True
            await self.board.pbx.post(f"bridges/{self.bridge}/removeChannel", channel=self.caller.leg.id)
            await self.caller.leg.hold_out(HELD_FOR)
            await self.caller.leg.music()
            await self._note(held=True)
        return ""

    async def _resume(self, _order: Order | None = None) -> str:
        if self.held:
            self.held = False
            await self.caller.leg.hush()
            await self.caller.leg.hold_out(0)
            await self.caller.leg.music(False)
            await self.board.pbx.post(f"bridges/{self.bridge}/addChannel", channel=self.caller.leg.id)
            await self._note(held=False)
        return ""

    async def _stop_recording(self, _order: Order) -> str:
        await self.board.ask(f"mixmonitor stop {self.caller.leg.name}")
        await self._note(recorded=False)
        return ""

    async def _record_on(self, _order: Order) -> str:
        self.parts = await self.board.db(records.next_part, self.board.it, self.caller.leg.id)
        base = self.board.it.recordings / f"{self.caller.leg.id}_{self.parts}"
        await self.board.ask(f"mixmonitor start {self.caller.leg.name} {base}.wav,r({base}-in.wav)t({base}-out.wav)")
        await self._note(recorded=True)
        return ""

    async def _read_code(self, order: Order) -> str:
        sound = await self.board.db(spoken.code, order.target, language=self.caller.language, it=self.board.it)
        await self.board.pbx.post(f"bridges/{self.bridge}/play", media=f"sound:{sound.with_suffix('')}")
        return ""

    async def _transfer(self, order: Order) -> str:
        """To a queue, a colleague or a number, without asking first: the agent is free at once."""
        kind, _colon, which = order.target.partition(":")
        agent: AtWork | None = None
        if kind == "agent":
            agent = self.board.room.agents.get(int(which))
            if agent is None or not agent.may_be_rung:
                return orders.BUSY
            onward = await self.board.db(records.waiting_step, queue=self.caller.queue and self.caller.queue.pk)
        elif kind == "queue":
            onward = await self.board.db(records.waiting_step, queue=int(which))
        elif why := await self.board.db(ways.why_not, order.target):
            return why
        else:
            onward = Step(code="outside", kind=Step.Kind.OUTSIDE, number=order.target, then="message")
        if onward is None:
            return orders.NO_SUCH
        await self._resume()
        self.caller.wanted = agent.user if agent else None
        raise Over(onward)

    async def _consult(self, order: Order) -> str:
        """Ring the other; the citizen hears music meanwhile."""
        if self.other or not self.agent:
            return orders.NOT_NOW
        kind, _colon, which = order.target.partition(":")
        agent = self.board.room.agents.get(int(which)) if kind == "agent" else None
        if kind == "agent" and (agent is None or not agent.may_be_rung):
            return orders.BUSY
        self.asked = agent
        if agent:
            agent.in_hand = True
        await self._hold()
        if agent:
            await self.board.db(records.asked, agent.user, call=self.caller.call)
            ringing = self.board.ring(
                agent.endpoint, call=self.caller.call, shown="1022", within=ASKED_FOR, or_until=self.leg.gone
            )
        else:
            ringing = outgoing.dial(
                self.board, order.target, within=ASKED_FOR, or_until=self.leg.gone, caller=self.caller.number
            )
        await self._note(consulting=order.target)
        ring = asyncio.ensure_future(ringing)
        try:
            while not ring.done():
                await self.caller.leg.hold_out(HELD_FOR)
                await asyncio.wait({ring}, timeout=RENEWED_EVERY)
        finally:
            ring.cancel()
        try:
            self.other = ring.result()
        except ways.NotLetOut as stopped:
            await self._come_back()
            return stopped.why
        if self.other is None:
            await self._come_back()
            return orders.NOBODY
        if agent:
            await self.board.db(records.agent_is, agent.user, Agent.State.TALKING)
        await self.board.pbx.post(f"bridges/{self.bridge}/removeChannel", channel=self.leg.id)
        self.aside = await self.board.pbx.bridge(f"aside-{self.caller.call}", self.leg.id, self.other.id)
        return ""

    async def _hand_over(self, _order: Order) -> str:
        """The citizen and the other talk on; the agent is free."""
        if not self.other:
            return orders.NOT_NOW
        await self.board.pbx.post(f"bridges/{self.aside}/removeChannel", channel=self.other.id)
        await self._resume()
        await self.board.pbx.post(f"bridges/{self.bridge}/addChannel", channel=self.other.id)
        await self.board.pbx.delete(f"bridges/{self.aside}")
        before, self.aside = self.agent, ""
        old, self.leg, self.other = self.leg, self.other, None
        self.agent, self.asked = self.asked, None
        await self._note(consulting="")
        await self.board.db(records.handed_over, self.caller.call, to=self.agent.user if self.agent else None)
        await old.hang_up()
        await self._free(before)
        return ""

    async def _come_back(self, _order: Order | None = None) -> str:
        """The other is let go; the agent talks with the citizen again."""
        if self.other:
            other, self.other = self.other, None
            await other.hang_up()
        await self._let_go_of_asked()
        if self.aside:
            with contextlib.suppress(Refused):
                await self.board.pbx.post(f"bridges/{self.aside}/removeChannel", channel=self.leg.id)
            await self.board.pbx.delete(f"bridges/{self.aside}")
            self.aside = ""
            await self.board.pbx.post(f"bridges/{self.bridge}/addChannel", channel=self.leg.id)
        await self._note(consulting="")
        return await self._resume()

    async def _let_go_of_asked(self) -> None:
        asked, self.asked = self.asked, None
        await self._free(asked, ready=True)

    # ── what just happens ────────────────────────────────────────────────────────────────────────────────────────────

    async def _to_anybody(self) -> Over:
        """She goes back to the head of the queue."""
        await self._resume()
        self.caller.rank = 0
        return Over(await self.board.db(records.waiting_step, queue=self.caller.queue and self.caller.queue.pk))

    async def _bring_back(self, agent: AtWork) -> None:
        """The agent's page was read anew, or her machine is gone: the caller hears a word and music until she is back.

        Raises Over: she doesn't come back in time; the caller is served next, by anybody.
        """
        log.warning("voice.line_lost", call=self.caller.call, agent=agent.user)
        await self.leg.hang_up()
        if self._dismissed:
            raise await self._to_anybody()
        await self._hold()
        music = asyncio.create_task(self._one_moment())
        leg: Leg | None = None
        end = asyncio.get_running_loop().time() + BACK_WITHIN
        while leg is None and (left := end - asyncio.get_running_loop().time()) > 0:
            back = asyncio.ensure_future(self.board.lines.there(agent.endpoint))
            while not back.done() and asyncio.get_running_loop().time() < end:
                await self.caller.leg.hold_out(HELD_FOR)
                await self._first({"back": asyncio.shield(back), "a moment": asyncio.sleep(min(left, 1.0))})
            if back.done():
                leg = await self.board.ring(
                    agent.endpoint,
                    call=self.caller.call,
                    shown=self.caller.number,
                    within=5,
                    or_until=self.caller.leg.gone,
                    auto=True,
                )
            back.cancel()
        music.cancel()
        if leg is None:
            raise await self._to_anybody()
        self.leg = leg
        with contextlib.suppress(Refused):  # gone again: that is what happens next
            await self.board.pbx.post(f"bridges/{self.bridge}/addChannel", channel=leg.id)
        await self._resume()

    async def _one_moment(self) -> None:
        with contextlib.suppress(HungUp, Refused, PbxGone):
            sound = self.board.menu.sound("one-moment", self.caller.language)
            await self.caller.leg.hold_out(HELD_FOR + math.ceil(seconds_of(sound)))
            await self.caller.leg.listen_to(sound, keys=False)
            if self.held:
                await self.caller.leg.music()

    async def _hear_both(self) -> None:
        """Tell the agent whose voice doesn't come: counted in packets, so a line that is quiet is not a line that is dead."""
        counts: dict[str, int] = {}
        told = ""
        while True:
            await asyncio.sleep(HEARD_EVERY)
            dead = ""
            for whose, leg in (("caller", self.caller.leg), ("agent", self.leg)):
                with contextlib.suppress(Refused, PbxGone, KeyError, TypeError):
                    heard = int((await self.board.pbx.get(f"channels/{leg.id}/rtp_statistics"))["rxcount"])
                    if counts.get(leg.id) == heard and not self.held:
                        dead = whose
                    counts[leg.id] = heard
            if dead != told:
                told = dead
                await self._note(no_sound=dead)

    async def _free(self, agent: AtWork | None, *, ready: bool = False) -> None:
        """The agent's hands are free again: with a moment to write, unless nothing was said (`ready`)."""
        if agent is None:
            return
        try:
            if ready:
                await self.board.db(records.free, agent.user)
            else:
                agent.idle_since = await self.board.db(records.hung_up, agent.user)
        finally:
            agent.let_go(Agent.State.READY if ready else Agent.State.AFTER_CALL)
            self.board.changed.set()

    async def _note(self, **changed: object) -> None:
        await self.board.db(records.note, self.caller.call, **changed)
