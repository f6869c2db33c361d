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
# Half a megabyte of script is put into a page once. Without `noHtml` it would write out every element it looks at, with all
# that stands in it, for each rule anew; of what it says, only what is wrong comes back, and only that is written out.
IS_THERE = "() => typeof axe === 'object' && typeof axe.run === 'function'"
PUT = f"{AXE_SCRIPT}; axe.configure({{ noHtml: true }});"
ASKED = """async (options) => (await axe.run(options)).violations.map((one) => {
  const [place] = one.nodes[0].target, el = typeof place === "string" && document.querySelector(place);
  return [one.id, el ? el.outerHTML.slice(0, 160) : String(place)];
})"""
# No style sheet is read a second time, for a rule that isn't asked; what is embedded is looked at where it comes from.
USUAL = {"resultTypes": ["violations"], "iframes": False, "preload": {"assets": ["media"]}}


def violations(page: Page, *, only: str = "") -> list[tuple[str, str]]:
    """(rule, the first place that breaks it); `only`: of this rule alone."""
    page.wait_for_load_state()
    page.evaluate(AT_REST)
    options: dict[str, object] = dict(USUAL)
    if only:
        options["runOnly"] = {"type": "rule", "values": [only]}
    if not page.evaluate(IS_THERE):
        page.evaluate(PUT)
    return [(rule, place) for rule, place in page.evaluate(ASKED, options)]


def too_wide(page: Page) -> int:
    """By how many pixels a reader must scroll sideways: 0 where all fits."""
    page.wait_for_load_state()
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide
