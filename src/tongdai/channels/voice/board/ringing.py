"""Telephones that we make ring: until somebody answers, or it is known why nobody does."""

from __future__ import annotations

import asyncio
import contextlib
import math
import uuid
from collections.abc import Mapping
from types import MappingProxyType

import structlog

from ..asterisk.client import Pbx, PbxGone, Refused
from ..asterisk.exchange import APPLICATION
from ..asterisk.legs import Leg
from ..asterisk.telephones import Telephones
from ..records import orders

log = structlog.get_logger(__name__)
STOPS_WITHIN = 1.0  # seconds until a telephone that rang no more is wanted has stopped

# What a call ended for (ITU-T Q.850, which Asterisk makes of the SIP answer: 486 is 17, 603 is 21, 404 is 1, 480 is 19).
UNALLOCATED, NORMAL, BUSY, NO_ANSWER, REJECTED, CHANGED, INCOMPLETE = 1, 16, 17, 19, 21, 22, 28
NO_WAY = 38  # the network is out of order
TURNED_DOWN = frozenset({BUSY, REJECTED})  # by whoever has the telephone
BACK_WITHIN = 4.0  # seconds for a page that is read anew while it rings
FOLLOWS_WITHIN = 0.5  # seconds between the exchange's event of a leg that went and that of its telephone
WORDS = {
    BUSY: orders.LINE_BUSY,
    REJECTED: orders.DECLINED,
    UNALLOCATED: orders.NO_SUCH_NUMBER,
    CHANGED: orders.NO_SUCH_NUMBER,
    INCOMPLETE: orders.NO_SUCH_NUMBER,
}
BY_THE_NETWORK = frozenset({3, 27, 34, 38, 41, 42, 44, 47, 58, 127})  # another carrier may reach the same number


class NotReached(Exception):
    """Nobody answered; `cause` as above."""

    def __init__(self, cause: int) -> None:
        super().__init__(str(cause))
        self.cause = cause

    @property
    def by_the_network(self) -> bool:
        """Whether it was the carrier that could not, and nobody at the other end."""
        return self.cause in BY_THE_NETWORK

    @property
    def why(self) -> str:
        """An order's words."""
        return orders.NO_WAY if self.by_the_network else WORDS.get(self.cause, orders.NOBODY)


class Rings:
    """All telephones that ring for us just now, by the channel's name."""

    def __init__(self, pbx: Pbx, legs: dict[str, Leg], telephones: Telephones) -> None:
        self._pbx, self._legs, self._telephones = pbx, legs, telephones
        self._answers: dict[str, asyncio.Future[int]] = {}  # → 0: answered; else why it ended
        self._stopping: dict[str, asyncio.Event] = {}
        self._whose: dict[str, str] = {}  # the telephones' endpoints
        self._turned_down: set[str] = set()  # on the page: they ring until we stop them

    def knows(self, channel: str) -> bool:
        return channel in self._answers or channel in self._stopping

    def answered(self, channel: str) -> bool:
        """This one is taken up; False: nobody rings it any more."""
        answer = self._answers.get(channel)
        if answer is None or answer.done():
            return False
        answer.set_result(0)
        return True

    def over(self, channel: str, cause: int) -> None:
        """This one is no more."""
        if (answer := self._answers.get(channel)) and not answer.done():
            answer.set_result(cause or NORMAL)
        if stopped := self._stopping.get(channel):
            stopped.set()

    def turn_down(self, endpoint: str) -> bool:
        """Whoever has this telephone does not take what rings there. False: nothing does."""
        rung = [name for name, whose in self._whose.items() if whose == endpoint and not self._answers[name].done()]
        for name in rung:
            self._turned_down.add(name)
            self._answers[name].set_result(REJECTED)
        return bool(rung)

    async def follow(self, endpoint: str, *, call: int, shown: str, within: int, or_until: asyncio.Event,
                     auto: bool = False) -> Leg:  # fmt: skip
        """As `reach`, wherever an agent's telephone is: a page read anew, or another browser that takes it, rings too."""
        clock = asyncio.get_running_loop().time
        end = clock() + within
        while True:
            stop = asyncio.Event()
            moved = asyncio.ensure_future(self._telephones.moved(endpoint))
            given_up = asyncio.ensure_future(or_until.wait())
            rings = asyncio.ensure_future(
                self.reach(endpoint, call=call, shown=shown, within=math.ceil(end - clock()), or_until=stop, auto=auto)
            )
            try:
                await asyncio.wait({rings, moved, given_up}, return_when=asyncio.FIRST_COMPLETED)
                stop.set()
                return await rings
            except NotReached as why:
                if given_up.done() or why.cause in TURNED_DOWN or end - clock() < FOLLOWS_WITHIN:
                    raise
                await asyncio.wait({moved}, timeout=FOLLOWS_WITHIN)
                if not (moved.done() and await self._is_back(endpoint)):
                    raise
            finally:
                for each in (rings, moved, given_up):
                    each.cancel()

    async def _is_back(self, endpoint: str) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BACK_WITHIN):
                await self._telephones.there(endpoint)
        return self._telephones.is_there(endpoint)

    async def ring(self, endpoint: str, *, call: int, shown: str, within: int, or_until: asyncio.Event,
                   auto: bool = False, channel: str = "", recorded: bool = False) -> Leg | None:  # fmt: skip
        """As `reach`; None if nobody answers."""
        try:
            return await self.reach(
                endpoint, call=call, shown=shown, within=within, or_until=or_until, auto=auto, channel=channel,
                recorded=recorded,
            )  # fmt: skip
        except NotReached:
            return None

    async def reach(
        self,
        endpoint: str,
        *,
        call: int,
        shown: str,
        within: int,
        or_until: asyncio.Event,
        auto: bool = False,
        channel: str = "",
        recorded: bool = False,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> Leg:
        """Ring a telephone; its leg once somebody has answered. It has stopped ringing when this ends, however it does.

        `call`: which call it is for, told to the desk's softphone. `auto`: the telephone answers by itself. `recorded`:
        as any caller is, by the dialplan. `more`: headers of the INVITE.

        Raises:
            NotReached: nobody did within so long, the telephone is busy or refuses, or nobody is wanted any more.
        """
        if or_until.is_set():
            raise NotReached(NORMAL)
        name = channel or f"ours-{uuid.uuid4().hex}"
        headers = {"PJSIP_HEADER(add,X-Call)": str(call)} if call else {}
        headers |= {f"PJSIP_HEADER(add,{name})": value for name, value in more.items()}
        if auto:
            headers |= {"PJSIP_HEADER(add,X-Auto)": "1", "PJSIP_HEADER(add,Call-Info)": "<sip:1022>;answer-after=0"}
        where: dict[str, str | int] = {"app": APPLICATION, "appArgs": "ours"}
        if recorded:
            where = {"context": "to-citizen", "extension": "s", "priority": 1}
        answer = self._answers[name] = asyncio.get_running_loop().create_future()
        self._whose[name] = endpoint
        given_up = asyncio.ensure_future(or_until.wait())
        taken: Leg | None = None
        begun = True
        try:
            await self._pbx.originate(
                name, endpoint=f"PJSIP/{endpoint}", timeout=within, callerId=f'"{shown or "?"}" <{shown or "0"}>',
                variables=headers, **where,
            )  # fmt: skip
            await asyncio.wait({answer, given_up}, timeout=within + 2, return_when=asyncio.FIRST_COMPLETED)
            taken = self._legs.get(name) if answer.done() and answer.result() == 0 else None
        except (Refused, PbxGone) as refused:
            begun = isinstance(refused, PbxGone)
            log.warning("voice.cannot_ring", endpoint=endpoint, why=str(refused)[:160])
            raise NotReached(NO_WAY) from refused
        finally:
            given_up.cancel()
            self._answers.pop(name, None)
            self._whose.pop(name, None)
            ended = answer.done() and answer.result() and name not in self._turned_down
            self._turned_down.discard(name)
            if taken is None and begun and not ended:
                await self._stop(name)
        if taken is None:
            raise NotReached((answer.done() and answer.result()) or (NORMAL if or_until.is_set() else NO_ANSWER))
        return taken

    async def _stop(self, name: str) -> None:
        """The telephone may be rung for somebody else afterwards: it would be busy still."""
        stopped = self._stopping[name] = asyncio.Event()
        try:
            await self._pbx.delete(f"channels/{name}")
            async with asyncio.timeout(STOPS_WITHIN):
                await stopped.wait()
        except (Refused, PbxGone, TimeoutError):
            return
        finally:
            self._stopping.pop(name, None)

    async def snoop(self, channel: str, *, whisper: str = "none") -> Leg:
        """A leg on which both sides of that one are heard; what is spoken into it, `whisper`: `out`, that one alone hears."""
        name = f"spy-{uuid.uuid4().hex}"
        answer = self._answers[name] = asyncio.get_running_loop().create_future()
        try:
            await self._pbx.post(
                f"channels/{channel}/snoop/{name}", spy="both", whisper=whisper, app=APPLICATION, appArgs="ours"
            )
            async with asyncio.timeout(5):
                await answer
        finally:
            self._answers.pop(name, None)
        return self._legs[name]
