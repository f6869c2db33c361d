"""Photos and documents with an answer, from the officer's form to the citizen's page; and a correction of what went out."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from PIL import Image

from tests.city import HONG_BANG, INSPECTORATE, LE_CHAN, City
from tongdai.audit.models import Entry, Kind
from tongdai.cases.access import links
from tongdai.cases.models import Attachment, Case, CaseLink
from tongdai.cases.states import State
from tongdai.platform.clock import now
from tongdai.portal import citizen
from tongdai.privacy.erasure import delete_files, erase, erase_photos
from tongdai.shell.tests.test_documents import pdf

from .test_actions import PART, action, signed_in

pytestmark = pytest.mark.django_db
WORDS = "Đội vệ sinh đã dọn sáng nay."


@pytest.fixture(autouse=True)
def stored_apart(tmp_path: Path, settings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


def photo(name: str = "anh.jpg", *, kind: str = "JPEG", size: tuple[int, int] = (800, 600)) -> SimpleUploadedFile:
    exif = Image.Exif()
    exif[0x010F] = "Máy của anh Tý"
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, exif=exif)
    return SimpleUploadedFile(name, out.getvalue())


def document(name: str = "Biên bản.pdf", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or pdf(), content_type="application/pdf")


def in_hand(city: City, **more: object) -> tuple[Case, Client]:
    """A case that an officer has in hand, and their browser."""
    return city.case(lead=HONG_BANG, accepted=True, **more), signed_in(city.officer(HONG_BANG))


def answered(city: City, **files: object) -> tuple[Case, Client]:
    case, officer = in_hand(city)
    done = officer.post(action(case, "tra-loi"), {"text": WORDS, **files}, follow=True)
    assert done.status_code == 200 and "Đã trả lời phiếu" in done.content.decode()
    case.refresh_from_db()
    return case, officer


def citizen_of(case: Case) -> Client:
    """The browser of who filed it."""
    link = links.give(case, purpose=CaseLink.Purpose.FILED, at=now())
    held = citizen.remember(RequestFactory().get("/"), HttpResponse(), case.code, link.pk)
    client = Client()
    client.cookies[citizen.COOKIE] = held.cookies[citizen.COOKIE].value
    return client


def files_in(folder: Path) -> list[str]:
    return sorted(each.suffix for each in folder.rglob("*") if each.is_file() and "stash" not in each.parts)


def content_of(response) -> bytes:
    return b"".join(response.streaming_content)


# ── attached ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_photos_before_and_after_and_a_document_go_with_the_answer(city: City) -> None:
    case, officer = answered(
        city, before=[photo("truoc.jpg")], after=[photo("sau.png", kind="PNG")], document=[document()]
    )
    before, after, paper = case.attachments.order_by("pk")
    assert [each.kind for each in (before, after, paper)] == ["before", "after", "document"]
    assert (before.content_type, after.content_type) == (
        "image/jpeg",
        "image/jpeg",
    ) and before.answer == case.answers.get()
    assert (before.name, after.name, paper.name) == ("", "", "Biên bản.pdf")
    assert "Tý".encode() not in content_of(officer.get(f"/ban/anh/{before.pk}/"))
    desk = officer.get(f"/ban/phieu/{case.code}/").content.decode()
    assert 'alt="Ảnh trước khi xử lý 1"' in desk and "Biên bản.pdf" in desk
    page = citizen_of(case).get(f"/p/{case.code}/").content.decode()
    assert 'alt="Ảnh trước khi xử lý 1"' in page and 'alt="Ảnh sau khi xử lý 1"' in page
    assert "side-by-side" in page and "Biên bản.pdf" in page and "PDF, " in page


def test_a_document_is_downloaded_and_never_a_page_of_ours(city: City) -> None:
    case, officer = answered(city, document=[document("trang.html", pdf(more=b"%<script>alert(1)</script>\n"))])
    paper = case.attachments.get()
    for client, where in ((officer, "/ban/anh/"), (citizen_of(case), "/anh/")):
        got = client.get(f"{where}{paper.pk}/")
        assert got.headers["Content-Type"] == "application/pdf" and got.headers["X-Content-Type-Options"] == "nosniff"
        assert got.headers["Content-Disposition"] == 'attachment; filename="trang.html.pdf"'
        assert "no-store" in got.headers["Cache-Control"] and content_of(got).startswith(b"%PDF-")


def test_a_file_that_is_refused_keeps_the_words_and_the_other_files(city: City, tmp_path: Path) -> None:
    case, officer = in_hand(city)
    heavy = SimpleUploadedFile("nang.jpg", b"\xff\xd8\xff" + b"0" * 12_000_000, content_type="image/jpeg")
    none = SimpleUploadedFile("la.jpg", b"MZ\x90 a program", content_type="image/jpeg")
    page = SimpleUploadedFile("trang.pdf", b"<html><script>alert(1)</script></html>", content_type="application/pdf")
    sent = {"text": WORDS, "after": [photo("tot.jpg"), heavy, none], "document": [page, document("tot.pdf")]}
    back = officer.post(action(case, "tra-loi"), sent, headers=PART)
    words = back.content.decode()
    assert back.status_code == 422 and WORDS in words and not Attachment.objects.exists()
    assert "“nang.jpg” nặng 11 MB, mỗi tệp tối đa 10 MB" in words
    assert "“la.jpg” không phải ảnh" in words and "“trang.pdf” không phải tệp PDF" in words
    tickets = re.findall(r'name="kept" value="([^"]+)"', words)
    assert len(tickets) == 2 and "tot.jpg" in words and "tot.pdf" in words and files_in(tmp_path) == []
    done = officer.post(action(case, "tra-loi"), {"text": WORDS, "kept": tickets})
    assert done.status_code == 302 and [each.kind for each in case.attachments.order_by("pk")] == ["after", "document"]
    assert case.attachments.last().name == "tot.pdf" and files_in(tmp_path) == [".jpg", ".pdf"]  # type: ignore[union-attr]


def test_words_that_are_missing_cost_no_file(city: City) -> None:
    case, officer = in_hand(city)
    back = officer.post(action(case, "tra-loi"), {"text": " ", "after": [photo("sau.jpg")]})
    assert back.status_code == 422 and "Hãy viết câu trả lời" in back.content.decode()
    assert back.content.decode().count('name="kept"') == 1


def test_more_than_ten_files_are_told_by_name(city: City) -> None:
    case, officer = in_hand(city)
    many = [photo(f"anh-{n}.jpg", size=(40, 30)) for n in range(11)]
    words = officer.post(action(case, "tra-loi"), {"text": WORDS, "after": many}).content.decode()
    assert "tối đa 10 tệp. “anh-10.jpg” chưa được lấy" in words and words.count('name="kept"') == 10


def test_a_forged_ticket_opens_nothing_and_takes_no_file_of_another(city: City) -> None:
    case, officer = in_hand(city)
    back = officer.post(action(case, "tra-loi"), {"text": WORDS, "kept": ["photos/2022/02/x.jpg", "x:y:z"]})
    assert back.status_code == 422 and "không còn" in back.content.decode() and case.state == State.IN_PROGRESS


def test_whoever_comes_second_leaves_no_file_behind(city: City, tmp_path: Path) -> None:
    case, officer = answered(city, after=[photo()])
    late = officer.post(action(case, "tra-loi"), {"text": "Lần nữa.", "after": [photo("hai.jpg")]}, headers=PART)
    assert late.status_code == 409 and case.attachments.count() == 1 and files_in(tmp_path) == [".jpg"]


def test_where_the_topic_demands_proof_the_form_says_so(city: City) -> None:
    waste = city.topics["waste"]
    waste.proof_required = True
    waste.save()
    case, officer = in_hand(city, topic="waste")
    assert "bắt buộc có ít nhất một" in officer.get(action(case, "tra-loi")).content.decode()
    back = officer.post(action(case, "tra-loi"), {"text": WORDS})
    assert back.status_code == 422 and WORDS in back.content.decode()
    assert "phải có ảnh hoặc tài liệu kèm câu trả lời" in back.content.decode()
    done = officer.post(action(case, "tra-loi"), {"text": WORDS, "after": [photo()]})
    assert done.status_code == 302 and case.attachments.count() == 1


# ── who sees them ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_who_only_has_the_code_sees_no_file(city: City) -> None:
    case, _officer = answered(city, after=[photo()], document=[document()])
    stranger = Client()
    page = stranger.get(f"/p/{case.code}/").content.decode()
    assert WORDS not in page and "Biên bản" not in page and "/anh/" not in page
    assert {stranger.get(f"/anh/{each.pk}/").status_code for each in case.attachments.all()} == {404}
    assert {
        signed_in(city.officer(LE_CHAN)).get(f"/ban/anh/{each.pk}/").status_code for each in case.attachments.all()
    } == {404}


def test_of_a_denunciation_the_files_are_as_secret_and_their_reading_is_on_record(city: City) -> None:
    case = city.case("Tôi tố cáo", topic="denunciation", lead=INSPECTORATE, accepted=True)
    signed_in(city.inspector).post(action(case, "tra-loi"), {"text": WORDS, "document": [document()]})
    paper = case.attachments.get()
    assert signed_in(city.inspector).get(f"/ban/anh/{paper.pk}/").status_code == 200
    assert Entry.objects.filter(kind=Kind.READ, action="attachment", by=city.inspector.pk, case_code=case.code).exists()
    for stranger in (city.coordinator, city.officer(HONG_BANG)):
        assert signed_in(stranger).get(f"/ban/anh/{paper.pk}/").status_code == 404


# ── erased, let go of ─────────────────────────────────────────────────────────────────────────────────────────────────
def test_erasure_takes_every_file_and_its_name(city: City, tmp_path: Path) -> None:
    case, _officer = answered(city, before=[photo()], document=[document()])
    names = list(case.attachments.values_list("file", flat=True))
    assert erase(case, because="request", at=now())
    assert not Attachment.objects.filter(case=case).exists()
    delete_files(names)
    assert files_in(tmp_path) == []


def test_when_photos_are_let_go_of_the_document_stays_with_the_answer(city: City) -> None:
    case, _officer = answered(city, after=[photo()], document=[document()])
    assert erase_photos(case) == 1 and [each.kind for each in case.attachments.all()] == ["document"]
    assert default_storage.exists(case.attachments.get().file)


# ── corrected ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_answer_is_corrected_and_its_citizen_reads_both(city: City) -> None:
    case, officer = answered(city, after=[photo("nham.jpg"), photo("dung.jpg")])
    wrong, right = case.attachments.order_by("pk")
    form = officer.get(action(case, "sua-tra-loi")).content.decode()
    assert WORDS in form and f'name="seen" value="{case.answers.get().pk}"' in form and form.count('name="stays"') == 2
    sent = {"text": "Mới dọn một nửa.", "reason": "Gửi nhầm.", "seen": case.answers.get().pk, "stays": [right.pk]}
    done = officer.post(action(case, "sua-tra-loi"), sent | {"before": [photo("truoc.jpg")]}, follow=True)
    assert "Đã sửa câu trả lời của phiếu" in done.content.decode()
    desk = officer.get(f"/ban/phieu/{case.code}/").content.decode()
    assert "Lý do: Gửi nhầm." in desk and f"/ban/anh/{wrong.pk}/" in desk  # it stays on record
    browser = citizen_of(case)
    page = browser.get(f"/p/{case.code}/").content.decode()
    assert page.index("Xem lời trước") < page.index(WORDS) < page.index("Mới dọn một nửa.") < page.index("Gửi nhầm.")
    assert page.count('id="answer"') == 1 and page.index('id="answer"') > page.index(WORDS)
    assert f"/anh/{wrong.pk}/" not in page and f"/anh/{right.pk}/" in page
    assert (browser.get(f"/anh/{wrong.pk}/").status_code, browser.get(f"/anh/{right.pk}/").status_code) == (404, 200)


def test_a_correction_says_why_and_changes_something(city: City) -> None:
    case, officer = answered(city)
    seen = case.answers.get().pk
    back = officer.post(action(case, "sua-tra-loi"), {"text": "Khác.", "reason": "", "seen": seen})
    assert (
        back.status_code == 422
        and "Hãy viết vì sao phải sửa" in back.content.decode()
        and "Khác." in back.content.decode()
    )
    back = officer.post(action(case, "sua-tra-loi"), {"text": WORDS, "reason": "Vì.", "seen": seen})
    assert back.status_code == 422 and "chưa có gì thay đổi" in back.content.decode()
    assert case.answers.count() == 1


def test_once_it_can_be_corrected_no_more_there_is_no_button(city: City) -> None:
    case, officer = in_hand(city)
    assert "Sửa câu trả lời" not in officer.get(f"/ban/phieu/{case.code}/").content.decode()
    officer.post(action(case, "tra-loi"), {"text": WORDS})
    assert "Sửa câu trả lời" in officer.get(f"/ban/phieu/{case.code}/").content.decode()
