"""What axe finds on a page (WCAG 2.2 and its own rules of good practice), and whether the page fits its window.

A click comes back as soon as the next page begins to arrive; both wait until it is there whole."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# A colour on its way to another is no colour to judge.
AT_REST = """() => Promise.race([
  Promise.allSettled(document.getAnimations().map((one) => one.finished)),
  new Promise((go) => setTimeout(go, 1000)),
])"""
# Half a megabyte of script is put into a page once; of what axe says, only what is wrong comes back.
IS_THERE = "() => typeof axe === 'object' && typeof axe.run === 'function'"
ASKED = (
    """async (options) => (await axe.run(options)).violations.map((one) => [one.id, one.nodes[0].html.slice(0, 160)])"""
)


def violations(page: Page, *, only: str = "") -> list[tuple[str, str]]:
    """(rule, the first place that breaks it); `only`: of this rule alone."""
    page.wait_for_load_state()
    page.evaluate(AT_REST)
    options: dict[str, object] = {"resultTypes": ["violations"], "iframes": False}
    if only:
        options["runOnly"] = {"type": "rule", "values": [only]}
    if not page.evaluate(IS_THERE):
        page.evaluate(AXE_SCRIPT)
    return [(rule, place) for rule, place in page.evaluate(ASKED, options)]


def too_wide(page: Page) -> int:
    """By how many pixels a reader must scroll sideways: 0 where all fits."""
    page.wait_for_load_state()
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide
