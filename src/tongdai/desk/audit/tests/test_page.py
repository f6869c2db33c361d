"""The page of the record: who may read it, what sifts it, what leaves it; and that it tells of no denunciation."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.test import Client

from tests.city import City
from tongdai.accounts.models import Role, User
from tongdai.audit.entries import record
from tongdai.audit.models import Entry, Kind
from tongdai.cases.models import Case
from tongdai.desk.audit import words
from tongdai.desk.tests.walking import body_of
from tongdai.people.disclosures import disclose

pytestmark = pytest.mark.django_db
PAGE = "/ban/nhat-ky/"


def reader(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def filled(city: City) -> City:
    at = city.at("2022-02-16 09:00")
    case = city.case(phone="+84904123318")
    disclose(to=city.call_taker, what="phone", contact=case.contact, reference=case.code, at=at)
    record(Kind.EXPORT, "topics", by=city.admin.pk, at=city.at("2022-02-17 09:00"))
    record(
        Kind.PEOPLE,
        "changed",
        by=city.admin.pk,
        subject=city.call_taker.pk,
        at=at,
        detail={"role": ["officer", "leader"]},
    )
    return city


def test_inspector_and_administrator_read_it_and_nobody_else(filled: City) -> None:
    for role in Role:
        user = filled.staff(role, f"Người {role}", agency="Thanh tra" if role == Role.INSPECTOR else "")
        status = reader(user).get(PAGE).status_code
        assert status == (200 if role in (Role.INSPECTOR, Role.ADMIN) else 403), role
        assert reader(user).get(f"{PAGE}xuat.csv").status_code == status
    assert Client().get(PAGE).status_code == 302


def test_the_kind_is_left_out_where_the_action_says_the_same_and_days_are_written_in_full(filled: City) -> None:
    record(Kind.SIGN_IN, "signed_in", by=filled.admin.pk, at=filled.at("2022-02-07 08:05"))
    page = body_of(reader(filled.inspector).get(f"{PAGE}?viec=sign_in"))
    row = re.sub(r"\s+", " ", page.split("<tbody>")[1])
    assert "<b>Đăng nhập</b> </td>" in row.replace("</b></td>", "</b> </td>") and "07/02/2022 08:05:00" in row
    other = re.sub(r"\s+", " ", body_of(reader(filled.inspector).get(f"{PAGE}?viec=people")).split("<tbody>")[1])
    assert re.search(r"<b>Đổi vai trò[^<]*</b> <span", other)


def test_an_entry_is_told_in_words(filled: City) -> None:
    page = body_of(reader(filled.inspector).get(PAGE))
    for told in (
        "Xem số điện thoại",
        "Xuất bảng lĩnh vực",
        "Đổi vai trò",
        "vai trò: cán bộ xử lý → lãnh đạo thành phố",
        filled.call_taker.full_name,
    ):
        assert told in page
    assert "904123318" not in page and not re.search(r"0904\D?123", page)


def test_an_entry_written_before_its_address_was_renamed_is_told_in_the_same_words(city: City) -> None:
    at = city.at("2022-02-16 09:00")
    for earlier in ("desk:kho_words_keep", "desk:kho_procedures_deed", "desk:kho_table_new"):
        record(Kind.ANSWERS, earlier, by=city.coordinator.pk, at=at)
    page = body_of(reader(city.inspector).get(PAGE))
    assert "Sửa từ ngữ" in page and "Bỏ tệp thủ tục" in page and "Thêm bảng tra cứu" in page
    assert "desk:kho" not in page


@pytest.mark.parametrize(
    ("asked", "seen", "not_seen"),
    [
        ("viec=export", "Xuất bảng lĩnh vực", "Xem số điện thoại"),
        ("ai={call_taker}&viec=read", "Xem số điện thoại", "Đổi vai trò"),
        ("ai={call_taker}", "Đổi vai trò", "Xuất bảng lĩnh vực"),
        ("phieu={code}", "Xem số điện thoại", "Đổi vai trò"),
        ("tu=17.2.2022&den=2022-02-17", "Xuất bảng lĩnh vực", "Xem số điện thoại"),
    ],
)
def test_it_is_sifted_by_what_who_case_and_days(filled: City, asked: str, seen: str, not_seen: str) -> None:
    asked = asked.format(call_taker=filled.call_taker.username, code=Case.objects.get().code)
    page = body_of(reader(filled.inspector).get(f"{PAGE}?{asked}"))
    assert seen in page and not_seen not in page


def test_it_is_sifted_by_a_citizens_number_which_stands_in_no_address(filled: City) -> None:
    client = reader(filled.inspector)
    there = client.post(PAGE, {"number": "0904 123 318"}).headers["Location"]
    assert "904" not in there
    page = body_of(client.get(there))
    assert "Xem số điện thoại" in page and "Xuất bảng lĩnh vực" not in page
    assert Entry.objects.filter(kind=Kind.READ, action="record", by=filled.inspector.pk).exists()
    nobody = client.post(PAGE, {"number": "0904 999 999"}).headers["Location"]
    assert "Không có dòng nào" in body_of(client.get(nobody))


@pytest.mark.parametrize("asked", ["ai=khong-co-ai", "phieu=123", "tu=30.2.2022", "tu=hôm qua"])
def test_a_filter_that_cant_be_read_is_told_and_nothing_is_shown_for_it(filled: City, asked: str) -> None:
    response = reader(filled.admin).get(f"{PAGE}?{asked}&viec=export")
    assert response.status_code == 422 and "Những ô khác vẫn được giữ" in body_of(response)
    assert 'value="export" selected' in body_of(response)


def test_page_follows_page(city: City) -> None:
    for number in range(120):
        record(Kind.SETTING, f"setting-{number:03}", by=city.admin.pk)
    client, there, seen = reader(city.inspector), PAGE + "?viec=setting", []
    while there:
        page = body_of(client.get(there))
        seen += [name for name in (f"setting-{n:03}" for n in range(119, -1, -1)) if f"<b>S{name[1:]}" in page]
        found = page.split('rel="next" href="')[1:]
        there = found[0].split('"')[0].replace("&amp;", "&") if found else ""
    assert seen == [f"setting-{n:03}" for n in range(119, -1, -1)]


def test_the_export_holds_what_the_page_sifts_and_starts_no_formula(filled: City) -> None:
    evil = filled.staff(Role.LEADER, "=HYPERLINK(1)")
    record(Kind.SIGN_IN, "signed_in", by=evil.pk)
    client = reader(filled.admin)
    rows = list(csv.DictReader(io.StringIO(body_of(client.get(f"{PAGE}xuat.csv?viec=sign_in")).removeprefix("\ufeff"))))
    assert {row["kind"] for row in rows} == {"sign_in"}
    assert [row["full_name"] for row in rows if row["username"] == evil.username] == ["'=HYPERLINK(1)"]
    assert Entry.objects.filter(kind=Kind.EXPORT, action="record", detail={"viec": "sign_in"}).exists()


def test_no_entry_tells_an_administrator_of_a_denunciation(city: City) -> None:
    secret = city.case("Tôi tố cáo chủ tịch phường nhận hối lộ", topic="denunciation", phone="+84905556677")
    reader(city.inspector).get(f"/ban/phieu/{secret.code}/")
    reader(city.inspector).post(f"/ban/phieu/{secret.code}/hien-so/")
    reader(city.inspector).get(f"{PAGE}xuat.csv?phieu={secret.code}")
    assert Entry.objects.filter(case_code=secret.code).count() == 3
    for address in (PAGE, f"{PAGE}?phieu={secret.code}", f"{PAGE}?viec=read", f"{PAGE}xuat.csv"):
        told = body_of(reader(city.admin).get(address)).replace("\u00a0", "").replace(" ", "")
        told = re.sub(rf'(value="|phieu=|phieu%3D){secret.code}', "", told)  # what the reader has typed
        assert secret.code not in told and "Đọcphiếumật" not in told
    assert "Đọc phiếu mật" in body_of(reader(city.inspector).get(PAGE))


def test_the_page_costs_few_queries_however_many_rows(filled: City, django_assert_max_num_queries) -> None:
    for number in range(60):
        record(Kind.READ, "phone", by=filled.call_taker.pk, case_code=f"1111111{number:04}", contact=number)
    client = reader(filled.inspector)
    client.get(PAGE)
    with django_assert_max_num_queries(16):
        client.get(PAGE)


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ({"added": 1, "changed": 0, "unchanged": 3}, "mới: 1; đổi: 0; như cũ: 3"),
        ({"first_admin": True}, "người quản trị đầu tiên: có"),
        ({"outcome": "failed", "login": "root"}, "kết quả: không xong"),
        ({"made_of": ["a", "b", "c"]}, "made_of: a, b, c"),
    ],
)
def test_what_an_entry_tells_is_in_words_and_a_count_of_one_stays_a_number(detail: dict[str, Any], told: str) -> None:
    assert words.detail_in_words(detail) == told
