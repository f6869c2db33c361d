"""Walk a caller through the menu. It knows kinds of steps, and no branch by name."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tongdai.cases import codes

from ..asterisk.legs import Leg
from ..models import Step
from ..speech.prompts import RECORDED
from ..speech.synthesis import seconds_of
from .menu import FIRST, Menu
from .phone_answers import BY_WARD, Offered

ENGLISH = ("english", "english-closed")  # steps from which on she is spoken to in English
FURTHER = (Step.Kind.MENU, Step.Kind.SAY, Step.Kind.HOURS)  # steps that lead on: her own affair has not begun
SILENCE = 6.0  # seconds after the words until they are said again
TRIES = 3
BETWEEN_DIGITS = 5.0
AWAY_FOR = (
    20  # seconds beside the words and the silence after them: then our process is away, and Asterisk goes on alone
)


@dataclass
class Walk:
    """Where a caller has been; kept as it grows, so that one who hangs up has left it behind.

    `recording_announced`: she has heard that the call is recorded.
    """

    language: str = "vi"
    recording_announced: bool = False
    path: list[str] = field(default_factory=list)


class DeadEnd(Exception):
    """The menu leads nowhere from this step: a row points at a step that is not there."""


Status = Callable[[str, str], Awaitable[list[Path] | None]]  # (code, language) → what to say of it; None: no such


class Answers(Protocol):
    """The ready answers, for this caller."""

    async def offered(self, language: str) -> Offered: ...

    async def spelt(self, key: str, keys: str) -> Offered: ...

    async def sounds_of(self, key: str, language: str) -> list[Path]: ...

    async def texted(self, key: str, language: str) -> bool: ...


async def walk(
    leg: Leg,
    *,
    menu: Menu,
    been: Walk,
    status: Status,
    answers: Answers,
    is_open: Callable[[], bool],
    first: str = FIRST,
    reached: Callable[[], object] = lambda: None,
) -> Step:
    """Until a step that needs a person or a machine that takes messages. Raises HungUp, DeadEnd.

    `reached`: told at each step, when it stands in the path.
    """
    step = menu.step(first)
    while step is not None:
        been.path.append(step.code)
        reached()
        if step.code in ENGLISH:
            been.language = "en"
        if step.kind not in FURTHER:
            await announce_recording(leg, menu=menu, been=been)
        if step.kind in (Step.Kind.QUEUE, Step.Kind.MESSAGE, Step.Kind.OUTSIDE, Step.Kind.KEEP):
            return step
        if step.kind == Step.Kind.LOOKUP:
            await _look_up(leg, menu=menu, been=been, step=step, status=status)
            step = menu.step(step.then)
        elif step.kind == Step.Kind.ANSWERS:
            step = menu.step(await _answer(leg, menu=menu, been=been, step=step, answers=answers))
        elif step.kind == Step.Kind.MENU:
            step = menu.step(await _choice(leg, menu=menu, been=been, step=step))
        elif step.kind == Step.Kind.HOURS:
            step = menu.step(step.keys.get("open", "") if is_open() else step.then)
        else:
            if key := await say(leg, step.prompt, menu=menu, been=been):
                leg.put_back(key)  # it is meant for the menu that follows
            step = menu.step(step.then)
    raise DeadEnd(been.path[-1])


async def say(leg: Leg, codes: str, *, menu: Menu, been: Walk, more: Sequence[Path] = ()) -> str:
    """Say these prompts, and `more` after them; a key cuts them short and is returned."""
    sounds = [menu.sound(code, been.language) for code in codes.split()]
    await _hold_out(leg, *sounds, *more)
    for code, sound in zip(codes.split(), sounds, strict=True):
        if key := await leg.listen_to(sound):
            return key
        been.recording_announced = been.recording_announced or menu.announces_recording(code, been.language)
    return await leg.listen_to(*more)


async def announce_recording(leg: Leg, *, menu: Menu, been: Walk) -> None:
    """Whoever pressed a key before the sentence was over, or came by another way, hears it now: no key cuts it."""
    if not been.recording_announced:
        await _hold_out(leg, sound := menu.sound(RECORDED, been.language))
        await leg.listen_to(sound, keys=False)
        been.recording_announced = True


async def _choice(leg: Leg, *, menu: Menu, been: Walk, step: Step) -> str:
    """The code the caller chose; after some silence or wrong keys, where the step leads by itself."""
    for _ in range(TRIES):
        key = await say(leg, step.prompt, menu=menu, been=been) or await leg.key(within=SILENCE)
        if key in step.keys:
            return str(step.keys[key])
        if key:
            await leg.play(menu.sound("wrong-key", been.language))
    return step.then


async def _hold_out(leg: Leg, *sounds: Path) -> None:
    """For as long as these take to say, and some time to press keys in."""
    await leg.hold_out(AWAY_FOR + math.ceil(sum(seconds_of(sound) for sound in sounds)))


async def _look_up(leg: Leg, *, menu: Menu, been: Walk, step: Step, status: Status) -> None:
    """Say how the case of the code keyed stands."""
    for _ in range(TRIES):
        key = await say(leg, step.prompt, menu=menu, been=been)
        code = key if key.isdigit() else ""
        while len(code) < codes.LENGTH:
            await _hold_out(leg)
            if not (digit := await leg.key(within=BETWEEN_DIGITS)):
                break
            code += digit if digit.isdigit() else ""
        found = await status(code, been.language)
        await _hold_out(leg, *found or ())
        if found:
            been.path.append("lookup:found")
            while (key := await leg.listen_to(*found)) == "#":  # as many end a code: it was heard from the start, then
                await _hold_out(leg, *found)
            if key:
                leg.put_back(key)  # it is meant for the menu that follows
            return
        await leg.play(menu.sound("no-such-code", been.language))


AGAIN, TEXT, ANOTHER = "1", "2", "3"  # what may be pressed after an answer, beside the step's own keys


async def _answer(leg: Leg, *, menu: Menu, been: Walk, step: Step, answers: Answers) -> str:
    """Offer the ready answers and tell those chosen; the code of the step she goes to afterwards."""
    offered = await answers.offered(been.language)
    silent = 0
    while silent < TRIES:
        key = await say(leg, step.prompt, menu=menu, been=been, more=offered.sounds) or await leg.key(within=SILENCE)
        if key in step.keys:
            return str(step.keys[key])
        chosen = offered.keys.get(key, "")
        if chosen.startswith(BY_WARD):
            key, chosen = "", await _of_a_ward(leg, menu=menu, been=been, table=chosen, answers=answers)
        if not chosen:
            silent += 1
            if key:
                await leg.play(menu.sound("wrong-key", been.language))
            continue
        silent = 0
        key = await _play_answer(leg, menu=menu, been=been, chosen=chosen, answers=answers)
        if key in step.keys:
            return str(step.keys[key])
    return step.then


async def _of_a_ward(leg: Leg, *, menu: Menu, been: Walk, table: str, answers: Answers) -> str:
    """The answer for the ward she spells on the keys, ended by `#`; empty where none is found or she goes back by `*`."""
    for _ in range(TRIES):
        await _hold_out(leg, sound := menu.sound("key-ward", been.language))
        keys = key = await leg.listen_to(sound) or await leg.key(within=SILENCE)
        while key and key not in "#*":
            await _hold_out(leg)
            key = await leg.key(within=BETWEEN_DIGITS)
            keys += key
        if "*" in keys:
            return ""
        found = await answers.spelt(table, keys.rstrip("#"))
        if not found.keys:
            await leg.play(menu.sound("no-such-ward", been.language))
        elif len(found.keys) == 1:
            return found.keys["1"]
        else:
            await _hold_out(leg, *found.sounds)
            if chosen := found.keys.get(await leg.listen_to(*found.sounds) or await leg.key(within=SILENCE)):
                return chosen
    return ""


async def _play_answer(leg: Leg, *, menu: Menu, been: Walk, chosen: str, answers: Answers) -> str:
    """Say one answer, as often as she likes; the key she went on by."""
    been.path.append(f"answer:{chosen}")
    sounds = [*await answers.sounds_of(chosen, been.language), menu.sound("after-answer", been.language)]
    while True:
        await _hold_out(leg, *sounds)
        key = await leg.listen_to(*sounds) or await leg.key(within=SILENCE)
        if key == TEXT:
            texted = await answers.texted(chosen, been.language)
            await leg.play(menu.sound("texted" if texted else "cannot-text", been.language))
            return ANOTHER
        if key != AGAIN:
            return key
