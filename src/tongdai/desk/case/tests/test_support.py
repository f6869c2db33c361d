"""The page of a case as an agency sees it that helps another one, and as nobody else does."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from tests.city import HONG_BANG, LE_CHAN, LIGHTING, City
from tongdai.cases.actions.note import note
from tongdai.cases.actions.request_support import request_support
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case, Draft, Support
from tongdai.desk.tests.walking import client_of

pytestmark = pytest.mark.django_db

ADDRESSES = ("", "nho-phoi-hop/", "phoi-hop/", "khong-phoi-hop/", "thoi-nho/")


@pytest.fixture
def helped(city: City) -> Case:
    case = city.case("Ghế đá công viên gãy", lead=HONG_BANG, accepted=True, phone="+84905550001", topic="waste")
    by, at = Actor.staff(city.officer(HONG_BANG)), city.at("2022-02-14 09:00")
    case = note(case, by=by, words="Đã gọi anh Hoàn, chiều mai gặp.", at=at)
    case.assignments.update(note="Liên hệ cô Mười trước.")
    Draft.objects.create(case=case, agency=case.lead, author=by.user, text="Nháp gửi anh Hoàn.", drafted_at=at)
    Case.objects.filter(pk=case.pk).update(drafted_at=at)
    agency, until = city.agencies[LIGHTING], date(2022, 2, 16)
    return request_support(case, by=by, agency=agency, task="Ghế này của ai?", until=until, at=at)


def test_who_helps_reads_nothing_that_the_agency_in_charge_writes_among_its_own(city: City, helped: Case) -> None:
    page = client_of(city.officer(LIGHTING)).get(f"/ban/phieu/{helped.code}/").content.decode()
    assert "Ghế đá công viên gãy" in page and "Ghế này của ai?" in page and "Trả lời phối hợp" in page
    for words in ("Hoàn", "cô Mười", "0905", "Hiện số", "Ghi chú", "Là tố cáo"):
        assert words not in page, words
    own = client_of(city.officer(HONG_BANG)).get(f"/ban/phieu/{helped.code}/").content.decode()
    assert all(words in own for words in ("Đã gọi anh Hoàn", "cô Mười", "Nháp gửi anh Hoàn"))


def test_nobody_comes_in_who_was_not_meant_to(city: City, helped: Case) -> None:
    gone = city.officer(LIGHTING)
    left, elsewhere = client_of(gone), client_of(city.officer(LE_CHAN))
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    sent = {"words": "x", "reason": "x", "task": "x", "agency": city.agencies[LE_CHAN].pk, "until": "15/02/2022"}
    for address in ADDRESSES:
        where = f"/ban/phieu/{helped.code}/{address}"
        for client, asked, posted in (  # who is signed out and sends something is given the sign-in at once
            (Client(), 302, 401), (left, 302, 401), (elsewhere, 404, 404), (client_of(city.admin), 403, 403),
        ):  # fmt: skip
            assert client.get(where).status_code == asked, where
            assert not address or client.post(where, sent).status_code == posted, where
    assert Support.objects.get().ended_at is None
    helped.refresh_from_db()
    assert helped.support_answered_at is None


def test_a_colleague_who_was_first_leaves_the_other_their_words(city: City, helped: Case) -> None:
    first, second = client_of(city.officer(LIGHTING)), client_of(city.officer(LIGHTING))
    first.post(f"/ban/phieu/{helped.code}/phoi-hop/", {"words": "Của công viên."})
    late = second.post(
        f"/ban/phieu/{helped.code}/phoi-hop/", {"words": "Tôi đã ra xem tận nơi."}, headers={"HX-Request": "true"}
    )
    assert late.status_code == 409 and "Tôi đã ra xem tận nơi." in late.content.decode()
