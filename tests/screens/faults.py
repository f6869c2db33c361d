"""What is wrong with a page as it stands in its window, for a person who looks at it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

MEASURE = (Path(__file__).parent / "faults.js").read_text()


def faults(page: Page) -> list[str]:
    """Each as a sentence that begins with its kind: sideways, clipped, overlap, image, spill."""
    found: list[str] = page.evaluate(MEASURE)
    return found
