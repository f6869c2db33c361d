"""What staff do with cases, each page in each of its states."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import CHROMIUM

from .gallery import Gallery
from .looking import look_at
from .states import State, There, states_of
from .window import Window

pytestmark = [pytest.mark.long(seconds=140), pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")]
FAMILIES = ("desk_case", "desk_inbox")


@pytest.mark.parametrize("state", states_of(*FAMILIES), ids=lambda state: state.id)
def test_a_screen_is_whole(
    state: State, there: Callable[[State], There], window: Window, gallery: Gallery | None
) -> None:
    look_at(state, there, window, gallery)
