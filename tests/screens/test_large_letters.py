"""Whoever sets letters twice as large in the browser reads larger letters, on pages that still fit (WCAG 1.4.4)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from tests.browser import CHROMIUM

from .states import There, all_states
from .window import Window

pytestmark = [pytest.mark.long(seconds=10), pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")]
PAGES = ("portal:home", "portal:report", "portal:answers", "portal:find", "portal:privacy")
MEASURED = """() => ({
  letters: parseFloat(getComputedStyle(document.body).fontSize),
  control: document.querySelector("main .btn")?.getBoundingClientRect().height ?? 0,
  beyond: document.documentElement.scrollWidth - document.documentElement.clientWidth,
})"""


@pytest.mark.parametrize("page", PAGES)
def test_letters_twice_as_large_are_shown_so_and_fit(page: str, there: Callable, window: Window) -> None:
    begun: There = there(all_states()[-1])
    browser = window.page.context.new_cdp_session(window.page)
    window.open(begun.client, reverse(page))
    window.resize(1440)
    usual = window.page.evaluate(MEASURED)
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    try:
        window.settle()
        large = window.page.evaluate(MEASURED)
    finally:
        browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
        browser.detach()

    assert large["letters"] == 2 * usual["letters"]
    assert large["control"] >= 1.5 * usual["control"]
    assert usual["beyond"] <= 0 and large["beyond"] <= 0
