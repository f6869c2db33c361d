"""The desk's panes and the hints of its keys between the widths that every screen is looked at in: nothing spills."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import CHROMIUM

from .faults import faults
from .states import State, There, all_states
from .window import Window

pytestmark = [pytest.mark.long(seconds=20), pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")]
SIZES = ((768, 1024), (1024, 768), (1280, 720), (1920, 1080))  # beside 360 and 1440: looking.py
PANES = ("desk:inbox", "desk:case", "desk:call", "desk:callbacks", "desk:callback", "desk:supervise")


def fullest(page: str) -> list[State]:
    """Of a page the first state of the filled city and the one with long words, where there is one."""
    states = [state for state in all_states() if state.page == page and not state.empty and state.status == 200]
    return [*states[:1], *(state for state in states[1:] if "long" in state.name)][:2]


@pytest.mark.parametrize("state", [state for page in PANES for state in fullest(page)], ids=lambda state: state.id)
def test_nothing_spills_at_any_width(state: State, there: Callable[[State], There], window: Window) -> None:
    begun = there(state)
    window.open(begun.client, state.make(begun), away=begun.away, fails=begun.fails)
    window.resize(1440)
    for step in begun.steps:
        step(window.page)
    found = []
    for width, height in SIZES:
        window.resize(width, height)
        found += [f"{width}: {fault}" for fault in faults(window.page)]
    assert not found, "\n".join(found)
