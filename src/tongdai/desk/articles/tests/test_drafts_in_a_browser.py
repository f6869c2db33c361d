"""What an editor types is kept in her browser: it comes back over the state she typed it on, and goes once it is saved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.browser import CHROMIUM
from tests.city import City
from tongdai.knowledge.answers import publishing, versions
from tongdai.knowledge.models import Procedure

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]


@pytest.fixture
def page(knowing: City, live_server, chromium: Browser) -> Iterator[Page]:
    """The coordinator's browser, signed in."""
    client = Client()
    client.force_login(knowing.coordinator)
    there = chromium.new_context(base_url=live_server.url, viewport={"width": 360, "height": 800})
    there.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    yield there.new_page()
    there.close()


def test_a_draft_comes_back_over_what_is_there_and_is_gone_once_saved(page: Page, knowing: City) -> None:
    row = Procedure.objects.get(code="1.000894")
    address = f"/ban/kho/procedure/{row.pk}/"
    page.goto(address)
    before = page.input_value("#id_summary")
    page.fill("#id_summary", "Chữ đang gõ")
    page.fill("#id_place", "")
    page.fill("#id_review_by", "2027-01-02")

    page.goto(address)
    typed = [page.input_value(f"#id_{name}") for name in ("summary", "place", "review_by")]
    assert typed == ["Chữ đang gõ", "", "2027-01-02"]

    page.click("button[data-submit]")
    page.wait_for_load_state()
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('desk.draft.'))") == []
    page.fill("#id_summary", "Gõ tiếp, rồi người khác lưu")
    held = publishing.draft_of(row)
    said = versions.content_of(row) | {"summary": "Của người khác"}
    publishing.save_draft(row, said, by=knowing.staff("supervisor", "Lê Thị Mai"), at=knowing.at("2022-02-14 08:00"),
                          seen=publishing.mark_of(row, held))  # fmt: skip

    page.goto(address)
    assert page.input_value("#id_summary") == "Của người khác"
    assert before != "Của người khác"


def test_a_warning_stands_beside_its_sign(page: Page, knowing: City) -> None:
    row = Procedure.objects.get(code="1.000894")
    Procedure.objects.filter(pk=row.pk).update(legal_basis=[])
    page.goto(f"/ban/kho/procedure/{row.pk}/")

    sign, words = (page.locator(f".warned li {part}").first.bounding_box() for part in ("svg", "span"))
    assert sign and words and sign["x"] + sign["width"] <= words["x"] and abs(sign["y"] - words["y"]) < 6
