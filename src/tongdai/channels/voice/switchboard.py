"""The voice process: one connection to the exchange. It hears what happens and starts whoever deals with it.

`calls/session` serves a caller, `calls/distribution` gives callers to agents, `conversation/course` is their talk. Asterisk keeps
talking calls and the net (asterisk/conf/extensions.conf) when we are away; see docs/adr/0015-who-distributes-calls.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import signal
import time
from datetime import UTC, datetime, timedelta
from subprocess import SubprocessError

import psycopg
import structlog
from django.db import Error

from tongdai.platform.clock import now
from tongdai.platform.database import connection_settings
from tongdai.platform.processes import heartbeat, readiness
from tongdai.platform.wake import listen

from .agents import after_call, presence, states
from .asterisk import arrivals, configuration
from .asterisk.client import Event, Pbx, PbxGone, Refused, closes_down
from .asterisk.exchange import Exchange, exchange
from .asterisk.legs import Leg
from .board.connection import Connection
from .calls import calling_out, declining, distribution, reconciliation, recovery, session
from .calls.kept_place_calls import KeptPlaceCalls
from .calls.stranded import Watch
from .duty.duty_calls import DutyCalls
from .menu import menu
from .models import Order
from .records import orders
from .speech.engines import Mute
from .supervision import supervisor_orders

log = structlog.get_logger(__name__)
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
        connection = Switchboard(it)
        work = asyncio.create_task(connection.run())
        await asyncio.wait({work, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            _say_why(work.exception())
            tries += 1
            if tries == IN_VAIN:
                readiness.report_ready()  # all that is ours to do is done: the house need not wait for the exchange
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(AGAIN_AFTER):
                    await stop.wait()
        else:
            work.cancel()


def _say_why(broken: BaseException | None) -> None:
    """That the exchange or the database is away is foreseen; where it is anything else, whoever mends it needs to know where."""
    foreseen = isinstance(broken, PbxGone | Error | OSError)
    log.warning(
        "voice.no_exchange", error=type(broken).__name__, why=str(broken)[:200], exc_info=None if foreseen else broken
    )


class Switchboard(Connection):
    """One connection to the exchange, and what is begun on it."""

    def __init__(self, it: Exchange, pbx: Pbx | None = None) -> None:
        super().__init__(it, pbx or Pbx(it))
        self.duty_calls = DutyCalls(self)
        self.kept_place_calls = KeptPlaceCalls(self)
        self._begun: set[int] = set()  # orders that take a while

    async def run(self) -> None:
        """Until the exchange goes, or something breaks that nobody could be served without. Raises what it was."""
        await self.db(configuration.reconfigure, self.it)
        self.menu = await self.db(menu.load, self.it)
        async with self.pbx:
            try:
                async with asyncio.TaskGroup() as vital:
                    connected = asyncio.Event()
                    vital.create_task(self._follow_the_exchange(connected))
                    await self._begin(connected)
                    for work in (
                        distribution.give_out(self, self.kept_place_calls.ring),
                        reconciliation.run(self, reserved_agents=self.kept_place_calls.reserved_agents),
                        self.duty_calls.watch(),
                        self._follow_the_desk(),
                        self._look_after(),
                    ):
                        vital.create_task(work)
            except ExceptionGroup as broken:
                raise broken.exceptions[0] from None
            finally:
                readiness.report_ready(False)
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _follow_the_exchange(self, connected: asyncio.Event) -> None:
        self.connected_at = datetime.now(UTC)  # who comes back from now on is announced to us
        async for event in self.pbx.events(connected=connected):
            self._take(event)

    async def _begin(self, connected: asyncio.Event) -> None:
        """Take up what goes on, before callers are given out; ready when that is done."""
        await connected.wait()
        await self.telephones.look(self.pbx)
        await self.db(presence.online_are, self.telephones.all_there())
        await self.see_agents()
        await self.duty_calls.take_up()
        await recovery.take_up(self)
        await self.kept_place_calls.look()  # whoever is ready already is theirs, where their turn is the next
        log.info("voice.connected")
        readiness.report_ready()

    # ── what the exchange says ───────────────────────────────────────────────────────────────────────────────────────

    def _take(self, event: Event) -> None:
        kind, channel = event["type"], event.get("channel", {})
        name = channel.get("id", "")
        if kind == "StasisStart":
            arrival = arrivals.read(event["args"])
            come = self.legs[name] = Leg(self.pbx, name, channel["name"])
            if arrival.kind == "in":
                self.start(session.serve(self, come, channel, arrival))
            elif arrival.kind == "back":
                self.start(session.serve_again(self, come, channel, arrival))
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
        elif kind == "ChannelHangupRequest":
            self.told_why(name, closing_down=closes_down(event))
        elif kind in ("StasisEnd", "ChannelDestroyed"):
            self.gone(name, event.get("cause", 0))
        elif kind == "ContactStatusChange":
            self.start(self._line(self.telephones.status_changed(event, self.legs)))

    async def _line(self, endpoint: str) -> None:
        if not endpoint.startswith("line-"):
            return
        for agent in self.board.agents.values():
            if agent.endpoint == endpoint:
                agent.online = self.telephones.is_there(endpoint)
        self.changed.set()
        async with self.reading:  # the last word on record is the last that was said
            await self.db(presence.online, endpoint, there=self.telephones.is_there(endpoint))

    # ── the desk, and time ───────────────────────────────────────────────────────────────────────────────────────────

    async def _follow_the_desk(self) -> None:
        """Whoever presses a button on the desk is heard at once; a slow look is the safety net."""
        while True:
            try:
                where = await self.db(connection_settings.parameters, directly=True)
                async with contextlib.aclosing(listen(where)) as news_from_the_desk:
                    async for news in news_from_the_desk:
                        if "duty" in news:
                            self.duty_calls.news.set()
                        if "agents" in news:
                            await self.see_agents()
                        if "lines" in news:
                            await self.db(configuration.reconfigure, self.it)
                            await self.part_with(await self.db(states.lines))
                        if "menu" in news:
                            self.menu = await self.db(menu.load, self.it)
                        if "orders" in news or not news:  # after the rest: it may have come before them
                            await self._obey()
            except (psycopg.Error, Error, OSError, SubprocessError, Mute) as trouble:
                log.warning("voice.desk_not_heard", error=type(trouble).__name__, why=str(trouble)[:200])
            await asyncio.sleep(AGAIN_AFTER)

    async def part_with(self, ours: set[str]) -> None:
        """Lines that are nobody's any more lose every leg; a caller who talks with one goes back to the head of the queue."""
        with contextlib.suppress(Refused, PbxGone):
            for channel in await self.pbx.get("channels"):
                endpoint = str(channel["name"]).removeprefix("PJSIP/").rpartition("-")[0]
                if not endpoint.startswith("line-") or endpoint in ours:
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
            elif order.kind == Order.Kind.COME_BACK and (caller := self.board.who_waits(order.call_id or 0)):
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
                    for endpoint in await self.telephones.look(self.pbx):
                        self.start(self._line(endpoint))
            with contextlib.suppress(Error):
                self.city_is_open = await self.db(menu.is_open)
                await self.db(after_call.back_to_work)
                async with self.reading:  # who is new at work has said nothing of a telephone that was there before
                    await self.db(presence.online_are, self.telephones.all_there())
                await self.db(presence.pause_the_gone)
                busy = {agent.user for agent in self.board.agents.values() if agent.in_hand}
                await self.db(recovery.free_all_but, busy, before=now() - FORGOTTEN)
                await self.kept_place_calls.look()
                await self.see_agents()
                await watch.look(at=time.monotonic())
                with contextlib.suppress(Refused, PbxGone):
                    await self.fallback.works()
            await asyncio.sleep(LOOKS_EVERY)
