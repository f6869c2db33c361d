"""Ring who is on duty: say what happened, and hear a key. Nothing but a key accepts: not a voice, nor an answering machine.

These calls are not recorded: a machine speaks, one of the city's own listens, and the key pressed stands in the ring's row.
Who takes a case whose caller holds the line talks with her at once, and that is recorded, as they are told (`urgent`).
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import structlog
from django.db import Error

from tongdai.channels.duty import ringing, words
from tongdai.channels.duty.ringing import Announcement, ToRing
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import now

from ..asterisk.client import PbxGone, Refused
from ..asterisk.legs import HungUp, Leg
from ..board.connection import Connection
from ..speech.engines import Mute
from ..speech.synthesis import sound_of
from ..trunks import permission
from . import urgent

log = structlog.get_logger(__name__)
Result = TypeVar("Result")
LOOK_EVERY = 2.0  # seconds, where no news came
RINGS_FOR, AT_LEAST = 25.0, 4.0  # seconds one number rings
BETWEEN = 3.0
TIMES = 3  # that it is said
SILENCE = 5.0  # seconds after the words until they are said again
TAKE, PASS_ON = "1", "2"
NO_DATABASE_FOR = 60.0  # seconds a key that was pressed is kept in hand


class DutyCalls:
    """All duty rings of one connection to the exchange."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.news = asyncio.Event()  # something is to be rung for an urgent case, or need not be any more
        self._stops: dict[int, asyncio.Event] = {}  # by ring
        self._phones: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)  # a telephone is rung for one thing at a time

    async def watch(self) -> None:
        """Take in hand what is to be rung, and stop what need not be rung any more; for ever."""
        while True:
            with contextlib.suppress(Error):
                for ring in await self._connection.db(ringing.waiting):
                    if to_ring := await self._connection.db(ringing.claim, ring):
                        self._start(to_ring)
                for ring, stop in list(self._stops.items()):
                    if not await self._connection.db(ringing.goes_on, ring):
                        stop.set()
            self.news.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self.news.wait()

    async def take_up(self) -> None:
        """After we were away: whoever listens is spoken to again; who was being rung is rung again, and nobody else."""
        channels = {channel["id"]: channel for channel in await self._connection.pbx.get("channels")}
        for ring in await self._connection.db(ringing.in_hand):
            mine = [name for name in channels if name.startswith(_prefix(ring))]
            listens = [name for name in mine if channels[name]["dialplan"].get("app_name") == "Stasis"]
            for name in mine:
                if name not in listens[:1]:
                    with contextlib.suppress(Refused, PbxGone):
                        await self._connection.pbx.delete(f"channels/{name}")
            leg = None
            if listens:
                leg = Leg(self._connection.pbx, listens[0], channels[listens[0]]["name"])
                self._connection.legs[leg.id] = leg
            self._start(ring, leg)
            log.info("voice.duty_taken_up", ring=ring.id, listens=bool(leg))

    def _start(self, ring: ToRing, leg: Leg | None = None) -> None:
        stop = self._stops[ring.id] = asyncio.Event()
        self._connection.start(self._ring(ring, stop, leg))

    async def _ring(self, ring: ToRing, stop: asyncio.Event, leg: Leg | None) -> None:
        until = time.monotonic() + ring.seconds
        try:
            if leg and await self._speak(leg, ring):
                return
            if await self._numbers(ring, stop, until=until):
                return
            await self._patiently(ringing.over, ring.id)
        finally:
            self._stops.pop(ring.id, None)

    async def _numbers(self, ring: ToRing, stop: asyncio.Event, *, until: float) -> bool:
        """One number after the other, round again while there is time; whether a key was pressed, or nobody need be rung."""
        each = max(AT_LEAST, min(RINGS_FOR, ring.whole / len(ring.phones)))
        while not stop.is_set():
            for phone in ring.phones:
                async with self._phones[phone]:
                    left = until - time.monotonic()
                    if stop.is_set() or left < AT_LEAST / 2:
                        return stop.is_set()
                    leg = await self._dial(ring, phone, within=min(each, left), or_until=stop)
                    if leg and await self._speak(leg, ring):
                        return True
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BETWEEN):
                    await stop.wait()
        return True

    async def _dial(self, ring: ToRing, phone: str, *, within: float, or_until: asyncio.Event) -> Leg | None:
        """By the first carrier that is there; None: nobody answered."""
        try:
            await self._patiently(_let_out, phone)
        except permission.NotLetOut as stopped:
            log.error("voice.duty_not_let_out", ring=ring.id, why=stopped.why)
            return None
        calls = await self._patiently(ringing.dials, ring.id) or 0
        for trunk in await self._connection.db(permission.ways_out):
            leg = await self._connection.rings.ring(
                f"{phone}@{trunk.endpoint}", call=0, shown="1022", within=round(within), or_until=or_until,
                channel=f"{_prefix(ring)}{calls}-{trunk}",
            )  # fmt: skip
            if leg or or_until.is_set():
                return leg
        return None

    async def _speak(self, leg: Leg, ring: ToRing) -> bool:
        """Say it three times; whether a key was pressed, or nobody is needed any more."""
        made: set[Path] = set()
        announcement: Announcement | None = None
        try:
            await self._patiently(ringing.answered, ring.id)
            for _ in range(TIMES):
                announcement = await self._announcement(ring, announcement)
                if announcement is None:
                    await self._last_words(leg, "too_late")
                    return True
                caller = urgent.who_waits(self._connection, announcement.cases)
                holds = [words.caller_holds()] if caller else []
                sounds = [
                    await self._sound(each)
                    for each in (*announcement.sentences[:-1], *holds, announcement.sentences[-1])
                ]
                made |= set(sounds[:-1])  # the last says which keys, as always
                key = await leg.listen_to(*sounds) or await leg.key(within=SILENCE)
                if key == TAKE:
                    taken = await self._patiently(ringing.take, ring.id, announcement.cases, now())
                    if not (taken and await self._put_through(leg, announcement)):
                        code = "not_recorded" if taken is None else "taken" if taken else "too_late"
                        await self._last_words(leg, code)
                    return taken is not None
                if key == PASS_ON:
                    passed = await self._patiently(_pass_on, ring.id)
                    await self._last_words(leg, "passed_on" if passed else "not_recorded")
                    return True
            await leg.hang_up()
        except HungUp:
            pass
        except Mute as mute:
            log.error("voice.duty_mute", why=str(mute)[:160])
            await leg.hang_up()
        finally:
            for sound in made:
                sound.unlink(missing_ok=True)  # where somebody is in danger is no sound to be kept
        await self._patiently(ringing.hung_up, ring.id)
        return False

    async def _announcement(self, ring: ToRing, before: Announcement | None) -> Announcement | None:
        """As things are now; while the database is away, as they were announced before."""
        try:
            return await self._connection.db(ringing.announcement, ring.id)
        except Error:
            return before or await self._patiently(ringing.announcement, ring.id)

    async def _put_through(self, leg: Leg, announcement: Announcement) -> bool:
        """Let them talk with the caller who holds the line for it; False: nobody does any more."""
        if not (caller := urgent.who_waits(self._connection, announcement.cases)):
            return False
        await leg.listen_to(await self._sound(words.answers()["put_through"]), keys=False)
        return await urgent.put_through(self._connection, caller, leg)

    async def _last_words(self, leg: Leg, code: str) -> None:
        with contextlib.suppress(HungUp):
            await leg.listen_to(await self._sound(words.answers()[code]), keys=False)
            await leg.hang_up()

    async def _sound(self, text: str) -> Path:
        return await self._connection.db(_sound, text, self._connection.it)

    async def _patiently(self, function: Callable[..., Result], *given: Any) -> Result | None:
        """Ask the database until it is there again; None: it was away for too long."""
        until = time.monotonic() + NO_DATABASE_FOR
        while True:
            try:
                return await self._connection.db(function, *given)
            except Error as away:
                log.warning("voice.duty_database_away", error=type(away).__name__)
                if time.monotonic() > until:
                    return None
                await asyncio.sleep(1)


def _prefix(ring: ToRing) -> str:
    return f"duty-{ring.id}-"


def _let_out(phone: str) -> None:
    permission.let_out(phone, purpose=Purpose.DUTY)


def _pass_on(ring_id: int) -> bool:
    ringing.pass_on(ring_id)
    return True


def _sound(text: str, it: Any) -> Path:
    return sound_of(text, language="vi", it=it)
