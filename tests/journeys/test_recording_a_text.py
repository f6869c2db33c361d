"""A supervisor records a text of the telephone in the page: it is heard, then used, and only then do callers hear it."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.axe import violations
from tests.house import House
from tests.peers.hearing import as_samples, loudness, wait_until

from .telephones import AGENTS, NEEDS_TELEPHONES, shoot, signed_in, told

pytestmark = NEEDS_TELEPHONES

FILE = """
from tongdai.channels.voice.models import Prompt, Take
row = Prompt.objects.get(code="goodbye", language="vi")
print(row.recording, *Take.objects.filter(prompt=row).values_list("file", flat=True), sep="|")
"""


def test_a_text_is_recorded_heard_and_used(ringing_house: House, agents_browser: Browser) -> None:
    context, page = signed_in(agents_browser, ringing_house, "giam-sat")
    page.goto(f"{ringing_house.url}/ban/loi-may/loi/goodbye/vi/")
    page.get_by_role("button", name="Thu lời này").press("Enter")
    expect(page.get_by_role("button", name="Dừng")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("status").filter(has_text="Đang thu: 1 giây")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Dừng").press("Enter")
    expect(page.get_by_text("Đã giữ bản thu.")).to_be_visible(timeout=20_000)
    assert violations(page) == []
    shoot(page, "loi-may-da-thu")

    recording, take = told(ringing_house, FILE).split("|")
    assert recording == ""
    stored = ringing_house.folder / "var" / "files" / take
    assert loudness(as_samples(stored, ringing_house.folder / "take.wav"), AGENTS) > 0.8
    heard = page.evaluate(
        """async () => { const player = document.querySelector(".takes audio"); player.muted = true; await player.play();
           return player.duration; }"""
    )
    assert heard > 0.8

    page.get_by_role("button", name="Dùng bản này").click()
    expect(page.locator(".takes .on").get_by_text("người gọi đang nghe")).to_be_visible()
    assert told(ringing_house, FILE).split("|")[0] == take
    beside = ringing_house.folder / "var" / "exchange" / "sounds" / "vi" / take.removeprefix("prompts/")
    wait_until(beside.exists)  # the voice process has it for the next caller
    page.get_by_role("button", name="Để máy đọc").click()
    expect(page.get_by_role("button", name="Quay lại bản này")).to_be_visible()
    context.close()


def test_without_a_microphone_the_page_says_so(ringing_house: House, agents_browser: Browser) -> None:
    context, page = signed_in(agents_browser, ringing_house, "giam-sat")
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    )
    page.goto(f"{ringing_house.url}/ban/loi-may/loi/goodbye/vi/")
    page.get_by_role("button", name="Thu lời này").click()
    expect(page.get_by_text("Chưa dùng được micrô")).to_be_visible()
    expect(page.get_by_label("Tệp tiếng")).to_be_visible()
    context.close()
