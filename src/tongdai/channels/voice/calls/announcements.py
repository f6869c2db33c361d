"""What is said to one who waits for a person: only what is so. Nobody at work is said at once, with what one can do."""

from __future__ import annotations

import math
from pathlib import Path

from ..board.board import Caller
from ..board.connection import Connection
from ..models import Step
from ..records import call_records
from ..speech import phrases
from ..trunks import permission

RING_BACK = Step(code="ring-back", kind=Step.Kind.SAY, prompt="ring-back", name="Hẹn gọi lại")
FEWEST_TALKS = 5  # in the last hour: of fewer no wait is guessed


RATHER_NOT_WAIT = "9"  # the key of those who would keep their place, or leave a message


def first(connection: Connection, caller: Caller, step: Step) -> list[Path]:
    """As she comes to the queue."""
    if connection.board.nobody_at_work(caller) and not caller.is_urgent:
        return _nobody(connection, caller)
    return [connection.menu.sound(code, caller.language) for code in step.prompt.split()]


async def again(connection: Connection, caller: Caller, step: Step) -> list[Path]:
    """Each half minute: her place, how long it will take where that can be known, and that her place can be kept."""
    if connection.board.nobody_at_work(caller):
        return (
            [connection.menu.sound("duty-rung", caller.language)] if caller.is_urgent else _nobody(connection, caller)
        )
    place, minutes = connection.board.place_of(caller), await minutes_left(connection, caller)
    sounds = await connection.db(phrases.wait, place=place, minutes=minutes, language=caller.language, it=connection.it)
    if await offers_kept_place(connection, connection.menu.step(step.keys.get(RATHER_NOT_WAIT, ""))):
        sounds.append(connection.menu.sound("or-keep", caller.language))
    return sounds


async def offers_kept_place(connection: Connection, step: Step | None) -> bool:
    """Whether this step offers to keep a place, and we could ring back at all."""
    return step is not None and step.kind == Step.Kind.KEEP and await connection.db(permission.can_ring_out)


def chosen(connection: Connection, caller: Caller, step: Step, key: str) -> Step | None:
    """Where this key leads from the queue; None: nowhere, she waits on."""
    nobody = connection.board.nobody_at_work(caller) and not caller.is_urgent
    if nobody and key == "1" and caller.number:
        return RING_BACK
    if nobody and key == RATHER_NOT_WAIT and connection.menu.message:
        return connection.menu.message  # as she has been told
    return connection.menu.step(step.keys.get(key, ""))


def _nobody(connection: Connection, caller: Caller) -> list[Path]:
    codes = ["nobody", "nobody-ring-back", "nobody-message"] if caller.number else ["nobody", "nobody-message"]
    return [connection.menu.sound(code, caller.language) for code in codes]


async def minutes_left(connection: Connection, caller: Caller) -> int | None:
    """By how long talks take just now; None: too few were held to know, or nobody is at work."""
    talk, people = (
        await connection.db(call_records.usual_talk, fewest=FEWEST_TALKS),
        connection.board.at_work(caller.in_queue),
    )
    if not (talk and people):
        return None
    return max(2, math.ceil(connection.board.place_of(caller) * talk / people / 60))
