"""What axe finds on a page (WCAG 2.2 and its own rules of good practice), and whether the page fits its window.

A click comes back as soon as the next page begins to arrive; both wait until it is there whole."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# A colour on its way to another is no colour to judge.
AT_REST = """() => Promise.race([
  Promise.allSettled(document.getAnimations().map((one) => one.finished)),
  new Promise((go) => setTimeout(go, 1000)),
])"""


def violations(page: Page, *, only: str = "") -> list[tuple[str, str]]:
    """(rule, the first place that breaks it); `only`: of this rule alone."""
    page.wait_for_load_state()
    page.evaluate(AT_REST)
    options: dict[str, object] = {"resultTypes": ["violations"], "iframes": False}
    if only:
        options["runOnly"] = {"type": "rule", "values": [only]}
    wrong = Axe().run(page, options=options).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:160]) for one in wrong]


def too_wide(page: Page) -> int:
    """By how many pixels a reader must scroll sideways: 0 where all fits."""
    page.wait_for_load_state()
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide
