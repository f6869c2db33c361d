"""A draft on the desk, from the officer's form to the citizen's page: handed in, returned, mended, approved."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.city import HONG_BANG, LE_CHAN, City
from tests.counting import queries_counted
from tongdai.accounts.models import Role, User
from tongdai.cases.actions.draft import draft
from tongdai.cases.actions.join import join
from tongdai.cases.actor import Actor
from tongdai.cases.models import Answer, Attachment, Case, Draft, DraftFile
from tongdai.cases.states import State
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.people.models import Interaction
from tongdai.privacy.erasure import delete_files

from .test_actions import PART, action, signed_in
from .test_answer_files import citizen_of, content_of, document, files_in, photo, stored_apart

__all__ = ["stored_apart"]  # each test writes files into a folder of its own
pytestmark = pytest.mark.django_db
FIRST = "Đã cho người ra xem bãi rác."
MENDED = "Đội vệ sinh số 3 đã dọn xong bãi rác sáng nay."
WANTED = "Nêu đội nào làm, và đã xong chưa."


@pytest.fixture(autouse=True)
def demands_an_approver(city: City) -> User:
    city.topics["waste"].approval_required = True
    city.topics["waste"].save()
    return city.staff(Role.APPROVER, "Lê Thị Duyệt", agency=HONG_BANG)


def in_hand(city: City) -> tuple[Case, Client, Client]:
    """A case, the browser of its officer, and that of the approver."""
    case = city.case(lead=HONG_BANG, accepted=True, topic="waste", phone="+84904123318", proven=True)
    head = User.objects.get(role=Role.APPROVER)
    return case, signed_in(city.officer(HONG_BANG)), signed_in(head)


def page_of(case: Case, client: Client) -> str:
    return client.get(f"/ban/phieu/{case.code}/").content.decode()


def read_by(citizen: Client, case: Case) -> str:
    """The citizen's page; what keeps forged forms out is new each time."""
    page = citizen.get(f"/p/{case.code}/").content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def handed_in(case: Case, officer: Client, **more: object) -> Draft:
    done = officer.post(action(case, "trinh-duyet"), {"text": FIRST, **more}, follow=True)
    assert "Đã trình duyệt câu trả lời" in done.content.decode()
    return Draft.objects.get(case=case, ended_at=None)


def test_from_the_draft_to_the_answer_its_citizen_reads(city: City, tmp_path) -> None:  # type: ignore[no-untyped-def]
    case, officer, head = in_hand(city)
    citizen = citizen_of(case)
    before = read_by(citizen, case)

    page = page_of(case, officer)
    assert 'data-does="Trình duyệt"' in page and 'data-does="Trả lời"' not in page
    form = officer.get(action(case, "trinh-duyet")).content.decode()
    assert "Duyệt xong, người dân đọc đúng lời này" in form
    handed_in(case, officer, before=[photo("truoc.jpg")], after=[photo("mo.jpg")], document=[document()])

    page = page_of(case, officer)
    assert "Dự thảo chờ duyệt" in page and "Rút lại dự thảo" in page and "Duyệt và gửi" not in page
    assert "Chờ duyệt" in head.get("/ban/").content.decode() and case.code in head.get("/ban/").content.decode()
    page = page_of(case, head).partition('id="next"')[2]
    assert page.index("Dự thảo chờ duyệt") < page.index(FIRST) < page.index("Duyệt và gửi người dân")
    first = Draft.objects.get()
    shown = re.findall(r'href="(/ban/anh/du-thao/\d+/)"', page)
    assert len(shown) == 3 and all(head.get(each).status_code == 200 for each in shown)
    assert read_by(citizen, case) == before

    form = head.get(action(case, "tra-du-thao")).content.decode()
    assert f'name="seen" value="{first.pk}"' in form and FIRST in form
    said = head.post(action(case, "tra-du-thao"), {"words": WANTED, "seen": first.pk}, follow=True)
    assert "Đã trả lại dự thảo" in said.content.decode()
    assert read_by(citizen, case) == before

    assert case.code in officer.get("/ban/?khung=to_mend").content.decode()
    page = page_of(case, officer).partition('id="next"')[2]
    assert page.index("Dự thảo cần sửa") < page.index(WANTED) < page.index(FIRST) < page.index("Sửa và trình lại")
    form = officer.get(action(case, "trinh-duyet")).content.decode()
    assert WANTED in form and FIRST in form and form.count('name="stays"') == 3
    blurred, *stay = DraftFile.objects.filter(draft=first).order_by("kind", "pk")  # after, before, document
    sent = {"text": MENDED, "seen": first.pk, "stays": [each.pk for each in stay], "after": [photo("ro.jpg")]}
    assert officer.post(action(case, "trinh-duyet"), sent).status_code == 302

    second = Draft.objects.get(ended_at=None)
    page = page_of(case, head)
    assert MENDED in page and "Trả lại dự thảo để sửa" in page  # the line of the history
    done = head.post(action(case, "duyet"), {"seen": second.pk}, follow=True)
    assert "Đã duyệt: phiếu" in done.content.decode()

    given = Answer.objects.get(case=case)
    assert (given.text, given.author, given.approved_by) == (
        MENDED, city.officer(HONG_BANG), User.objects.get(role=Role.APPROVER),
    )  # fmt: skip
    notify_citizen(case.events.get(action="approve").pk)
    assert not Interaction.objects.filter(body__contains=FIRST).exists()
    page = citizen.get(f"/p/{case.code}/").content.decode()
    assert MENDED in page and "Biên bản.pdf" in page
    assert not [word for word in (FIRST, WANTED, "Lê Thị Duyệt", "dự thảo", "Dự thảo") if word in page]
    for each in Attachment.objects.filter(case=case):
        assert citizen.get(f"/anh/{each.pk}/").status_code == 200
    desk = page_of(case, officer)
    assert "soạn, Lê Thị Duyệt duyệt" in desk and desk.count("Xem dự thảo") == 2 and "Sửa câu trả lời" not in desk
    delete_files([blurred.file])
    assert files_in(tmp_path) == [".jpg", ".jpg", ".pdf"]


def test_a_return_needs_words_and_keeps_what_was_read(city: City) -> None:
    case, officer, head = in_hand(city)
    seen = handed_in(case, officer).pk
    for headers in ({}, PART):
        back = head.post(action(case, "tra-du-thao"), {"words": "  ", "seen": seen}, headers=headers)
        assert back.status_code == 422 and "Hãy viết cần sửa gì" in back.content.decode()
        assert f'name="seen" value="{seen}"' in back.content.decode() and FIRST in back.content.decode()


def test_nothing_is_approved_that_was_not_read(city: City) -> None:
    case, officer, head = in_hand(city)
    seen = handed_in(case, officer).pk
    assert head.post(action(case, "duyet"), {}).status_code == 422
    assert head.post(action(case, "duyet"), {"seen": seen + 1}).status_code == 409
    case.refresh_from_db()
    assert case.state == State.IN_PROGRESS
    assert FIRST in head.get(action(case, "duyet")).content.decode()


def test_bad_files_and_missing_proof_keep_the_words_and_the_good_files(city: City, tmp_path) -> None:  # type: ignore[no-untyped-def]
    city.topics["waste"].proof_required = True
    city.topics["waste"].save()
    case, officer, _head = in_hand(city)
    back = officer.post(action(case, "trinh-duyet"), {"text": FIRST})
    assert back.status_code == 422 and FIRST in back.content.decode()
    assert "phải có ảnh hoặc tài liệu" in back.content.decode()
    broken = SimpleUploadedFile("hong.pdf", b"%PDF-1.4 broken", content_type="application/pdf")
    back = officer.post(
        action(case, "trinh-duyet"), {"text": FIRST, "after": [photo()], "document": [broken]}, headers=PART
    )
    words = back.content.decode()
    assert back.status_code == 422 and FIRST in words and "“hong.pdf” không phải tệp PDF" in words
    assert words.count('name="kept"') == 1 and files_in(tmp_path) == []
    many = [photo(f"anh-{n}.jpg", size=(40, 30)) for n in range(11)]
    words = officer.post(action(case, "trinh-duyet"), {"text": FIRST, "after": many}).content.decode()
    assert "tối đa 10 tệp" in words and words.count('name="kept"') == 10 and FIRST in words
    assert not Draft.objects.exists()
    empty = officer.post(action(case, "trinh-duyet"), {"text": " ", "after": [photo()]})
    assert empty.status_code == 422 and empty.content.decode().count('name="kept"') == 1


def test_whoever_drafts_second_or_answers_plainly_keeps_their_words(city: City, tmp_path) -> None:  # type: ignore[no-untyped-def]
    case, officer, _head = in_hand(city)
    plain = officer.post(action(case, "tra-loi"), {"text": MENDED})
    assert plain.status_code == 409 and MENDED in plain.content.decode() and "Trình duyệt" in plain.content.decode()
    handed_in(case, officer)
    other = signed_in(city.staff(Role.OFFICER, "Vũ Văn Khác", agency=HONG_BANG))
    late = other.post(action(case, "trinh-duyet"), {"text": MENDED, "after": [photo()]}, headers=PART)
    assert late.status_code == 409 and MENDED in late.content.decode() and files_in(tmp_path) == []
    assert other.post(action(case, "rut-du-thao")).status_code == 409


def test_its_author_takes_a_draft_back_and_mends_it(city: City) -> None:
    case, officer, head = in_hand(city)
    handed_in(case, officer)
    said = officer.post(action(case, "rut-du-thao"), follow=True).content.decode()
    assert "Đã rút lại dự thảo" in said and "Sửa và trình lại" in said and "Cần sửa:" not in said
    assert "Duyệt và gửi" not in page_of(case, head)
    assert FIRST in officer.get(action(case, "trinh-duyet")).content.decode()


def test_the_approver_sees_that_its_citizen_said_more_meanwhile(city: City) -> None:
    case, _officer, head = in_hand(city)
    draft(case, by=Actor.staff(city.officer(HONG_BANG)), text=FIRST, at=city.at("2022-02-15 09:00"))
    assert "nói thêm sau khi dự thảo" not in page_of(case, head)
    at = city.at("2022-02-15 10:00")
    more = Interaction.objects.create(
        channel="web", direction="in", state="received", body="Còn ở ngõ 5.", key="more:1", happened_at=at
    )
    join(case, interaction=more, by=Actor.citizen(channel="web"), at=at)
    assert "nói thêm sau khi dự thảo" in page_of(case, head)


def test_a_file_of_a_draft_is_for_the_agency_and_is_no_page_of_ours(city: City) -> None:
    case, officer, head = in_hand(city)
    handed_in(case, officer, document=[document("trang.html")])
    [paper] = DraftFile.objects.all()
    got = head.get(f"/ban/anh/du-thao/{paper.pk}/")
    assert got.headers["Content-Disposition"].startswith("attachment") and content_of(got).startswith(b"%PDF-")
    assert "no-store" in got.headers["Cache-Control"]
    for client in (signed_in(city.officer(LE_CHAN)), citizen_of(case), Client()):
        assert client.get(f"/ban/anh/du-thao/{paper.pk}/").status_code in (302, 401, 404)
        assert client.get(f"/anh/{paper.pk}/").status_code == 404


def test_an_approver_answers_at_once_where_no_draft_is_needed_by_them(city: City) -> None:
    case, officer, head = in_hand(city)
    handed_in(case, officer)
    page = page_of(case, head)
    assert 'data-does="Trả lời"' in page and 'data-does="Trình duyệt"' not in page
    assert head.post(action(case, "tra-loi"), {"text": MENDED}).status_code == 302
    assert Answer.objects.get(case=case).text == MENDED and not Draft.objects.filter(ended_at=None).exists()


def test_an_agency_without_an_approver_reads_so_where_the_form_would_be(city: City) -> None:
    case, officer, _head = in_hand(city)
    User.objects.filter(role=Role.APPROVER).update(is_active=False)
    page = officer.get(action(case, "trinh-duyet")).content.decode()
    assert "chưa có người duyệt" in page and 'name="text"' not in page
    late = officer.post(action(case, "trinh-duyet"), {"text": FIRST})
    assert late.status_code == 409 and FIRST in late.content.decode()


def test_ready_answers_lead_an_officer_to_the_draft(city: City) -> None:
    case, officer, head = in_hand(city)
    for client, to in ((officer, "trinh-duyet"), (head, "tra-loi")):
        page = client.get(f"/ban/goi-y/phieu/{case.code}/", headers=PART)
        assert page.context["drafts"] == (to == "trinh-duyet")


def test_a_draft_costs_a_page_a_bounded_number_of_queries(city: City) -> None:
    case, officer, head = in_hand(city)
    page_of(case, head)
    with queries_counted() as before:
        page_of(case, head)
    handed_in(case, officer, after=[photo(f"{n}.jpg", size=(40, 30)) for n in range(6)])
    page_of(case, head)
    with queries_counted() as after:
        page_of(case, head)
    assert len(after) <= len(before) + 3  # the draft, its files, and those the history names
