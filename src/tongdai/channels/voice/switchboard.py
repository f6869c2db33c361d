"""The voice process: one connection to the exchange, and everybody on it. It hears what happens and starts who deals with

it: `serving` a caller, `giving` callers to agents, `talking`, `calling_out`. Asterisk keeps talking calls and the net
(asterisk/conf/extensions.conf) when we are away; see docs/adr/0015-who-distributes-calls.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from subprocess import SubprocessError
from typing import Any, TypeVar

import psycopg
import structlog
from django.db import Error, close_old_connections

from tongdai.platform import databases, heartbeat, readiness
from tongdai.platform.clock import now
from tongdai.platform.wake import heard

from .agents import after_call, presence, skills
from .agents.skills import EVERYTHING
from .asterisk import configuration
from .asterisk.client import Event, Pbx, PbxGone, Refused, closes_down
from .asterisk.exchange import Exchange, exchange
from .asterisk.legs import Leg
from .asterisk.telephones import Lines
from .board.board import AtWork, Caller, Room
from .board.fallback import Net
from .board.flood_limit import Flood
from .board.ringing import Rings
from .calls import calling_out, declining, distribution, reconciliation, recovery, session
from .calls.kept_place_calls import KeptCalls
from .calls.stranded import Watch
from .conversation.conversation import Talk
from .duty.duty_calls import DutyCalls
from .menu import menu
from .models import Order
from .records import call_records, orders
from .speech import phrases
from .speech.engines import Mute
from .supervision import supervisor_orders
from .supervision.attending import Session

log = structlog.get_logger(__name__)
Result = TypeVar("Result")
FORGOTTEN = timedelta(seconds=5)  # on record as ringing or talking, and in nobody's hand
AGAIN_AFTER = LOOKS_EVERY = 1.0
IN_VAIN = 10  # tries


def main() -> None:
    """Run until told to stop; whatever breaks on the way, come back."""
    asyncio.run(_run(exchange()))


async def _run(it: Exchange) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    turning = asyncio.create_task(heartbeat.turn_by_loop("exchange"))  # noqa: F841 - kept while we run
    tries = 0
    while not stop.is_set():
        board = Switchboard(it)
        work = asyncio.create_task(board.run())
        await asyncio.wait({work, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            log.warning("voice.no_exchange", error=type(work.exception()).__name__, why=str(work.exception())[:200])
            tries += 1
            if tries == IN_VAIN:
                readiness.say_ready()  # all that is ours to do is done: the house need not wait for the exchange
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), AGAIN_AFTER)
        else:
            work.cancel()


class Switchboard:
    """One connection to the exchange and everybody on it."""

    def __init__(self, it: Exchange) -> None:
        self.it = it
        self.room = Room()
        self.lines = Lines()
        self.flood = Flood()
        self.legs: dict[str, Leg] = {}
        self.talks: dict[int, Talk] = {}  # by call
        self.sessions: dict[int, Session] = {}  # supervisors at a call, by user
        self.in_turn: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)  # a supervisor's orders, by user
        self.rings = Rings(self)
        self.ring, self.snoop = self.rings.ring, self.rings.snoop
        self.calling: dict[int, asyncio.Event] = {}  # calls to citizens that ring: set, they end
        self.changed = asyncio.Event()
        self._in_turn = asyncio.Lock()
        self.duty = asyncio.Event()  # something is to be rung for an urgent case, or need not be any more
        self.duty_calls = DutyCalls(self)
        self.net = Net(self)
        self.kept_calls = KeptCalls(self)
        self._begun: set[int] = set()  # orders that take a while
        self.connected_at = 0  # second
        self._open = True
        self._tasks: set[asyncio.Task[None]] = set()
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="voice-db")

    async def run(self) -> None:
        """Until the exchange goes, or something breaks that nobody could be served without. Raises what it was."""
        await self.db(configuration.reconfigure, self.it)
        self.menu = await self.db(menu.load, self.it)
        async with Pbx(self.it) as self.pbx:
            try:
                async with asyncio.TaskGroup() as vital:
                    connected = asyncio.Event()
                    vital.create_task(self._hear_the_exchange(connected))
                    await self._begin(connected)
                    for work in (
                        distribution.give_out(self),
                        reconciliation.keep(self),
                        self.duty_calls.watch(),
                        self._hear_the_desk(),
                        self._look_after(),
                    ):
                        vital.create_task(work)
            except ExceptionGroup as broken:
                raise broken.exceptions[0] from None
            finally:
                readiness.say_ready(False)
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _hear_the_exchange(self, connected: asyncio.Event) -> None:
        async for event in self.pbx.events(connected=connected):
            self._take(event)

    async def _begin(self, connected: asyncio.Event) -> None:
        """Take up what goes on, before callers are given out; ready when that is done."""
        await connected.wait()
        self.connected_at = int(time.time())
        await self.lines.look(self.pbx)
        await self.db(presence.online_are, self.lines.all_there())
        await self.see_agents()
        await self.duty_calls.take_up()
        await recovery.take_up(self)
        await self.kept_calls.look()  # whoever is ready already is theirs, where their turn is the next
        log.info("voice.connected")
        readiness.say_ready()

    # ── what the exchange says ───────────────────────────────────────────────────────────────────────────────────────

    def _take(self, event: Event) -> None:
        kind, channel = event["type"], event.get("channel", {})
        name = channel.get("id", "")
        if kind == "StasisStart":
            what, *more = event["args"] or [""]
            come = self.legs[name] = Leg(self.pbx, name, channel["name"])
            if what == "in":
                self.start(session.serve(self, come, channel, *more[:2], *more[3:4]))
            elif what == "back":
                self.start(session.serve_again(self, come, channel, *more[:1], *more[2:3]))
            elif not self.rings.answered(name):
                self.start(come.hang_up())  # taken up after we stopped ringing: nobody is there for it
        elif kind == "ChannelDtmfReceived" and name in self.legs:
            self.legs[name].keys.put_nowait(event["digit"])
        elif kind == "PlaybackFinished":
            playback = event["playback"]
            if leg := self.legs.get(playback["target_uri"].partition(":")[2]):
                leg.playback_over(playback["id"])
        elif kind in ("RecordingFinished", "RecordingFailed"):
            recording = event["recording"]
            if leg := self.legs.get(recording["target_uri"].partition(":")[2]):
                leg.recording_over(recording["name"])
        elif kind in ("ChannelHold", "ChannelUnhold") and name in self.legs:
            self.legs[name].on_hold = kind == "ChannelHold"
        elif closes_down(event):
            for leg in self.legs.values():  # before they go: whoever talks with one that goes first ends the other
                leg.cut = True
        elif kind in ("StasisEnd", "ChannelDestroyed"):
            self.gone(name, event.get("cause", 0))
        elif kind == "ContactStatusChange":
            self.start(self._line(self.lines.hear(event, self.legs)))

    def gone(self, channel: str, cause: int = 0) -> None:
        """This leg is no more, or no more ours. `cause`: why (Q.850), where it is known."""
        self.flood.over(channel)
        if leg := self.legs.pop(channel, None):
            leg.gone.set()
        self.rings.over(channel, cause)

    async def _line(self, endpoint: str) -> None:
        if not endpoint.startswith("line-"):
            return
        for agent in self.room.agents.values():
            if agent.endpoint == endpoint:
                agent.online = self.lines.is_there(endpoint)
        self.changed.set()
        async with self._in_turn:  # the last word on record is the last that was said
            await self.db(presence.online, endpoint, there=self.lines.is_there(endpoint))

    # ── what those who deal with calls do by us ──────────────────────────────────────────────────────────────────────

    def leaves(self, caller: Caller) -> None:
        """She waits no longer."""
        self.room.waiting = [each for each in self.room.waiting if each is not caller]

    @contextlib.contextmanager
    def caught(self, caller: Caller) -> Iterator[None]:
        """What breaks meanwhile lets the caller fall into Asterisk's net."""
        try:
            yield
        except Exception:
            self.start(caller.leg.fall_into_the_net())
            raise
        finally:
            self.leaves(caller)

    async def status(self, code: str, language: str) -> list[Path] | None:
        return await self.db(phrases.status, code, language=language, it=self.it)

    def is_open(self) -> bool:
        """Whether the city works now."""
        return self._open

    # ── the desk, and time ───────────────────────────────────────────────────────────────────────────────────────────

    async def _hear_the_desk(self) -> None:
        """Whoever presses a button on the desk is heard at once; a slow look is the safety net."""
        while True:
            try:
                where = await self.db(databases.parameters, directly=True)
                async with contextlib.aclosing(heard(where)) as news_from_the_desk:
                    async for news in news_from_the_desk:
                        if "duty" in news:
                            self.duty.set()
                        if "agents" in news:
                            await self.see_agents()
                        if "lines" in news:
                            await self.db(configuration.reconfigure, self.it)
                            await self.part_with(await self.db(call_records.lines))
                        if "menu" in news:
                            self.menu = await self.db(menu.load, self.it)
                        if "orders" in news or not news:  # after the rest: it may have come before them
                            await self._obey()
            except (psycopg.Error, Error, OSError, SubprocessError, Mute) as trouble:
                log.warning("voice.desk_not_heard", error=type(trouble).__name__, why=str(trouble)[:200])
            await asyncio.sleep(AGAIN_AFTER)

    async def part_with(self, kept: set[str]) -> None:
        """Lines that are nobody's any more lose every leg; a caller who talks with one goes back to the head of the queue."""
        with contextlib.suppress(Refused, PbxGone):
            for channel in await self.pbx.get("channels"):
                endpoint = str(channel["name"]).removeprefix("PJSIP/").rpartition("-")[0]
                if not endpoint.startswith("line-") or endpoint in kept:
                    continue
                talk = next((each for each in self.talks.values() if each.leg.id == channel["id"]), None)
                if talk:
                    talk.dismiss()
                else:
                    await self.pbx.delete(f"channels/{channel['id']}")

    async def _obey(self) -> None:
        for order in await self.db(orders.undone):
            if order.pk in self._begun:
                continue
            if order.kind == Order.Kind.CALL_OUT:
                self._begun.add(order.pk)
                self.start(calling_out.call_out(self, order))
            elif supervisor_orders.takes(self, order):
                self._begun.add(order.pk)
                self.start(supervisor_orders.obey(self, order))
            elif order.kind == Order.Kind.DECLINE:
                await declining.decline(self, order)
            elif talk := self.talks.get(order.call_id or 0):
                talk.take(order)
            elif order.kind == Order.Kind.COME_BACK and (caller := self.room.who_waits(order.call_id or 0)):
                self._begun.add(order.pk)
                self.start(distribution.take_back(self, caller, order))
            elif order.kind == Order.Kind.HANG_UP and (stop := self.calling.get(order.call_id or 0)):
                stop.set()
                await self.db(orders.done, order.pk)
            else:
                await self.db(orders.done, order.pk, refused=orders.NOT_NOW)

    async def _look_after(self) -> None:
        watch = Watch(self)
        for second in itertools.count():
            if second % 10 == 9:
                with contextlib.suppress(Refused, PbxGone):
                    for endpoint in await self.lines.look(self.pbx):
                        self.start(self._line(endpoint))
            with contextlib.suppress(Error):
                self._open = await self.db(menu.is_open)
                await self.db(after_call.back_to_work)
                async with self._in_turn:  # who is new at work has said nothing of a telephone that was there before
                    await self.db(presence.online_are, self.lines.all_there())
                await self.db(presence.pause_the_gone)
                busy = {agent.user for agent in self.room.agents.values() if agent.in_hand}
                await self.db(recovery.free_all_but, busy, before=now() - FORGOTTEN)
                await self.kept_calls.look()
                await self.see_agents()
                await watch.look(at=time.monotonic())
                with contextlib.suppress(Refused, PbxGone):
                    await self.net.works()
            await asyncio.sleep(LOOKS_EVERY)

    async def see_agents(self) -> None:
        """Read who is at work; what a call in our hands makes of somebody stays."""
        async with self._in_turn:  # what was read first is not taken for the latest
            seen: dict[int, AtWork] = {user: each for user, each in self.room.agents.items() if each.in_hand}
            able = await self.db(skills.of_all)
            for user, endpoint, state, idle_since in await self.db(call_records.at_work):
                agent = self.room.agents.get(user) or AtWork(user, endpoint, state, idle_since)
                agent.endpoint, agent.online, agent.on_record = endpoint, self.lines.is_there(endpoint), state
                agent.skills = able.get(user, EVERYTHING)
                if not agent.in_hand:
                    agent.state, agent.idle_since = state, idle_since
                seen[user] = agent
            self.room.agents = seen
        self.changed.set()

    async def ask(self, words: str) -> str:
        """Asterisk's own command line, for what ARI can't do."""
        return await self.db(self.it.ask, words)

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Let it run beside the rest; what breaks in it is on record."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)
        return task

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("voice.failed", error=type(error).__name__, why=str(error)[:300], exc_info=error)

    async def db(self, function: Callable[..., Result], *given: Any, **named: Any) -> Result:
        """Ask the database in a thread of its own; the calls go on meanwhile."""

        def asked() -> Result:
            close_old_connections()
            return function(*given, **named)

        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(asked))
