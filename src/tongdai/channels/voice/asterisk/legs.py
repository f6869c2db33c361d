"""One leg of a call as our process sees it: keys pressed, sounds played, and when it has gone."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from .client import Pbx, PbxGone, Refused

AT_ONCE = 4  # names for the sounds of one leg, in turn: one is played, one may be ending
STOPS_WITHIN = 1.0  # seconds


class HungUp(Exception):
    """The other end has hung up: whoever was doing something with this leg stops."""


class Keys(asyncio.Queue[str]):
    """Those pressed and not yet read. Whoever waits takes none away: what stops the waiting as one is pressed loses it not."""

    def __init__(self) -> None:
        super().__init__()
        self._there = asyncio.Event()

    async def wait(self) -> None:
        """Until there is one to be read."""
        await self._there.wait()

    def read(self) -> str:
        """The next, or an empty string."""
        return "" if self.empty() else self.get_nowait()

    def _put(self, item: str) -> None:
        super()._put(item)
        self._there.set()

    def _get(self) -> str:
        key = super()._get()
        if self.empty():
            self._there.clear()
        return key


class Leg:
    """A channel of ours. Every waiting method raises HungUp as soon as the other end is gone."""

    def __init__(self, pbx: Pbx, channel: str, name: str = "") -> None:
        self.pbx = pbx
        self.id = channel
        self.name = name  # Asterisk's: PJSIP/line-5-00000012
        self.keys = Keys()
        self.gone = asyncio.Event()
        self.lost = asyncio.Event()  # the telephone itself has gone: nobody has hung up
        # Its telephone went, though a voice still came: if that stops, it rings where the telephone is now.
        self.unregistered = False
        self.told_why = asyncio.Event()  # who asked for its end; under load that may be said after it
        self.on_hold = False  # the telephone at the other end holds us: no voice is to come
        self._recorded: dict[str, asyncio.Event] = {}
        self._played: dict[str, asyncio.Event] = {}
        self._names = [f"{channel}-plays-{number}" for number in range(AT_ONCE)]
        self._name = itertools.cycle(self._names)
        self._quiet = False
        self._holding = asyncio.Lock()

    def is_of(self, endpoint: str) -> bool:
        """Whether this telephone is at the other end."""
        return self.name.startswith(f"PJSIP/{endpoint}-")

    async def answer(self) -> None:
        await self._command("answer")

    async def listen_to(self, *sounds: Path, keys: bool = True) -> str:
        """Play one sound after another; a key cuts them short and is returned, else an empty string."""
        return await self._play([f"sound:{sound.with_suffix('')}" for sound in sounds], keys=keys)

    async def play(self, *sounds: Path) -> None:
        """Play these; a key cuts them short and stays there, to be read next."""
        if key := await self.listen_to(*sounds):
            self.put_back(key)

    def put_back(self, key: str) -> None:
        """As if it had not been read: before those that were pressed after it."""
        for each in (key, *(self.keys.get_nowait() for _ in range(self.keys.qsize()))):
            self.keys.put_nowait(each)

    async def ringing_tone(self) -> None:
        """What one hears while the other's telephone rings, until hushed."""
        await self._play(["tone:ring"], keys=False)

    async def _play(self, sounds: list[str], *, keys: bool) -> str:
        for sound in sounds:
            name = next(self._name)
            over = self._played[name] = asyncio.Event()
            self._quiet = False
            try:
                await self._command(f"play/{name}", media=sound)
                if self._quiet:  # hushed while we asked
                    await self.hush()
                key = await self._first_key(over) if keys else (await self._race(over.wait())) and ""
            finally:
                self._played.pop(name, None)
            if key:
                with contextlib.suppress(Refused):  # it ended by itself meanwhile
                    await self.pbx.delete(f"playbacks/{name}")
                return str(key)
            if self._quiet:
                break
        return ""

    async def hush(self) -> None:
        """Stop what is being played to her, whoever plays it."""
        self._quiet = True
        for name in list(self._played):
            with contextlib.suppress(Refused):
                await self.pbx.delete(f"playbacks/{name}")

    async def hush_before(self) -> None:
        """Stop what a process of ours before this one still plays to her: Asterisk does nothing else until that is over."""
        for name in self._names:
            over = self._played[name] = asyncio.Event()
            try:
                await self.pbx.delete(f"playbacks/{name}")
                await self.until(over.wait(), within=STOPS_WITHIN)
            except Refused:  # this one isn't played
                continue
            finally:
                self._played.pop(name, None)

    async def key(self, *, within: float) -> str:
        """The next key, or an empty string after `within` seconds of silence."""
        await self.until(self.keys.wait(), within=within)
        return self.keys.read()

    def forget_keys(self, *, but: Callable[[str], object] = lambda _key: False) -> None:
        """What was pressed until now was for somebody else, `but` those of which this is true."""
        for key in [self.keys.get_nowait() for _ in range(self.keys.qsize())]:
            if but(key):
                self.keys.put_nowait(key)

    async def hold_out(self, seconds: int) -> None:
        """Renew the dead man's switch: Asterisk goes on alone if we don't come back within so long; 0 takes it off.

        One after the other, and not while a sound is played: Asterisk would do it only after that, so whoever plays one
        holds out for as long as it takes, before. That Asterisk is slow once is no harm: the switch lasts until the next time,
        and if it doesn't, leads her to the net. Raises HungUp; PbxGone where it could not be taken off.
        """
        if seconds and self._played:
            return
        async with self._holding:
            try:
                await self._command("variable", variable="TIMEOUT(absolute)", value=seconds)
            except PbxGone:
                if not seconds:
                    raise

    async def music(self, on: bool = True) -> None:
        if on:
            await self._command("moh")
        else:
            with contextlib.suppress(Refused, HungUp):
                await self.pbx.delete(f"channels/{self.id}/moh")

    async def until(self, what: Awaitable[Any], *, within: float | None = None) -> Any:
        """Wait for it; None when it took longer than `within` seconds. Raises HungUp."""
        try:
            async with asyncio.timeout(within):
                return (await self._race(what))[0]
        except TimeoutError:
            return None

    async def record(self, name: str, *, seconds: int) -> None:
        """What she says from now on, until she presses a key, is silent for 5 s, or hangs up (raises HungUp)."""
        over = self._recorded[name] = asyncio.Event()
        await self._command(
            "record", name=name, format="wav", maxDurationSeconds=seconds, maxSilenceSeconds=5,
            terminateOn="any", ifExists="overwrite",
        )  # fmt: skip
        await self._race(over.wait())

    async def record_on(self, name: str) -> bool:
        """Wait until the recording is over that a process of ours before this one began; False: there is none."""
        over = self._recorded[name] = asyncio.Event()
        try:
            await self.pbx.get(f"recordings/live/{name}")
        except Refused:
            self._recorded.pop(name, None)
            return False
        await self._race(over.wait())
        return True

    def recording_over(self, name: str) -> None:
        if over := self._recorded.pop(name, None):
            over.set()

    async def hang_up(self, *, reason: str = "normal") -> None:
        """`reason`: `normal`, `busy`, `congestion`, `no_answer` (ARI). One that has left us is left alone: it may be in the net."""
        if self.gone.is_set():
            return
        with contextlib.suppress(Refused, PbxGone):
            await self.pbx.delete(f"channels/{self.id}", reason=reason)

    async def fall_into_the_net(self) -> None:
        """Something of ours broke: Asterisk goes on alone with her (extension `alone` of the dialplan)."""
        with contextlib.suppress(Refused, PbxGone):
            await self.pbx.post(f"channels/{self.id}/continue", context="from-trunk", extension="alone", priority=1)

    def playback_over(self, name: str) -> None:
        if over := self._played.get(name):
            over.set()

    async def _first_key(self, over: asyncio.Event) -> str:
        """The key pressed before the sound is over, or an empty string."""
        await self._race(over.wait(), self.keys.wait())
        return self.keys.read()

    async def _race(self, *waiting: Awaitable[Any]) -> list[Any]:
        """What each came to by the time the first was done (None: not yet). Raises HungUp."""
        running = [asyncio.ensure_future(each) for each in (*waiting, self.gone.wait())]
        try:
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            if running[-1].done():
                raise HungUp
            return [each.result() if each.done() else None for each in running[:-1]]
        finally:
            for each in running:
                each.cancel()

    async def _command(self, what: str, **query: str | int) -> None:
        if self.gone.is_set():
            raise HungUp
        try:
            await self.pbx.post(f"channels/{self.id}/{what}", **query)
        except Refused as refused:
            raise HungUp from refused
