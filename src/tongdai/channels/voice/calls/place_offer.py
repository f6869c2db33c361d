"""Who would rather not wait keeps her place and hangs up: asked by keys, her number read back, or keyed where it is hidden."""

from __future__ import annotations

import math
from pathlib import Path

from tongdai.people.phones import normalise

from ..board.board import Caller
from ..board.connection import Connection
from ..models import Step
from ..queues import kept_places
from ..records import call_records
from ..speech import phrases
from ..speech.synthesis import seconds_of
from . import announcements

YES, OTHER_NUMBER, BACK = "1", "2", "*"
SILENCE, BETWEEN_DIGITS = 6.0, 5.0  # seconds
TRIES = 3
LONGEST_NUMBER = 15  # digits (E.164)


async def offer(connection: Connection, caller: Caller, step: Step) -> Step | None:
    """Where she goes instead: a message, or back to her place on the line; None: it is kept, and she may hang up.

    Raises HungUp.
    """
    if not await announcements.offers_kept_place(connection, step):
        return _to(connection, caller, step.then)
    if caller.since is None:  # not out of a queue, or our process was away meanwhile
        return await connection.db(call_records.waiting_step, queue=caller.in_queue)
    for _ in range(TRIES):
        key = await _ask(caller, connection.menu.sound(step.prompt, caller.language))
        if key == YES:
            if number := await _number(connection, caller):
                await _keep_place(connection, caller, number)
                return None
            break
        if chosen := _to(connection, caller, str(step.keys.get(key, ""))):
            return chosen
        if key in ("", BACK):
            break
    return await connection.db(call_records.waiting_step, queue=caller.in_queue)


def _to(connection: Connection, caller: Caller, code: str) -> Step | None:
    if step := connection.menu.step(code):
        caller.been.path.append(step.code)
    return step


async def _number(connection: Connection, caller: Caller) -> str:
    """The number she confirms; empty: none."""
    number = caller.number
    for _ in range(TRIES):
        if not await connection.db(kept_places.may_be_kept_for, number):
            number = await _keyed(connection, caller)
            if not await connection.db(kept_places.may_be_kept_for, number):
                await _play(caller, connection.menu.sound("cannot-ring", caller.language))
                continue
        read = await connection.db(phrases.number_back, number, language=caller.language, it=connection.it)
        key = await _ask(caller, *read, connection.menu.sound("right-number", caller.language))
        if key == YES:
            return number
        if key != OTHER_NUMBER:
            return ""
        number = ""
    return ""


async def _keyed(connection: Connection, caller: Caller) -> str:
    """A number on the keys, ended by `#` or by silence (E.164); empty: it is none."""
    keys = key = await _ask(caller, connection.menu.sound("key-number", caller.language))
    while key and key not in "#*" and len(keys) < LONGEST_NUMBER:
        await _hold_out(caller)
        key = await caller.leg.key(within=BETWEEN_DIGITS)
        keys += key
    return normalise(keys.strip("#*")) or ""


async def _keep_place(connection: Connection, caller: Caller, number: str) -> None:
    await connection.db(kept_places.keep, caller.call, number=number, rank=caller.rank, language=caller.language)
    caller.been.path.append(kept_places.PATH)
    place, minutes = connection.board.place_of(caller), await announcements.minutes_left(connection, caller)
    sounds = await connection.db(
        phrases.wait, place=place, minutes=minutes, place_kept=True, language=caller.language, it=connection.it
    )
    await _play(caller, *sounds, connection.menu.sound("place-kept", caller.language))


async def _ask(caller: Caller, *sounds: Path) -> str:
    """The key pressed while it is said, or soon after."""
    await _hold_out(caller, *sounds)
    return await caller.leg.listen_to(*sounds) or await caller.leg.key(within=SILENCE)


async def _play(caller: Caller, *sounds: Path) -> None:
    await _hold_out(caller, *sounds)
    await caller.leg.listen_to(*sounds, keys=False)


async def _hold_out(caller: Caller, *sounds: Path) -> None:
    await caller.leg.hold_out(30 + math.ceil(sum(seconds_of(sound) for sound in sounds)))
