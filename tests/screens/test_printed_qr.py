"""The QR code as it comes out of the printer: every module stands where it belongs, black on white, with white around it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import segno
from PIL import Image

from tests.browser import CHROMIUM

from .states import State, There, all_states
from .window import HEIGHTS, Window

pytestmark = [pytest.mark.long(seconds=10), pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")]
QUIET = 4  # ISO/IEC 18004: modules of white on every side
SHARP = 4  # dots of the picture to a pixel of paper, some 400 to the inch
SHEETS = [state for state in all_states() if state.page == "portal:sheet" and state.printed]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", SHEETS, ids=lambda state: state.id)
def test_it_is_read_from_paper(state: State, scheme: str, there: Callable[[State], There], window: Window) -> None:
    begun = there(state)
    window.open(begun.client, state.make(begun))
    page = window.page
    printer = page.context.new_cdp_session(page)
    page.emulate_media(media="print", color_scheme=scheme)  # type: ignore[arg-type]
    try:
        window.resize(794)
        address = page.locator(".there").first.inner_text().strip()
        box = page.locator(".qr svg").bounding_box()
        assert box is not None
        size = {"width": 794, "height": HEIGHTS[794], "deviceScaleFactor": SHARP, "mobile": False}
        printer.send("Emulation.setDeviceMetricsOverride", size)
        picture = Image.open(io.BytesIO(page.locator(".qr svg").screenshot(animations="disabled"))).convert("L")
    finally:
        printer.send("Emulation.clearDeviceMetricsOverride")
        printer.detach()
        page.emulate_media(media="screen", color_scheme="light")

    expected = [[bool(dark) for dark in row] for row in segno.make(address, error="m", micro=False).matrix]
    assert _modules(picture, len(expected)) == _with_quiet(expected)
    assert box["width"] / 794 * 210 / (len(expected) + 2 * QUIET) >= 0.5  # mm a module: a cheap telephone reads it


def _modules(picture: Image.Image, size: int) -> list[list[bool]]:
    """Which modules are dark, read at the middle of each, the white around it too."""
    across = size + 2 * QUIET
    step = picture.width / across
    return [
        [picture.getpixel((int((x + 0.5) * step), int((y + 0.5) * step))) < 128 for x in range(across)]  # type: ignore[operator]
        for y in range(across)
    ]


def _with_quiet(matrix: list[list[bool]]) -> list[list[bool]]:
    across = len(matrix) + 2 * QUIET
    white = [[False] * across] * QUIET
    return [*white, *([False] * QUIET + row + [False] * QUIET for row in matrix), *white]
