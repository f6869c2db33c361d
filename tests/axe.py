"""What axe finds on a page: WCAG 2.2 and its own rules of good practice."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page) -> list[tuple[str, str]]:
    """(rule, the first place that breaks it)."""
    wrong = Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:160]) for one in wrong]
