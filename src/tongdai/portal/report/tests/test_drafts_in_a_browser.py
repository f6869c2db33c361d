"""What a citizen is writing survives a page read anew and a lost network, on that device alone, until it is sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import CHROMIUM
from tests.city import City
from tests.screens.world import photo
from tongdai.cases.models import Case

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]
TEXT = "Đèn đường trước số 12 Cát Cụt hỏng ba hôm nay"
DRAFTS = "Object.keys(localStorage).filter((name) => name.startsWith('report.draft.'))"


@pytest.fixture
def page(city: City, live_server, settings, chromium: Browser) -> Iterator[Page]:
    settings.PROOF_OF_WORK = 10
    there = chromium.new_context(base_url=live_server.url, viewport={"width": 360, "height": 800})
    yield there.new_page()
    there.close()


def write(page: Page) -> None:
    page.fill("#text", TEXT)
    page.fill("#landmark", "Đầu ngõ")
    page.fill("#phone", "0904 123 318")
    page.check("input[name=visibility][value=anonymous]")


def test_what_was_written_comes_back_and_the_photos_are_said_to_be_lost(page: Page) -> None:
    page.goto("/phan-anh/")
    told = [page.locator(f"[{each}]") for each in ("data-draft-restored", "data-draft-kept", "data-offline")]
    assert not any(each.is_visible() for each in told)
    write(page)
    assert [each.is_visible() for each in told] == [False, True, False]
    page.set_input_files("#photos", [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo((400, 300), 1)}])
    page.locator(".shots canvas").wait_for()
    page.goto("/phan-anh/")
    assert [page.input_value(f"#{name}") for name in ("text", "landmark", "phone")] == [TEXT, "Đầu ngõ", "0904 123 318"]
    assert page.is_checked("input[name=visibility][value=anonymous]")
    assert "xin chọn lại" in page.inner_text("[data-draft-restored]")

    page.click("[data-draft-restored] [data-draft-drop]")
    page.wait_for_load_state()
    assert page.input_value("#text") == "" and page.evaluate(DRAFTS) == []


def test_sent_it_is_gone_and_a_lost_answer_makes_no_second_case(page: Page) -> None:
    page.goto("/phan-anh/")
    write(page)
    lost = page.locator("input[name=key]").input_value()
    page.click(".send button.main")
    page.locator(".status-card .code").wait_for()
    assert page.evaluate(DRAFTS) == []

    page.goto("/phan-anh/")
    write(page)
    page.evaluate("(key) => (document.querySelector('input[name=key]').value = key)", lost)
    page.dispatch_event("#text", "input")
    page.goto("/phan-anh/")
    page.click(".send button.main")  # the same key came back with the words
    page.get_by_text("Phiếu này bạn đã gửi rồi").wait_for()
    assert Case.objects.count() == 1


def test_without_a_network_nothing_is_sent_nothing_is_lost_and_that_is_said(page: Page) -> None:
    page.goto("/phan-anh/")
    write(page)
    page.context.set_offline(True)
    page.click(".send button.main")
    page.get_by_text("Máy đang mất mạng nên chưa gửi.").wait_for()
    assert page.input_value("#text") == TEXT and not Case.objects.exists()
    page.context.set_offline(False)
    page.get_by_text("Đã có mạng lại.").wait_for()
    page.click(".send button.main")
    page.locator(".status-card .code").wait_for()
    assert Case.objects.get().text == TEXT


def test_a_question_has_a_draft_of_its_own_and_a_shared_computer_forgets(page: Page) -> None:
    page.goto("/phan-anh/")
    write(page)
    page.goto("/phan-anh/?vi=question")
    assert page.input_value("#text") == ""
    page.fill("#text", "Hỏi giờ làm việc")
    page.goto("/phan-anh/")
    assert page.input_value("#text") == TEXT
    page.click(".send button.main")
    page.locator(".status-card .code").wait_for()
    page.goto("/tra-cuu/")
    page.click("form[data-forget] button")
    page.wait_for_load_state()
    assert page.evaluate(DRAFTS) == []
