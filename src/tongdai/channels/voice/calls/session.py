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
from typing import TYPE_CHECKING, Any

import structlog
from django.db import Error

from ..asterisk import caller_id
from ..asterisk.caller_id import CallerId
from ..asterisk.client import PbxGone
from ..asterisk.exchange import Exchange
from ..asterisk.legs import HungUp, Leg
from ..asterisk.raw_recordings import RawSound
from ..board.board import Caller
from ..conversation import outgoing
from ..duty import urgent
from ..menu import ivr, phone_answers
from ..menu.menu import FIRST
from ..models import Call, Step
from ..queues import overflow
from ..recordings import messages
from ..records import call_records, positions, queue_log
from ..speech.synthesis import seconds_of
from . import announcements, distribution, place_offer

if TYPE_CHECKING:
    from ..switchboard import Switchboard

log = structlog.get_logger(__name__)
RENEWED_EVERY, RENEWED_FOR = 3, 10  # seconds of the dead man's switch of those who wait
TOLD_EVERY = 30.0  # seconds between two words on how long it will take
ENDS = (
    Step.Kind.QUEUE,
    Step.Kind.MESSAGE,
    Step.Kind.OUTSIDE,
    Step.Kind.KEEP,
)  # where the menu ends, and a person or a machine takes over

SETTLED = (Call.Outcome.MESSAGE, Call.Outcome.KEPT)  # she is rung back for it, however the line ended


async def serve(
    board: Switchboard, leg: Leg, channel: dict[str, Any], dialled: str = "", shown: str = "", asserted: str = ""
) -> None:
    """What breaks here breaks for nobody else, and she falls into Asterisk's net.

    When we are told to stop, she is left alone: the dead man's switch leads her there, and who talks, talks on.
    """
    caller = await _known(board, leg, channel, dialled=dialled, shown=shown, asserted=asserted)
    number = caller.number
    log.info("voice.call", call=caller.call)
    with board.caught(caller):
        if not board.flood.lets_in(number, leg.id):
            await board.db(call_records.flooded, caller.call)
            await leg.hang_up(reason="busy")
            return
        outcome = Call.Outcome.ABANDONED
        try:
            await leg.hold_out(ivr.AWAY_FOR)
            await leg.answer()
            outcome = await go_on(board, caller, await walk(board, caller))
        except HungUp:
            pass
        await finish(board, caller, outcome)


async def serve_again(
    board: Switchboard, leg: Leg, channel: dict[str, Any], shown: str = "", asserted: str = ""
) -> None:
    """Out of the net, which had her while we were away: she waits for a person, in her place."""
    caller = await _known(board, leg, channel, shown=shown, asserted=asserted)
    with board.caught(caller):
        row = await board.db(positions.row_of, caller.call)
        caller.been.path.extend(row.path)
        caller.queue = row.queue
        log.info("voice.back_from_the_net", call=caller.call)
        outcome = Call.Outcome.ABANDONED
        with contextlib.suppress(HungUp):
            outcome = await go_on(board, caller, await board.db(call_records.waiting_step, queue=row.queue_id))
        await finish(board, caller, outcome)


async def _known(
    board: Switchboard, leg: Leg, channel: dict[str, Any], *, shown: str, asserted: str, dialled: str = "1022"
) -> Caller:
    """She has a row; while the database is away she has none, and falls into the net at once."""
    who = caller_of(channel, shown=shown, asserted=asserted)
    try:
        call = await board.db(call_records.came, channel=leg.id, number=who.number, dialled=dialled, who=who)
    except Error:
        await leg.fall_into_the_net()
        raise
    return Caller(leg, call.pk, who.number)


async def walk(board: Switchboard, caller: Caller, first: str = FIRST) -> Step:
    """Through the menu; each step is on record, so that the process after a killed one goes on there. Raises HungUp."""
    return await ivr.walk(
        caller.leg,
        menu=board.menu,
        been=caller.been,
        status=board.status,
        answers=ReadyFor(board, caller),
        is_open=board.is_open,
        first=first,
        reached=lambda: board.start(board.db(positions.walked, caller.call, path=list(caller.been.path))),
    )


def caller_of(channel: dict[str, Any], *, shown: str, asserted: str) -> CallerId:
    """As the carrier says; whoever else calls us says nothing that counts."""
    if not channel["name"].startswith("PJSIP/trunk-"):
        return CallerId(hidden=True)
    return caller_id.read(channel["caller"]["number"], shown=shown, asserted=asserted)


@dataclass(frozen=True)
class ReadyFor:
    """The ready answers, for this caller."""

    board: Switchboard
    caller: Caller

    async def offered(self) -> phone_answers.Offered:
        return await self.board.db(phone_answers.offered, it=self.board.it)

    async def spelt(self, key: str, keys: str) -> phone_answers.Offered:
        return await self.board.db(phone_answers.spelt, key, keys, it=self.board.it)

    async def told(self, key: str) -> list[Path]:
        await self.board.db(phone_answers.note, key, number=self.caller.number)
        return await self.board.db(phone_answers.told, key, it=self.board.it)

    async def texted(self, key: str) -> bool:
        return await self.board.db(phone_answers.text, key, number=self.caller.number, call=self.caller.call)


async def go_on(board: Switchboard, caller: Caller, step: Step | None) -> Call.Outcome:
    """From a step on that needs a person or a machine, until nothing is left to do. Raises HungUp."""
    while step is not None:
        if step.kind == Step.Kind.QUEUE:
            step = await wait_for_a_person(board, caller, step)
            continue
        await board.db(call_records.waits_no_more, caller.call)
        await board.db(positions.walked, caller.call, path=caller.been.path)
        if step.kind == Step.Kind.KEEP:
            step = await place_offer.offer(board, caller, step)
            if step is None:
                return Call.Outcome.KEPT
        elif step.kind == Step.Kind.OUTSIDE:
            if await outgoing.connect_outside(board, caller, step.number):
                return Call.Outcome.TRANSFERRED
            step = board.menu.step(step.then)
        elif step.kind == Step.Kind.SAY:
            await ivr.say(caller.leg, step.prompt, menu=board.menu, been=caller.been)
            return Call.Outcome.ABANDONED  # without having met anybody: she is rung back
        else:
            await take_message(board, caller, step)
            return Call.Outcome.MESSAGE
    return Call.Outcome.ANSWERED


async def finish(board: Switchboard, caller: Caller, outcome: Call.Outcome) -> None:
    """Her leg is gone, or is to go; who went into the net is not at the end, and waits there."""
    if caller.leg.gone.is_set() and await board.net.has(caller.leg.id):
        log.info("voice.in_the_net", call=caller.call)
        await board.db(call_records.waits, caller.call, queue=caller.queue and caller.queue.pk, path=caller.been.path)
        return
    if caller.leg.gone.is_set():
        await board.db(queue_log.take_in_of, caller.leg.id, board.it)  # while we hung she may have met somebody there
    if caller.cut_off or caller.leg.cut and outcome not in SETTLED:
        outcome = Call.Outcome.CUT
    if outcome == Call.Outcome.ABANDONED and caller.since is None and has_heard(caller.been.path):
        outcome = Call.Outcome.LOOKED_UP
    await caller.leg.hang_up()
    await board.db(call_records.ended, caller.call, path=caller.been.path, outcome=outcome)


def has_heard(path: Sequence[str]) -> bool:
    """What this caller wanted to know, from the machine."""
    return any(place.startswith(("lookup:found", "answer:")) for place in path)


async def wait_for_a_person(board: Switchboard, caller: Caller, step: Step) -> Step | None:
    """Where she goes afterwards; None: somebody has talked with her, and that was all. Raises HungUp when she gives up."""
    leg, queue = caller.leg, step.queue
    since, rank = await board.db(call_records.waits, caller.call, queue=step.queue_id, path=caller.been.path)
    caller.queue, caller.rank = queue, rank
    if queue:
        caller.stood_in.add(queue.pk)
    caller.since = caller.since or since
    caller.onward = asyncio.get_running_loop().create_future()
    caller.passed_by.clear()
    agent, caller.reserved = caller.reserved, None
    caller.offered = agent is not None
    board.room.waiting.append(caller)
    if agent:
        caller.offer = board.start(distribution.offer(board, caller, agent))
    board.changed.set()  # somebody may be rung while she still hears what she waits for
    begun = told = time.monotonic()
    leg.forget_keys(but=partial(announcements.chosen, board, caller, step))  # the one that led here, pressed twice
    await _say_while_waiting(board, caller, *announcements.first(board, caller, step))
    while not caller.onward.done():
        if board.room.holds(caller):
            await leg.hold_out(RENEWED_FOR)
        if board.room.holds(caller) and not caller.offered:
            await urgent.ring_on_duty(board, caller)
            if (key := leg.keys.read()) and (chosen := announcements.chosen(board, caller, step, key)):
                board.leaves(caller)
                caller.been.path.append(chosen.code)
                return chosen
            if over := overflow.onward(board, caller, step, waited=time.monotonic() - begun):
                board.leaves(caller)
                caller.been.path.append(f"overflow:{over.code}")
                return over
            if time.monotonic() - told > TOLD_EVERY:
                told = time.monotonic()
                await _say_while_waiting(board, caller, *await announcements.again(board, caller, step))
        await leg.until(asyncio.shield(caller.onward), within=RENEWED_EVERY)
    return caller.onward.result()


async def _say_while_waiting(board: Switchboard, caller: Caller, *sounds: Path) -> None:
    """Then music, unless somebody has taken her meanwhile; a key cuts it short and is looked at next."""
    with contextlib.suppress(PbxGone):
        if board.room.holds(caller):
            await caller.leg.hold_out(RENEWED_FOR + math.ceil(sum(map(seconds_of, sounds))))
        if board.room.holds(caller):
            await caller.leg.tell(*sounds)
        if board.room.holds(caller):
            await caller.leg.music()


async def take_message(board: Switchboard, caller: Caller, step: Step) -> None:
    words = [board.menu.sound(code, caller.language) for code in step.prompt.split()]
    await caller.leg.hold_out(ivr.AWAY_FOR + math.ceil(sum(seconds_of(sound) for sound in words)))
    caller.leg.forget_keys()  # the one that led here, pressed twice: it cuts nothing
    await caller.leg.listen_to(*words, keys=caller.been.told)  # a key cuts it once she knows of the recording
    await caller.leg.listen_to(board.it.sounds / "beep.wav", keys=False)
    await caller.leg.hold_out(messages.LONGEST + 60)
    with contextlib.suppress(HungUp):  # as most end it: what was said until then is the message
        await caller.leg.record(_message(caller), seconds=messages.WARNED_AT)
        await _end_message(board, caller)


async def go_on_with_message(board: Switchboard, caller: Caller) -> bool:
    """Let her end the message that she was leaving when our process went, or had left; False: there is none."""
    goes_on = True
    with contextlib.suppress(HungUp):
        if goes_on := await caller.leg.record_on(_message(caller)):
            await _end_message(board, caller)
        elif goes_on := await caller.leg.record_on(_message(caller, 1)):
            await caller.leg.listen_to(board.menu.sound("goodbye", caller.language), keys=False)
    return goes_on or message_of(caller.call, board.it).exists()


def message_of(call: int, it: Exchange) -> Path:
    """Where Asterisk keeps what a caller says, until the archive has it."""
    return it.spool_recordings / f"message-{call}.wav"


async def _end_message(board: Switchboard, caller: Caller) -> None:
    """Whoever has spoken until now hears a tone and how long is left, and goes on. Raises HungUp."""
    said = await board.db(RawSound.read, board.it.spool_recordings / f"{_message(caller)}.wav")
    if said.seconds > messages.WARNED_AT - 1:
        await caller.leg.hold_out(messages.LONGEST)
        soon = board.menu.sound("message-ends-soon", caller.language)
        await caller.leg.listen_to(board.it.sounds / "beep.wav", soon, keys=False)
        await caller.leg.record(_message(caller, 1), seconds=messages.LONGEST - messages.WARNED_AT)
    await caller.leg.listen_to(board.menu.sound("goodbye", caller.language), keys=False)


def _message(caller: Caller, part: int = 0) -> str:
    return f"message-{caller.call}" + (f"_{part}" if part else "")
