"""What is said to one who waits for a person: only what is so. Nobody at work is said at once, with what one can do."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from ..board.board import Caller
from ..models import Step
from ..records import call_records
from ..speech import phrases
from ..trunks import permission

if TYPE_CHECKING:
    from ..switchboard import Switchboard

RING_BACK = Step(code="ring-back", kind=Step.Kind.SAY, prompt="ring-back", name="Hẹn gọi lại")
FEWEST_TALKS = 5  # in the last hour: of fewer no wait is guessed


KEEPS = "9"  # the key of those who would rather not wait


def nobody_at_work(board: Switchboard, caller: Caller) -> bool:
    """Whether nobody takes calls now who may take hers."""
    return not board.room.at_work(caller.in_queue)


def first(board: Switchboard, caller: Caller, step: Step) -> list[Path]:
    """As she comes to the queue."""
    if nobody_at_work(board, caller) and not is_urgent(caller):
        return _nobody(board, caller)
    return [board.menu.sound(code, caller.language) for code in step.prompt.split()]


async def again(board: Switchboard, caller: Caller, step: Step) -> list[Path]:
    """Each half minute: her place, how long it will take where that can be known, and that her place can be kept."""
    if nobody_at_work(board, caller):
        return [board.menu.sound("duty-rung", caller.language)] if is_urgent(caller) else _nobody(board, caller)
    place, minutes = board.room.place_of(caller), await minutes_left(board, caller)
    said = await board.db(phrases.wait, place=place, minutes=minutes, language=caller.language, it=board.it)
    if await may_keep(board, board.menu.step(step.keys.get(KEEPS, ""))):
        said.append(board.menu.sound("or-keep", caller.language))
    return said


async def may_keep(board: Switchboard, step: Step | None) -> bool:
    """Whether this step offers to keep a place, and we could ring back at all."""
    return step is not None and step.kind == Step.Kind.KEEP and await board.db(permission.can_ring_out)


def chosen(board: Switchboard, caller: Caller, step: Step, key: str) -> Step | None:
    """Where this key leads from the queue; None: nowhere, she waits on."""
    nobody = nobody_at_work(board, caller) and not is_urgent(caller)
    if nobody and key == "1" and caller.number:
        return RING_BACK
    if nobody and key == KEEPS and board.menu.message:
        return board.menu.message  # as she has been told
    return board.menu.step(step.keys.get(key, ""))


def is_urgent(caller: Caller) -> bool:
    return bool(caller.queue and caller.queue.urgent)


def _nobody(board: Switchboard, caller: Caller) -> list[Path]:
    codes = ["nobody", "nobody-ring-back", "nobody-message"] if caller.number else ["nobody", "nobody-message"]
    return [board.menu.sound(code, caller.language) for code in codes]


async def minutes_left(board: Switchboard, caller: Caller) -> int | None:
    """By how long talks take just now; None: too few were held to know, or nobody is at work."""
    talk, people = await board.db(call_records.usual_talk, fewest=FEWEST_TALKS), board.room.at_work(caller.in_queue)
    if not (talk and people):
        return None
    return max(2, math.ceil(board.room.place_of(caller) * talk / people / 60))
