"""How a case stands, as it is said: digits one by one, days and agencies as one says them; and how long one waits."""

from __future__ import annotations

import re
from pathlib import Path

from tongdai.cases import codes, queries
from tongdai.people.phones import pretty
from tongdai.platform.clock import CITY_TZ

from ..asterisk.exchange import Exchange
from . import fragments
from .fragments import Part, digits, name, number, sounds, words

LONG = 15  # minutes: how long a longer wait will be, nobody knows


def status(code: str, *, language: str, it: Exchange) -> list[Path] | None:
    """What to say of this case; None: no such code. Nothing of what was written is said to whoever keyed it."""
    read = codes.read(code)
    found = queries.status_by_code(read) if read else None
    if found is None:
        return None
    spoken = [words("case-code", language=language), *digits(found.code, language=language, ends=":")]
    spoken.append(fragments.state(found.state, language=language, ends="."))
    if found.agency:
        spoken += [words("agency", language=language, ends=":"), name(found.agency, ends=".")]
    if not found.in_danger and not found.promises_date:
        return sounds(spoken, language=language, it=it)
    if not found.in_danger:
        day = (found.answered_at or found.due_at).astimezone(CITY_TZ)
        spoken.append(words("answered" if found.answered_at else "due", language=language))
        spoken += fragments.day(day.year, day.month, day.day, language=language)
    elif found.taken_at:
        taken = found.taken_at.astimezone(CITY_TZ)
        spoken += [words("duty-took", language=language), *_hour(taken.hour, taken.minute, language=language)]
    else:
        spoken.append(words("duty-being-rung", language=language, ends="."))
    return sounds(spoken, language=language, it=it)


def _hour(hour: int, minute: int, *, language: str) -> list[Part]:
    spoken = [number(hour, language=language), words("hour", language=language, ends="" if minute else ".")]
    return (
        [*spoken, number(minute, language=language), words("minute", language=language, ends=".")] if minute else spoken
    )


def wait(*, place: int, minutes: int | None, place_kept: bool = False, language: str, it: Exchange) -> list[Path]:
    """To one who waits: the place, and how long it will take where that is known (`minutes`).

    `place_kept`: she doesn't stay on the line for it.
    """
    spoken = [words("kept-place" if place_kept else "place", language=language), number(place, language=language)]
    spoken.append(words("in-the-line", language=language, ends="."))
    if minutes is not None and minutes > LONG:
        spoken.append(words("longer", language=language, ends="."))
    elif minutes is not None:
        spoken += [words("about", language=language), number(minutes, language=language)]
        spoken.append(words("minute", language=language, ends="."))
    return sounds(spoken, language=language, it=it)


def number_back(phone: str, *, language: str, it: Exchange) -> list[Path]:
    """The number (E.164) that is to be rung back, digit by digit, as one dials it at home."""
    dialled = re.sub(r"\D", "", pretty(phone))
    spoken = [words("ring-back-on", language=language, ends=":"), *digits(dialled, language=language)]
    return sounds(spoken, language=language, it=it)


def code(text: str, *, language: str, it: Exchange) -> list[Path]:
    """The code of a case, twice, digit by digit."""
    once = digits(text, language=language)
    spoken = [
        words("your-code", language=language, ends=":"),
        *once,
        words("again", language=language, ends=":"),
        *once,
    ]
    return sounds(spoken, language=language, it=it)
