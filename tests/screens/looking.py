"""One state of a page is looked at in its widths: it fits, nothing is cut or covered, and axe finds nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.axe import violations

from .faults import faults, small_letters
from .gallery import WIDTHS, Gallery
from .states import State, There, all_states
from .window import WALLS, Window

WALKED = (360, 1440)
LEAST_ON_A_WALL = 22  # px on 1920 × 1080: 14 mm on a screen of 55 inches


def look_at(state: State, there: Callable[[State], There], window: Window, gallery: Gallery | None) -> None:
    """Fails with every fault that was found, by width; with a gallery its pictures are taken as well."""
    begun = there(state)
    answer = window.open(begun.client, state.make(begun), width=WALKED[0], away=begun.away, fails=begun.fails)
    assert answer.status_code == state.status
    window.resize(WALKED[0])
    for step in begun.steps:
        step(window.page)
    found: dict[str, list[str]] = {}
    for width in WIDTHS if gallery else WALKED:
        if begun.steps or width != WALKED[0]:  # else it stands at rest in this width already
            window.resize(width)
        found[str(width)] = faults(window.page)
    for width, height in WALLS if state.wall else ():
        window.resize(width, height)
        found[f"{width}×{height}"] = faults(window.page) + small_letters(
            window.page, least=LEAST_ON_A_WALL * min(width / 1920, height / 1080)
        )
    if state.axe:
        found["axe"] = [f"{rule}: {place}" for rule, place in violations(window.page)]
    if state.axe and (gallery or state is _first_of(state.page)):
        window.page.emulate_media(color_scheme="dark")
        found["dark"] = [f"{rule}: {place}" for rule, place in violations(window.page, only="color-contrast")]
        window.page.emulate_media(color_scheme="light")
    found["page"] = window.wrong
    if state.words and state.words not in re.sub(r"\s+", " ", window.page.inner_text("body")):
        found["page"].append(f"“{state.words}” is not on it")
    if state.printed:
        window.page.emulate_media(media="print")
        window.resize(794)
        found["paper"] = faults(window.page)
        window.page.emulate_media(media="screen")
    if gallery:
        gallery.take(state, window)
        gallery.found(state, found)
    wrong = [f"{where}: {fault}" for where, some in found.items() for fault in some]
    assert not wrong, "\n".join([f"{len(wrong)} faults", *wrong])


def _first_of(page: str) -> State:
    """In the dark one state a page is looked at."""
    return next(one for one in all_states() if one.page == page)
