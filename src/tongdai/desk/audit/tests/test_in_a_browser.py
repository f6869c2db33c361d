"""The record as it is seen: it fits a telephone's width, and nothing stands in the way of whoever can't see it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, sync_playwright

from tests.axe import too_wide, violations
from tests.city import City
from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.people.disclosures import disclose

CHROMIUM = shutil.which("chromium") or ""
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]
PAGES = {"filled": "", "empty": "?viec=import", "wrong": "?ai=khong-co-ai&tu=x", "number": "?nguoi=1"}


@pytest.fixture(autouse=True)
def from_a_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright runs a loop in this thread; Django is told that it may be asked all the same."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def browser(city: City, live_server) -> Iterator[BrowserContext]:
    """The inspector's browser, signed in; the record holds some of each kind."""
    case = city.case(phone="+84904123318")
    disclose(
        to=city.call_taker, what="phone", contact=case.contact, reference=case.code, at=city.at("2022-02-16 09:00")
    )
    record(Kind.PEOPLE, "changed", by=city.admin.pk, subject=city.call_taker.pk, detail={"role": ["officer", "leader"]})
    for number in range(60):
        record(Kind.EXPORT, "staff", by=city.admin.pk, what=f"row {number}")
    client = Client()
    client.force_login(city.inspector)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        there = chromium.new_context(base_url=live_server.url)
        there.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        yield there
        chromium.close()


def test_the_record_fits_every_width_and_is_told_to_everybody(browser: BrowserContext) -> None:
    page = browser.new_page()
    for width in (360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        for name, asked in PAGES.items():
            page.goto(f"/ban/nhat-ky/{asked}")
            assert too_wide(page) <= 0, (name, width)
            if shots := os.environ.get("TONGDAI_SHOTS"):
                page.screenshot(path=f"{shots}/record-{name}-{width}.png", full_page=True)
            assert violations(page) == [], (name, width)
