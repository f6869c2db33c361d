"""The notice, and what a citizen may do with the data of a case: in the browser that may read it, and in no other."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from tests.city import City
from tongdai.cases.models import Case
from tongdai.people.disclosures import disclose
from tongdai.platform.clock import now
from tongdai.privacy.models import Consent, DataRequest, PrivacyContact, RetentionRule

pytestmark = pytest.mark.django_db
FORM = {
    "text": "Bố tôi sốt cao hai hôm, cần thuốc",
    "name": "Bà Nhạn",
    "phone": "0904 123 319",
    "visibility": "private",
}


@pytest.fixture
def browser() -> Client:
    return Client()


@pytest.fixture
def case(city: City, browser: Client) -> Case:
    city.topics["covid-help"].health = True
    city.topics["covid-help"].save()
    browser.post("/phan-anh/", FORM | {"key": "k" * 22, "topic": "covid-help"})
    return Case.objects.get()


def test_the_notice_says_what_is_kept_how_long_and_whom_to_ask(city: City, client: Client) -> None:
    RetentionRule.objects.create(kind="photo", topic=None, days=123)
    PrivacyContact.objects.create(name="Phòng Dữ liệu", phone="02253000000", email="du-lieu@example.vn")
    page = client.get("/du-lieu-ca-nhan/").content.decode()
    assert "91/2025/QH15" in page and "123 ngày" in page and "Phòng Dữ liệu" in page and "du-lieu@example.vn" in page
    assert "/du-lieu-ca-nhan/" in client.get("/phan-anh/").content.decode()


def test_the_copy_holds_all_and_says_who_read_the_number(city: City, browser: Client, case: Case) -> None:
    disclose(to=city.call_taker, what="phone", contact=case.contact, reference=case.code, at=now())
    held = json.loads(browser.get(f"/p/{case.code}/du-lieu/ban-sao.json").content)
    assert held["text"] == FORM["text"] and held["name"] == "Bà Nhạn" and held["phone"] == "+84904123319"
    assert [each["what"] for each in held["read_by"]] == ["phone"] and "Bùi Minh Tuấn" not in json.dumps(held)


@pytest.mark.parametrize("path", ["du-lieu/", "du-lieu/ban-sao.json"])
def test_another_browser_gets_none_of_it(client: Client, case: Case, path: str) -> None:
    there = client.get(f"/p/{case.code}/{path}")
    assert there.status_code == 302 and there["Location"] == f"/p/{case.code}/"
    client.post(f"/p/{case.code}/du-lieu/", {"kind": "erasure"})
    client.post(f"/p/{case.code}/dong-y/", {"answer": "give"})
    assert not DataRequest.objects.exists() and not Consent.objects.exists()


def test_a_request_is_kept_with_its_days_and_shown(browser: Client, case: Case) -> None:
    sent = browser.post(f"/p/{case.code}/du-lieu/", {"kind": "correction", "words": "Tôi tên Nhàn"})
    assert sent.status_code == 303
    page = browser.get(f"/p/{case.code}/du-lieu/").content.decode()
    assert "Sửa cho đúng" in page and "Tôi tên Nhàn" in page and "xác nhận chậm nhất" in page
    assert DataRequest.objects.get().channel == "web"


@pytest.mark.parametrize("given", [{}, {"kind": "all"}, {"kind": "correction", "words": " "}, {"kind": "objection"}])
def test_half_a_request_is_told_what_is_missing(browser: Client, case: Case, given: dict[str, str]) -> None:
    back = browser.post(f"/p/{case.code}/du-lieu/", given)
    assert back.status_code == 422 and re.search(r'class="err" role="alert"', back.content.decode())


def test_consent_is_asked_after_sending_and_withdrawn_as_easily(browser: Client, case: Case) -> None:
    assert "Tôi đồng ý" in browser.get(f"/phan-anh/da-gui/?ma={case.code}").content.decode()
    browser.post(f"/p/{case.code}/dong-y/", {"answer": "give"})
    page = browser.get(f"/p/{case.code}/").content.decode()
    assert "Bạn đã đồng ý" in page and "Rút lại" in page
    browser.post(f"/p/{case.code}/dong-y/", {"answer": "withdraw"})
    assert "Bạn đã rút lại đồng ý" in browser.get(f"/p/{case.code}/").content.decode()
    assert DataRequest.objects.get().kind == DataRequest.Kind.WITHDRAWAL
