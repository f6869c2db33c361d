"""Whose voice comes in a talk, counted in packets: a quiet line is not a dead one, and a dead one is no hang-up.

Who is left hears music; the talk goes on when packets come again. An agent who stays away is replaced by the next; a citizen who
stays away is rung back.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from django.db import Error

from ..asterisk.client import PbxGone, Refused
from ..asterisk.legs import HungUp, Leg
from ..board.board import AtWork
from ..speech.synthesis import seconds_of
from . import third_party

if TYPE_CHECKING:
    from .conversation import Talk

log = structlog.get_logger(__name__)
LOOKS_EVERY = 3.0  # seconds
LOST_AFTER = 5.0  # seconds without a packet
ON_ITS_WAY = 0.5  # seconds in which packets may still come of a telephone that has gone
AGENT_WITHIN, CITIZEN_WITHIN = 30.0, 60.0  # seconds until a voice that is lost is given up
BACK_WITHIN = 20.0  # seconds for an agent whose page was read anew
HELD_FOR = (
    45  # seconds of the dead man's switch of who hears music while an agent has her: one that hung is replaced by then
)


@dataclass
class Heard:
    """What came on one leg: so many packets, and none `since` then, by the clock that never goes back."""

    count: int
    since: float

    def take(self, count: int, at: float) -> None:
        if count != self.count:
            self.count, self.since = count, at

    def silent_for(self, at: float) -> float:
        return at - self.since


class Sound:
    """Of one talk, as long as it goes on."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.changed = asyncio.Event()
        self.lost: frozenset[str] = frozenset()  # of caller, agent: had been heard, and is not
        self.given_up = ""  # which of them
        self._heard: dict[str, Heard] = {}
        self._told = ""
        self._music = ""  # whom it is played to because the other is lost

    # ── what is heard ────────────────────────────────────────────────────────────────────────────────────────────────

    async def watch(self) -> None:
        """For ever: look, and say so where something changed. While the database is away, what is on record waits."""
        while True:
            await asyncio.sleep(LOOKS_EVERY)
            with contextlib.suppress(Error):
                await self._look()

    async def _look(self) -> None:
        at, talk = time.monotonic(), self.talk
        silent, lost, given_up = "", set(), ""
        for whose, leg, within in (
            ("caller", talk.caller.leg, CITIZEN_WITHIN),
            ("agent", talk.leg, AGENT_WITHIN),
        ):
            heard = await self._listen(leg, at)
            if heard is None or leg.on_hold or heard.silent_for(at) < LOST_AFTER:
                continue
            if whose == "agent" or not talk.held:
                silent = whose
            if heard.count and talk.agent:
                lost.add(whose)
                given_up = whose if heard.silent_for(at) > LOST_AFTER + within else given_up
        if (frozenset(lost), given_up) != (self.lost, self.given_up) or given_up:
            log.info("voice.sound", call=talk.caller.call, lost=sorted(lost), given_up=given_up)
            self.lost, self.given_up = frozenset(lost), given_up
            self.changed.set()
        await self._tell(silent)

    async def _tell(self, silent: str) -> None:
        if silent != self._told:
            await self.talk.note(no_sound=silent)
            self._told = silent

    async def _listen(self, leg: Leg, at: float) -> Heard | None:
        """None: the exchange doesn't say."""
        with contextlib.suppress(Refused, PbxGone, KeyError, TypeError):
            count = int((await self.talk.board.pbx.get(f"channels/{leg.id}/rtp_statistics"))["rxcount"])
            heard = self._heard.setdefault(leg.id, Heard(count, at))
            heard.take(count, at)
            return heard
        return None

    async def _comes(self, leg: Leg, *, within: float) -> bool:
        """Whether another packet comes on this leg in so many seconds."""
        end = time.monotonic() + within
        first = await self._listen(leg, time.monotonic())
        count = first.count if first else 0
        while first and not leg.gone.is_set():
            if first.count != count:
                return True
            if time.monotonic() > end:
                return False
            await asyncio.sleep(0.25)
            first = await self._listen(leg, time.monotonic())
        return False

    # ── what comes of it ─────────────────────────────────────────────────────────────────────────────────────────────

    async def act(self) -> None:
        """Something has changed. Raises Over, HungUp."""
        self.changed.clear()
        try:
            await self._act()
        except Error as away:
            # No talk ends because the database is away: what couldn't be done is done at a later look.
            log.warning("voice.sound_waits", call=self.talk.caller.call, error=type(away).__name__)

    async def _act(self) -> None:
        talk = self.talk
        if self.given_up:
            await self._tell("")
        if self.given_up == "caller":
            raise talk.over()
        if self.given_up == "agent":
            await third_party.lost(talk)
            if talk.agent:
                raise await talk.to_anybody()
            return
        if "agent" in self.lost and talk.leg.unregistered and talk.agent:
            await third_party.lost(talk)
            if talk.agent:
                await self.bring_back(talk.agent)
            return
        wanted = "caller" if "agent" in self.lost else "agent" if "caller" in self.lost else ""
        if self._music == wanted:
            return
        if self._music == "caller" and not (talk.ringing or talk.other):
            await talk.resume()
        elif self._music == "agent":
            await talk.leg.music(False)
        self._music = "" if talk.held else wanted  # who is on hold hears music as it is
        if self._music == "caller":
            await talk.hold()
        elif self._music == "agent":
            await talk.leg.music()

    def waits_for_agent(self) -> None:
        """She hears music because the agent isn't with her, and not on hold: she is spoken with as soon as the agent is."""
        self._music = "caller"

    def hangs_up(self) -> bool:
        """Whether an agent's leg that has gone was hung up: not if the network had lost it."""
        return not self.talk.leg.lost.is_set() and "agent" not in self.lost

    async def talks_on(self) -> bool:
        """Whether an agent whose telephone is registered no more is heard all the same."""
        talk = self.talk
        if talk.dismissed:
            return False
        await talk.first({"gone": talk.leg.gone.wait(), "a moment": asyncio.sleep(ON_ITS_WAY)})
        if talk.leg.gone.is_set() or not await self._comes(talk.leg, within=1.0):
            return False
        talk.leg.lost.clear()
        talk.leg.unregistered = True
        return True

    async def bring_back(self, agent: AtWork) -> None:
        """The agent's page was read anew, or her machine is gone: the caller hears a word and music until she is back.

        Raises Over: she doesn't come back in time; the caller is served next, by anybody.
        """
        talk = self.talk
        log.warning("voice.line_lost", call=talk.caller.call, agent=agent.user)
        await talk.leg.hang_up()
        if talk.dismissed:
            raise await talk.to_anybody()
        held = talk.held and not self._music  # by the agent herself: the page comes back as it was
        spoke = (heard := self._heard.get(talk.leg.id)) is not None and heard.count > 0
        await talk.hold()
        music = asyncio.create_task(self._one_moment())
        try:
            leg = await self._ring_again(agent, until=time.monotonic() + BACK_WITHIN, speaks=spoke)
        finally:
            music.cancel()
        if leg is None:
            raise await talk.to_anybody()
        talk.leg, self.lost, self._music = leg, frozenset(), ""
        with contextlib.suppress(Refused):  # gone again: that is what happens next
            await talk.board.pbx.post(f"bridges/{talk.bridge}/addChannel", channel=leg.id)
        if not held:
            await talk.resume()

    async def _ring_again(self, agent: AtWork, *, until: float, speaks: bool) -> Leg | None:
        """Her leg, as soon as the telephone is there; one whose voice came before (`speaks`) once it comes again."""
        talk = self.talk
        while (left := until - time.monotonic()) > 0:
            back = asyncio.ensure_future(talk.board.lines.there(agent.endpoint))
            try:
                while not back.done() and time.monotonic() < until:
                    await talk.caller.leg.hold_out(HELD_FOR)
                    await talk.first({"back": asyncio.shield(back), "a moment": asyncio.sleep(min(left, 1.0))})
                if back.done():
                    leg = await talk.board.ring(
                        agent.endpoint, call=talk.caller.call, shown=talk.caller.number, within=5,
                        or_until=talk.caller.leg.gone, auto=True,
                    )  # fmt: skip
                    if leg and not (speaks and await self._is_dumb(leg)):
                        return leg
                    await talk.first({"a moment": asyncio.sleep(min(left, 1.0))})  # not as often as it refuses
            finally:
                back.cancel()
        return None

    async def _is_dumb(self, leg: Leg) -> bool:
        """A leg on which nothing comes: it is hung up."""
        await self.talk.caller.leg.hold_out(HELD_FOR)
        if await self._comes(leg, within=4.0):
            return False
        await leg.hang_up()
        return True

    async def _one_moment(self) -> None:
        talk = self.talk
        with contextlib.suppress(HungUp, Refused, PbxGone):
            sound = talk.board.menu.sound("one-moment", talk.caller.language)
            await talk.caller.leg.hold_out(HELD_FOR + math.ceil(seconds_of(sound)))
            await talk.caller.leg.listen_to(sound, keys=False)
            if talk.held:
                await talk.caller.leg.music()
