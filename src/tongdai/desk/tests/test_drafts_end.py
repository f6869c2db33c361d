"""Whoever signs out leaves no words on the computer: not in the tab they sign out of, nor in another that stands open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import CHROMIUM
from tests.city import City

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]
DRAFTS = "Object.keys(localStorage).filter((name) => name.startsWith('desk.draft.'))"
OLD = """([user, hours]) => localStorage.setItem(`desk.draft.${user}.call`,
  JSON.stringify({at: Date.now() - hours * 3600e3, fields: {text: 'Chị Hoa ở ngõ 5'}}))"""


@pytest.fixture
def browser(city: City, live_server, chromium: Browser) -> Iterator[BrowserContext]:
    """The call taker's browser, signed in."""
    client = Client()
    client.force_login(city.call_taker)
    there = chromium.new_context(base_url=live_server.url)
    there.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    yield there
    there.close()


def typed(page: Page, words: str) -> None:
    page.fill("#id_text", words)
    page.wait_for_timeout(100)


def test_signing_out_clears_what_was_typed_here_and_in_another_tab(browser: BrowserContext, city: City) -> None:
    one, other = browser.new_page(), browser.new_page()
    for page in (one, other):
        page.goto("/ban/goi/")
    typed(one, "Chị Hoa ở ngõ 5 bị chồng đánh")
    assert len(one.evaluate(DRAFTS)) == 1

    one.click(".me summary")
    one.click("form[data-drafts-end] button")
    one.wait_for_url("**/ban/vao/")
    assert one.evaluate(DRAFTS) == []
    assert "Hoa" not in one.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")

    typed(other, "Gõ tiếp ở thẻ còn mở, chị Hoa")
    assert other.evaluate(DRAFTS) == []


def test_a_colleague_who_comes_later_finds_no_words_of_who_left_without_signing_out(
    browser: BrowserContext, city: City
) -> None:
    page = browser.new_page()
    page.goto("/ban/goi/")
    for user, hours in ((city.coordinator.pk, 13), (city.admin.pk, 1), (city.call_taker.pk, 13)):
        page.evaluate(OLD, [user, hours])
    page.reload()
    left = page.evaluate(DRAFTS)
    assert f"desk.draft.{city.coordinator.pk}.call" not in left
    assert {f"desk.draft.{city.admin.pk}.call", f"desk.draft.{city.call_taker.pk}.call"} <= set(left)
