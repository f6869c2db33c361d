"""The administrator's pages of the city's people."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.city import HONG_BANG, City
from tongdai.accounts import people
from tongdai.accounts.models import Role, User

NEW = {
    "full_name": "Lê Quang Huy",
    "username": "quang-huy",
    "role": "officer",
    "phone": "0912 345 678",
    "email": "Huy@haiphong.gov.vn",
}


@pytest.fixture
def admin(city: City) -> Client:
    client = Client()
    client.force_login(city.admin)
    return client


def test_a_colleague_is_added_and_comes_in_by_a_link_shown_once(city: City, admin: Client) -> None:
    form = NEW | {"agency": city.agencies[HONG_BANG].pk}
    page = admin.post("/ban/can-bo/moi/", form, follow=True)
    person = User.objects.get(username="quang-huy")
    assert (person.role, person.agency, person.email) == (Role.OFFICER, city.agencies[HONG_BANG], "huy@haiphong.gov.vn")
    link = re.search(r"/ban/khoi-dau/[^\"]+", page.content.decode())
    assert link
    assert "khoi-dau" not in admin.get(f"/ban/can-bo/{person.pk}/").content.decode()
    done = Client().post(link[0], {"password": "ghế tre phơi nắng"})
    assert done.status_code == 302 and done.headers["Location"] == "/ban/"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"username": "Quang Huy"}, "chữ không dấu"), ({"phone": "12"}, "Số điện thoại chưa đúng"),
     ({"email": "huy"}, "Địa chỉ thư chưa đúng"),
     ({"full_name": ""}, "Hãy gõ họ và tên"), ({}, "hãy chọn cơ quan"), ({"role": "vua"}, "Hãy chọn vai trò")],
)  # fmt: skip
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    city: City, admin: Client, wrong: dict[str, str], said: str
) -> None:
    answer = admin.post("/ban/can-bo/moi/", NEW | wrong)
    words = answer.content.decode()
    assert answer.status_code == 422 and said in words and not User.objects.filter(username="quang-huy").exists()
    assert "Lê Quang Huy" in words or "full_name" in wrong


def test_a_name_or_address_that_is_taken_is_told(city: City, admin: Client) -> None:
    people.change(city.leader, email="huy@haiphong.gov.vn")
    words = admin.post("/ban/can-bo/moi/", NEW | {"username": city.leader.username, "role": "leader"}).content.decode()
    assert "đã có người dùng" in words and "đã là của một người khác" in words


def test_a_colleague_moves_to_another_role(city: City, admin: Client) -> None:
    form = {"full_name": "Đỗ Thu Hằng", "role": "supervisor"}
    said = admin.post(f"/ban/can-bo/{city.coordinator.pk}/", form, follow=True).content.decode()
    city.coordinator.refresh_from_db()
    assert city.coordinator.role == Role.SUPERVISOR and "Đã lưu" in said


def test_a_colleague_goes_and_comes_back(city: City, admin: Client) -> None:
    where = f"/ban/can-bo/{city.leader.pk}/"
    said = admin.post(f"{where}nghi/", follow=True).content.decode()
    city.leader.refresh_from_db()
    assert not city.leader.is_active and "đã nghỉ" in said
    assert admin.post(f"{where}moi/").status_code == 404  # no link for who is out
    back = admin.post(f"{where}tro-lai/", follow=True).content.decode()
    city.leader.refresh_from_db()
    assert city.leader.is_active and "/ban/khoi-dau/" in back


def test_one_cannot_let_oneself_go_and_is_told_why(city: City, admin: Client) -> None:
    answer = admin.post(f"/ban/can-bo/{city.admin.pk}/nghi/")
    assert answer.status_code == 409 and "quản trị viên khác" in answer.content.decode()
    city.admin.refresh_from_db()
    assert city.admin.is_active


def test_people_are_found_by_words_role_agency_and_state(city: City, admin: Client) -> None:
    officer = city.staff(Role.OFFICER, "Nguyễn Thị Ánh Tuyết", agency=HONG_BANG)
    agency = city.agencies[HONG_BANG].pk
    found = admin.get(f"/ban/can-bo/?q=anh+tuyet&vai=officer&co-quan={agency}&con=active").content.decode()
    assert officer.full_name in found and city.leader.full_name not in found
    assert "Không có ai như vậy" in admin.get("/ban/can-bo/?q=khong-co").content.decode()
    assert admin.get("/ban/can-bo/?co-quan=99999999999999999999&trang=x&vai=vua").status_code == 200


def test_only_who_keeps_people_comes_here(city: City) -> None:
    for person in (city.coordinator, city.leader, city.inspector):
        client = Client()
        client.force_login(person)
        for path in ("", "moi/", f"{city.admin.pk}/"):
            assert client.get(f"/ban/can-bo/{path}").status_code == 403
        assert client.post(f"/ban/can-bo/{city.admin.pk}/nghi/").status_code == 403
