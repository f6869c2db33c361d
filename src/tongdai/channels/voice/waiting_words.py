"""What is said to one who waits for a person: only what is so. Nobody at work is said at once, with what one can do."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from . import records, spoken
from .models import Step
from .room import Caller

if TYPE_CHECKING:
    from .switchboard import Switchboard

RING_BACK = Step(code="ring-back", kind=Step.Kind.SAY, prompt="ring-back", name="Hẹn gọi lại")
FEWEST_TALKS = 5  # in the last hour: of fewer no wait is guessed


def nobody_at_work(board: Switchboard) -> bool:
    return not board.room.at_work()


def first(board: Switchboard, caller: Caller, step: Step) -> list[Path]:
    """As she comes to the queue."""
    if nobody_at_work(board) and not is_urgent(caller):
        return _nobody(board, caller)
    return [board.menu.sound(code, caller.language) for code in step.prompt.split()]


async def again(board: Switchboard, caller: Caller) -> list[Path]:
    """Each half minute: her place, and how long it will take where that can be known."""
    if nobody_at_work(board):
        return [board.menu.sound("duty-rung", caller.language)] if is_urgent(caller) else _nobody(board, caller)
    place, minutes = board.room.place_of(caller), await _minutes(board, caller)
    return await board.db(spoken.wait, place=place, minutes=minutes, language=caller.language, it=board.it)


def chosen(board: Switchboard, caller: Caller, step: Step, key: str) -> Step | None:
    """Where this key leads from the queue; None: nowhere, she waits on."""
    if found := board.menu.step(step.keys.get(key, "")):
        return found
    if not nobody_at_work(board) or is_urgent(caller):
        return None
    if key == "1" and caller.number:
        return RING_BACK
    return board.menu.message if key == "9" else None


def is_urgent(caller: Caller) -> bool:
    return bool(caller.queue and caller.queue.urgent)


def _nobody(board: Switchboard, caller: Caller) -> list[Path]:
    codes = ["nobody", "nobody-ring-back", "nobody-message"] if caller.number else ["nobody", "nobody-message"]
    return [board.menu.sound(code, caller.language) for code in codes]


async def _minutes(board: Switchboard, caller: Caller) -> int | None:
    """By how long talks take just now; None: too few were held to know."""
    talk = await board.db(records.usual_talk, fewest=FEWEST_TALKS)
    if not talk:
        return None
    return max(2, math.ceil(board.room.place_of(caller) * talk / board.room.at_work() / 60))
