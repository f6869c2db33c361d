"""A caller, from the first ring to the end: the menu, the queue, a person, a message. She is never left with nobody."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from django.db import Error

from ..asterisk import caller_id
from ..asterisk.arrivals import Arrival
from ..asterisk.caller_id import CallerId
from ..asterisk.client import PbxGone
from ..asterisk.legs import HungUp, Leg
from ..board.board import Caller
from ..board.connection import Connection
from ..conversation import outgoing
from ..duty import urgent
from ..menu import ivr, phone_answers
from ..menu.menu import FIRST
from ..models import Call, Step
from ..records import call_records, positions, queue_log
from ..speech import phrases
from ..speech.synthesis import seconds_of
from . import announcements, distribution, overflow, place_offer, voicemail

log = structlog.get_logger(__name__)
RENEWED_EVERY, RENEWED_FOR = 3, 10  # seconds of the dead man's switch of those who wait
ANNOUNCED_EVERY = 30.0  # seconds between two announcements of how long it will take
ENDS = (
    Step.Kind.QUEUE,
    Step.Kind.MESSAGE,
    Step.Kind.OUTSIDE,
    Step.Kind.KEEP,
)  # where the menu ends, and a person or a machine takes over

SETTLED = (Call.Outcome.MESSAGE, Call.Outcome.KEPT)  # she is rung back for it, however the line ended


async def serve(connection: Connection, leg: Leg, channel: dict[str, Any], arrival: Arrival) -> None:
    """What breaks here breaks for nobody else, and she falls into Asterisk's net.

    When we are told to stop, she is left alone: the dead man's switch leads her there, and who talks, talks on.
    """
    caller = await _known(connection, leg, channel, arrival)
    number = caller.number
    log.info("voice.call", call=caller.call)
    with connection.caught(caller):
        if not connection.flood.lets_in(number, leg.id):
            await connection.db(call_records.flooded, caller.call)
            await leg.hang_up(reason="busy")
            return
        outcome = Call.Outcome.ABANDONED
        try:
            await leg.hold_out(ivr.AWAY_FOR)
            await leg.answer()
            outcome = await go_on(connection, caller, await walk(connection, caller))
        except HungUp:
            pass
        await finish(connection, caller, outcome)


async def serve_again(connection: Connection, leg: Leg, channel: dict[str, Any], arrival: Arrival) -> None:
    """Out of the net, which had her while we were away: she waits for a person, in her place."""
    caller = await _known(connection, leg, channel, arrival)
    with connection.caught(caller):
        row = await connection.db(positions.row_of, caller.call)
        caller.been.path.extend(row.path)
        caller.queue = row.queue
        log.info("voice.back_from_the_net", call=caller.call)
        outcome = Call.Outcome.ABANDONED
        with contextlib.suppress(HungUp):
            outcome = await go_on(
                connection, caller, await connection.db(call_records.waiting_step, queue=row.queue_id)
            )
        await finish(connection, caller, outcome)


async def _known(connection: Connection, leg: Leg, channel: dict[str, Any], arrival: Arrival) -> Caller:
    """She has a row; while the database is away she has none, and falls into the net at once."""
    who = caller_of(channel, shown=arrival.shown, asserted=arrival.asserted)
    try:
        call = await connection.db(
            call_records.came, channel=leg.id, number=who.number, dialled=arrival.dialled or "1022", who=who
        )
    except Error:
        await leg.fall_into_the_net()
        raise
    return Caller(leg, call.pk, who.number)


async def walk(connection: Connection, caller: Caller, first: str = FIRST) -> Step:
    """Through the menu; each step is on record, so that the process after a killed one goes on there. Raises HungUp."""
    return await ivr.walk(
        caller.leg,
        menu=connection.menu,
        been=caller.been,
        status=lambda code, language: _status(connection, code, language),
        answers=ReadyFor(connection, caller),
        is_open=connection.is_open,
        first=first,
        reached=lambda: connection.start(connection.db(positions.walked, caller.call, path=list(caller.been.path))),
    )


async def _status(connection: Connection, code: str, language: str) -> list[Path] | None:
    """How the case of this code stands, as it is said; None: there is no such."""
    return await connection.db(phrases.status, code, language=language, it=connection.it)


def caller_of(channel: dict[str, Any], *, shown: str, asserted: str) -> CallerId:
    """As the carrier says; whoever else calls us says nothing that counts."""
    if not channel["name"].startswith("PJSIP/trunk-"):
        return CallerId(hidden=True)
    return caller_id.read(channel["caller"]["number"], shown=shown, asserted=asserted)


@dataclass(frozen=True)
class ReadyFor:
    """The ready answers, for this caller."""

    connection: Connection
    caller: Caller

    async def offered(self, language: str) -> phone_answers.Offered:
        return await self.connection.db(phone_answers.offered, it=self.connection.it, language=language)

    async def spelt(self, key: str, keys: str) -> phone_answers.Offered:
        return await self.connection.db(phone_answers.spelt, key, keys, it=self.connection.it)

    async def sounds_of(self, key: str, language: str) -> list[Path]:
        await self.connection.db(phone_answers.note, key, number=self.caller.number)
        return await self.connection.db(phone_answers.sounds_of, key, it=self.connection.it, language=language)

    async def texted(self, key: str, language: str) -> bool:
        return await self.connection.db(
            phone_answers.text, key, number=self.caller.number, call=self.caller.call, language=language
        )


async def go_on(connection: Connection, caller: Caller, step: Step | None) -> Call.Outcome:
    """From a step on that needs a person or a machine, until nothing is left to do. Raises HungUp."""
    while step is not None:
        if step.kind == Step.Kind.QUEUE:
            step = await wait_for_a_person(connection, caller, step)
            continue
        await connection.db(call_records.waits_no_more, caller.call)
        await connection.db(positions.walked, caller.call, path=caller.been.path)
        if step.kind == Step.Kind.KEEP:
            step = await place_offer.offer(connection, caller, step)
            if step is None:
                return Call.Outcome.KEPT
        elif step.kind == Step.Kind.OUTSIDE:
            if await outgoing.connect_outside(connection, caller, step.number):
                return Call.Outcome.TRANSFERRED
            step = connection.menu.step(step.then)
        elif step.kind == Step.Kind.SAY:
            await ivr.say(caller.leg, step.prompt, menu=connection.menu, been=caller.been)
            return Call.Outcome.ABANDONED  # without having met anybody: she is rung back
        else:
            await voicemail.take(connection, caller, step)
            return Call.Outcome.MESSAGE
    return Call.Outcome.ANSWERED


async def finish(connection: Connection, caller: Caller, outcome: Call.Outcome) -> None:
    """Her leg is gone, or is to go; who went into the net is not at the end, and waits there."""
    if caller.leg.gone.is_set() and await connection.fallback.has(caller.leg.id):
        log.info("voice.in_the_net", call=caller.call)
        await connection.db(
            call_records.waits, caller.call, queue=caller.queue and caller.queue.pk, path=caller.been.path
        )
        return
    if caller.leg.gone.is_set():
        await connection.db(
            queue_log.take_in_of, caller.leg.id, connection.it
        )  # while we hung she may have met somebody there
    if caller.cut_off or await connection.closes_down(caller.leg) and outcome not in SETTLED:
        outcome = Call.Outcome.CUT
    if outcome == Call.Outcome.ABANDONED and caller.since is None and was_served_by_machine(caller.been.path):
        outcome = Call.Outcome.LOOKED_UP
    await caller.leg.hang_up()
    await connection.db(call_records.ended, caller.call, path=caller.been.path, outcome=outcome)


def was_served_by_machine(path: Sequence[str]) -> bool:
    """Whether the machine told this caller what she wanted to know."""
    return any(place.startswith(("lookup:found", "answer:")) for place in path)


async def wait_for_a_person(connection: Connection, caller: Caller, step: Step) -> Step | None:
    """Where she goes afterwards; None: somebody has talked with her, and that was all. Raises HungUp when she gives up."""
    leg, queue = caller.leg, step.queue
    since, rank = await connection.db(call_records.waits, caller.call, queue=step.queue_id, path=caller.been.path)
    caller.queue, caller.rank = queue, rank
    if queue:
        caller.stood_in.add(queue.pk)
    caller.since = caller.since or since
    caller.onward = asyncio.get_running_loop().create_future()
    caller.passed_by.clear()
    agent, caller.reserved = caller.reserved, None
    caller.offered = agent is not None
    connection.board.waiting.append(caller)
    if agent:
        caller.offer = connection.start(distribution.offer(connection, caller, agent))
    connection.changed.set()  # somebody may be rung while she still hears what she waits for
    begun = announced_at = time.monotonic()
    leg.forget_keys(but=partial(announcements.chosen, connection, caller, step))  # the one that led here, pressed twice
    await _announce_while_waiting(connection, caller, *announcements.first(connection, caller, step))
    while not caller.onward.done():
        if connection.board.holds(caller):
            await leg.hold_out(RENEWED_FOR)
        if connection.board.holds(caller) and not caller.offered:
            await urgent.ring_on_duty(connection, caller)
            if (key := leg.keys.read()) and (chosen := announcements.chosen(connection, caller, step, key)):
                connection.leaves(caller)
                caller.been.path.append(chosen.code)
                return chosen
            if over := overflow.onward(connection, caller, step, waited=time.monotonic() - begun):
                connection.leaves(caller)
                caller.been.path.append(f"overflow:{over.code}")
                return over
            if time.monotonic() - announced_at > ANNOUNCED_EVERY:
                announced_at = time.monotonic()
                await _announce_while_waiting(connection, caller, *await announcements.again(connection, caller, step))
        await leg.until(asyncio.shield(caller.onward), within=RENEWED_EVERY)
    return caller.onward.result()


async def _announce_while_waiting(connection: Connection, caller: Caller, *sounds: Path) -> None:
    """Then music, unless somebody has taken her meanwhile; a key cuts it short and is looked at next."""
    with contextlib.suppress(PbxGone):
        if connection.board.holds(caller):
            await caller.leg.hold_out(RENEWED_FOR + math.ceil(sum(map(seconds_of, sounds))))
        if connection.board.holds(caller):
            await caller.leg.play(*sounds)
        if connection.board.holds(caller):
            await caller.leg.music()
