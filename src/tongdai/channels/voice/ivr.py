"""Walk a caller through the menu. It knows kinds of steps, and no branch by name."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from .legs import Leg
from .menu import FIRST, Menu
from .models import Step
from .speech import seconds_of

SILENCE = 6.0  # seconds after the words until they are said again
TRIES = 3
BETWEEN_DIGITS = 5.0
CODE_DIGITS = 11


@dataclass
class Walk:
    """Where a caller has been; kept as it grows, so that one who hangs up has left it behind."""

    language: str = "vi"
    path: list[str] = field(default_factory=list)


class DeadEnd(Exception):
    """The menu leads nowhere from this step: a row points at a step that is not there."""


Status = Callable[[str, str], Awaitable[list[Path] | None]]  # (code, language) → what to say of it; None: no such


async def walk(
    leg: Leg, *, menu: Menu, been: Walk, status: Status, is_open: Callable[[], bool], first: str = FIRST
) -> Step:
    """Until a step that needs a person or a machine that takes messages. Raises HungUp, DeadEnd."""
    step = menu.step(first)
    while step is not None:
        been.path.append(step.code)
        if step.code == "english":
            been.language = "en"
        if step.kind in (Step.Kind.QUEUE, Step.Kind.MESSAGE, Step.Kind.OUTSIDE):
            return step
        if step.kind == Step.Kind.LOOKUP:
            await _look_up(leg, menu=menu, been=been, step=step, status=status)
            step = menu.step(step.then)
        elif step.kind == Step.Kind.MENU:
            step = menu.step(await _choice(leg, menu=menu, been=been, step=step))
        elif step.kind == Step.Kind.HOURS:
            step = menu.step(step.keys.get("open", "") if is_open() else step.then)
        else:
            await _hold_out(leg, sound := menu.sound(step.prompt, been.language))
            await leg.listen_to(sound, keys=False)
            step = menu.step(step.then)
    raise DeadEnd(been.path[-1])


async def _choice(leg: Leg, *, menu: Menu, been: Walk, step: Step) -> str:
    """The code the caller chose; after some silence or wrong keys, where the step leads by itself."""
    for _ in range(TRIES):
        await _hold_out(leg, sound := menu.sound(step.prompt, been.language))
        key = await leg.listen_to(sound) or await leg.key(within=SILENCE)
        if key in step.keys:
            return str(step.keys[key])
        if key:
            await leg.listen_to(menu.sound("wrong-key", been.language), keys=False)
    return step.then


async def _hold_out(leg: Leg, *sounds: Path) -> None:
    """For as long as these take to say, and some time to press keys in."""
    await leg.hold_out(60 + math.ceil(sum(seconds_of(sound) for sound in sounds)))


async def _look_up(leg: Leg, *, menu: Menu, been: Walk, step: Step, status: Status) -> None:
    """Say how the case of the code keyed stands."""
    for _ in range(TRIES):
        await _hold_out(leg, sound := menu.sound(step.prompt, been.language))
        code = await leg.listen_to(sound)
        while len(code) < CODE_DIGITS and (digit := await leg.key(within=BETWEEN_DIGITS)):
            code += digit if digit.isdigit() else ""
        found = await status(code, been.language)
        await _hold_out(leg, *found or ())
        if found:
            been.path.append("lookup:found")
            await leg.listen_to(*found)
            return
        await leg.listen_to(menu.sound("no-such-code", been.language), keys=False)
