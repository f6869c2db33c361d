"""The voice process: answers, walks callers through the menu, gives them to agents, and loses nobody.

Asterisk keeps talking calls and the net (exchange/conf/extensions.conf) when we are away; see
docs/adr/0015-who-distributes-calls.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import structlog
from django.db import Error, close_old_connections, connection

from tongdai.people.phones import normalise
from tongdai.platform import readiness
from tongdai.platform.wake import CHANNEL

from . import ivr, menu, records, spoken
from .exchange import configuration
from .exchange.home import Exchange, exchange
from .legs import HungUp, Leg
from .models import Agent, Call, Step
from .pbx import Event, Pbx, PbxGone, Refused
from .room import AtWork, Room, Waiting

log = structlog.get_logger(__name__)
Result = TypeVar("Result")
RINGS_FOR = 15  # seconds
RENEWED_EVERY, RENEWED_FOR = 3, 10  # seconds of the dead man's switch of those who wait
AFTER_CALL = timedelta(seconds=30)
AGAIN_AFTER = 1.0
IN_VAIN = 10  # tries
MOST_SAID = 120  # seconds of a message


def main() -> None:
    """Run until told to stop; whatever breaks on the way, come back."""
    asyncio.run(_run(exchange()))


async def _run(it: Exchange) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    tries = 0
    while not stop.is_set():
        board = Switchboard(it)
        work = asyncio.create_task(board.run())
        await asyncio.wait({work, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            log.warning("voice.no_exchange", why=str(work.exception())[:200])
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
        self.legs: dict[str, Leg] = {}
        self.answers: dict[str, asyncio.Future[bool]] = {}  # an agent's leg that rings → taken or not
        self.changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="voice-db")

    async def run(self) -> None:
        """Until the exchange goes. Raises PbxGone."""
        await self._db(configuration.reconfigure, self.it)
        self.menu = await self._db(menu.load, self.it)
        await self._see_agents()
        async with Pbx(self.it) as self.pbx:
            connected = asyncio.Event()
            for work in (self._give_out(), self._hear_the_desk(), self._look_after()):
                self._start(work)
            ready = asyncio.create_task(self._say_ready(connected))
            try:
                async for event in self.pbx.events(connected=connected):
                    self._take(event)
            finally:
                readiness.say_ready(False)
                for task in (*self._tasks, ready):
                    task.cancel()
                await asyncio.gather(*self._tasks, ready, return_exceptions=True)

    # ── what the exchange says ───────────────────────────────────────────────────────────────────────────────────────

    def _take(self, event: Event) -> None:
        kind, channel = event["type"], event.get("channel", {}).get("id", "")
        if kind == "StasisStart":
            what, *more = event["args"]
            come = self.legs[channel] = Leg(self.pbx, channel)
            if what == "in":
                self._start(self._serve(come, event["channel"], *more))
            elif what == "agent" and (answer := self.answers.get(channel)) and not answer.done():
                answer.set_result(True)
        elif kind == "ChannelDtmfReceived" and channel in self.legs:
            self.legs[channel].keys.put_nowait(event["digit"])
        elif kind == "PlaybackFinished":
            playback = event["playback"]
            if leg := self.legs.get(playback["target_uri"].partition(":")[2]):
                leg.playback_over(playback["id"])
        elif kind in ("RecordingFinished", "RecordingFailed"):
            recording = event["recording"]
            if leg := self.legs.get(recording["target_uri"].partition(":")[2]):
                leg.recording_over(recording["name"])
        elif kind in ("StasisEnd", "ChannelDestroyed"):
            if leg := self.legs.pop(channel, None):
                leg.gone.set()
            if (answer := self.answers.get(channel)) and not answer.done():
                answer.set_result(False)

    # ── a caller ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _serve(self, leg: Leg, channel: dict[str, Any], dialled: str = "", shown: str = "", *_: str) -> None:
        """From the first ring to the end. What breaks here breaks for nobody else, and she falls into Asterisk's net.

        When we are told to stop, she is left alone: the dead man's switch leads her there, and who talks, talks on.
        """
        try:
            await self._go_with(leg, channel, dialled, hidden=shown.startswith("prohib"))
        except Exception:
            await leg.fall_into_the_net()
            raise
        finally:
            self.room.waiting = [each for each in self.room.waiting if each.leg is not leg]

    async def _go_with(self, leg: Leg, channel: dict[str, Any], dialled: str, *, hidden: bool) -> None:
        number = "" if hidden else normalise(channel["caller"]["number"]) or ""
        been, outcome = ivr.Walk(), Call.Outcome.ABANDONED
        call = await self._db(records.came, channel=leg.id, number=number, dialled=dialled)
        log.info("voice.call", call=call.pk)
        try:
            await leg.hold_out(60)
            await leg.answer()
            step = await ivr.walk(leg, menu=self.menu, been=been, status=self._status)
            while step.kind == Step.Kind.QUEUE:
                if await self._wait_for_a_person(leg, call.pk, step, been):
                    outcome = Call.Outcome.ANSWERED
                    break
                step = self.menu.steps[step.then]
            else:
                await self._take_message(leg, call.pk, step, been)
                outcome = Call.Outcome.MESSAGE
        except HungUp:
            if "lookup:found" in been.path:
                outcome = Call.Outcome.LOOKED_UP
        await leg.hang_up()
        await self._db(records.ended, call.pk, path=been.path, outcome=outcome, recording=f"{leg.id}.wav")

    async def _wait_for_a_person(self, leg: Leg, call: int, step: Step, been: ivr.Walk) -> bool:
        """Whether somebody talked with the caller. Raises HungUp when she gives up."""
        since = await self._db(records.waits, call, queue=step.queue_id, path=been.path)
        await leg.listen_to(self.menu.sound(step.prompt, been.language), keys=False)
        await leg.music()
        rank = step.queue.rank if step.queue else 9
        caller = Waiting(leg, call, rank, since, been.language)
        self.room.waiting.append(caller)
        self.changed.set()
        served = leg.served = asyncio.get_running_loop().create_future()
        while not served.done():
            if caller in self.room.waiting and not caller.offered:
                await leg.hold_out(RENEWED_FOR)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(leg.until(served), RENEWED_EVERY)
        return bool(served.result())

    async def _take_message(self, leg: Leg, call: int, step: Step, been: ivr.Walk) -> None:
        await leg.hold_out(MOST_SAID + 60)
        await leg.listen_to(self.menu.sound(step.prompt, been.language), keys=False)
        with contextlib.suppress(HungUp):  # as most end it: what was said until then is the message
            await leg.record(f"message-{call}", seconds=MOST_SAID)
            await leg.listen_to(self.menu.sound("goodbye", been.language), keys=False)

    async def _status(self, code: str, language: str) -> list[Path] | None:
        return await self._db(spoken.status, code, language=language, it=self.it)

    # ── giving callers to agents ─────────────────────────────────────────────────────────────────────────────────────

    async def _give_out(self) -> None:
        while True:
            await self.changed.wait()
            self.changed.clear()
            while pair := self.room.pair():
                caller, agent = pair
                caller.offered, agent.state = True, Agent.State.RINGING
                self._start(self._offer(caller, agent))

    async def _offer(self, caller: Waiting, agent: AtWork) -> None:
        """Ring one agent for one caller."""
        await self._db(records.rings, caller.call, agent=agent.user)
        await self._renew(caller, RINGS_FOR + 10)
        name = f"agent-{uuid.uuid4().hex}"
        answer = self.answers[name] = asyncio.get_running_loop().create_future()
        taken = False
        try:
            await self.pbx.originate(
                name, endpoint=f"PJSIP/{agent.endpoint}", app="tongdai", appArgs="agent",
                timeout=RINGS_FOR, callerId=f'"1022" <{caller.call}>',
                variables={"PJSIP_HEADER(add,X-Call)": str(caller.call)},
            )  # fmt: skip
            gone = asyncio.create_task(caller.leg.gone.wait())
            await asyncio.wait({answer, gone}, timeout=RINGS_FOR + 3, return_when=asyncio.FIRST_COMPLETED)
            taken = answer.done() and answer.result() and not caller.leg.gone.is_set()
            gone.cancel()
        except (Refused, PbxGone) as refused:
            log.warning("voice.cannot_ring", agent=agent.user, why=str(refused)[:160])
        finally:
            self.answers.pop(name, None)
        if taken and (leg := self.legs.get(name)):
            await self._connect(caller, agent, leg)
            return
        with contextlib.suppress(Refused, PbxGone):
            await self.pbx.delete(f"channels/{name}")
        if caller.leg.gone.is_set():
            await self._not_taken(caller, agent, Agent.State.READY)
        else:
            await self._not_taken(caller, agent, Agent.State.PAUSED, "không nghe máy")

    async def _not_taken(self, caller: Waiting, agent: AtWork, state: Agent.State, reason: str = "") -> None:
        agent.state, caller.offered = state, False
        await self._db(records.not_taken, caller.call, agent=agent.user, state=state, reason=reason)
        self.changed.set()

    async def _connect(self, caller: Waiting, agent: AtWork, leg: Leg) -> None:
        """Let them talk; until one of them hangs up, or the agent's line is lost."""
        self.room.waiting = [each for each in self.room.waiting if each is not caller]
        agent.state = Agent.State.TALKING
        await self._renew(caller, 0)
        await caller.leg.music(False)
        bridge = (await self.pbx.post("bridges", type="mixing", name=f"call-{caller.call}"))["id"]
        await self.pbx.post(f"bridges/{bridge}/addChannel", channel=f"{caller.leg.id},{leg.id}")
        await self._db(records.talks, caller.call, agent=agent.user)
        done, _pending = await asyncio.wait(
            {asyncio.create_task(caller.leg.gone.wait()), asyncio.create_task(leg.gone.wait())},
            return_when=asyncio.FIRST_COMPLETED,
        )
        with contextlib.suppress(Refused, PbxGone):
            await self.pbx.delete(f"bridges/{bridge}")
        await leg.hang_up()
        agent.state = Agent.State.AFTER_CALL
        agent.idle_since = await self._db(records.hung_up, agent.user)
        if caller.leg.served and not caller.leg.served.done():
            caller.leg.served.set_result(True)

    async def _renew(self, caller: Waiting, seconds: int) -> None:
        with contextlib.suppress(HungUp, PbxGone):
            await caller.leg.hold_out(seconds)

    # ── the desk, and time ───────────────────────────────────────────────────────────────────────────────────────────

    async def _hear_the_desk(self) -> None:
        """Whoever presses a button on the desk is seen at once; a slow look is the safety net."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**await self._db(_where), autocommit=True) as link:
                    await link.execute(f"LISTEN {CHANNEL}")
                    async for note in link.notifies():
                        if "agents" in json.loads(note.payload):
                            await self._see_agents()
            except (psycopg.Error, OSError) as away:
                log.warning("voice.database_away", error=type(away).__name__)
            await asyncio.sleep(AGAIN_AFTER)

    async def _look_after(self) -> None:
        while True:
            await asyncio.sleep(2)
            with contextlib.suppress(Error):
                await self._db(records.back_to_work, after=AFTER_CALL)
                await self._see_agents()

    async def _see_agents(self) -> None:
        """Read who is at work; what a call in our hands makes of somebody stays."""
        seen: dict[int, AtWork] = {}
        for user, endpoint, state, idle_since in await self._db(records.at_work):
            known = self.room.agents.get(user)
            busy = known and known.state in (Agent.State.RINGING, Agent.State.TALKING)
            seen[user] = known if known and busy else AtWork(user, endpoint, state, idle_since)
        self.room.agents = seen
        self.changed.set()

    async def _say_ready(self, connected: asyncio.Event) -> None:
        await connected.wait()
        log.info("voice.connected")
        readiness.say_ready()

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("voice.failed", error=type(error).__name__, why=str(error)[:300], exc_info=error)

    async def _db(self, function: Callable[..., Result], *given: Any, **named: Any) -> Result:
        """Ask the database in a thread of its own; the calls go on meanwhile."""

        def asked() -> Result:
            close_old_connections()
            return function(*given, **named)

        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(asked))


def _where() -> dict[str, Any]:
    """How to reach the database, for a connection of our own."""
    wanted = ("host", "port", "dbname", "user", "password", "options")
    return {name: value for name, value in connection.get_connection_params().items() if name in wanted}
