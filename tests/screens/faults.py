"""What is wrong with a page as it stands in its window, for a person who looks at it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

MEASURE = (Path(__file__).parent / "faults.js").read_text()


def faults(page: Page) -> list[str]:
    """Each as a sentence that begins with its kind: sideways, clipped, overlap, image, spill."""
    found: list[str] = page.evaluate(MEASURE)
    return found


SMALL = """(least) => {
  const found = new Set(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const el = node.parentElement, size = parseFloat(getComputedStyle(el).fontSize);
    if (!node.data.trim() || el.closest("script, style, template") || !el.checkVisibility() || size >= least - 0.1) continue;
    found.add(`small: ${Math.round(size)} px of ${Math.round(least)}: “${node.data.trim().slice(0, 40)}”`);
  }
  return [...found];
}"""


def small_letters(page: Page, *, least: float) -> list[str]:
    """Each text whose letters are smaller than so many pixels, as a sentence that begins with `small`."""
    found: list[str] = page.evaluate(SMALL, least)
    return found
