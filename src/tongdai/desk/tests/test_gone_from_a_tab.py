"""A case that turned out to be a denunciation goes from the screens where it stands open, with what was typed about it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.browser import CHROMIUM
from tests.city import HONG_BANG, City
from tongdai.cases.actions.mark_denunciation import mark_denunciation
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]
DRAFTS = "Object.keys(localStorage).filter((name) => name.startsWith('desk.draft.'))"


@pytest.fixture
def case(city: City) -> Case:
    return city.case("Loa kéo hát to đến nửa đêm", lead=HONG_BANG, accepted=True)


@pytest.fixture
def page(city: City, case: Case, live_server, chromium: Browser) -> Iterator[Page]:
    """The officer's browser, signed in; its clock is ours."""
    client = Client()
    client.force_login(city.officer(HONG_BANG))
    there = chromium.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    there.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = there.new_page()
    page.clock.install()
    yield page
    there.close()


def test_an_open_case_goes_with_the_answer_that_was_being_typed(page: Page, city: City, case: Case) -> None:
    page.goto(f"/ban/phieu/{case.code}/")
    page.click('[data-key="r"]')
    page.fill("textarea[name=text]", "Phường đã nhắc nhở chủ nhà")
    assert len(page.evaluate(DRAFTS)) == 1
    mark_denunciation(case, by=Actor.staff(city.coordinator), at=case.received_at)

    page.clock.run_for(20_000)  # without the stream a page asks again each 15 seconds
    page.get_by_text("Không thấy phiếu này").wait_for()
    page.clock.run_for(1_000)  # htmx settles

    shown = page.content()
    assert "Loa kéo" not in shown and "nhắc nhở" not in shown and case.code[:4] not in page.inner_text("#rows")
    assert page.evaluate(DRAFTS) == []


def test_going_back_in_the_browser_shows_it_no_more(page: Page, city: City, case: Case) -> None:
    page.goto(f"/ban/phieu/{case.code}/")
    page.goto("/ban/")
    mark_denunciation(case, by=Actor.staff(city.coordinator), at=case.received_at)
    page.go_back()
    page.get_by_text("Không thấy phiếu này").wait_for()
    assert "Loa kéo" not in page.content()


def test_marked_with_one_key_and_a_confirmation_nothing_is_left_of_it(page: Page, city: City, case: Case) -> None:
    page.goto(f"/ban/phieu/{case.code}/")
    page.keyboard.press("t")
    page.get_by_text("Chỉ thanh tra bỏ được dấu này").wait_for()
    page.click("#next [data-submit]")
    page.get_by_text("Đã chuyển thanh tra.").wait_for()
    case.refresh_from_db()
    assert case.confidential
    page.clock.run_for(2_000)
    assert "Loa kéo" not in page.content() and case.code not in page.url
