"""At the door: who comes in, and who is kept out for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import Signal
from django.test import Client

from tests.city import City

PASSWORD = "mật khẩu thử 1022"


def test_staff_come_in_and_go_on_to_where_they_were_going(city: City) -> None:
    client = Client()
    asked = client.get("/ban/?khung=late")
    assert asked.headers["Location"] == "/ban/vao/?next=%2Fban%2F%3Fkhung%3Dlate"
    form = {"username": city.coordinator.username, "password": PASSWORD, "next": "/ban/?khung=late"}
    assert client.post("/ban/vao/", form).headers["Location"] == "/ban/?khung=late"


def test_nobody_is_led_off_to_another_site(city: City) -> None:
    form = {"username": city.coordinator.username, "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert Client().post("/ban/vao/", form).headers["Location"] == "/ban/"


def test_the_door_says_when_it_opens_again(city: City) -> None:
    client = Client()
    for _ in range(5):
        page = client.post("/ban/vao/", {"username": city.leader.username, "password": "sai"})
    assert page.status_code == 429
    assert "được thử lại từ" in page.content.decode()


def test_a_demo_password_opens_from_this_machine_only(city: City) -> None:
    city.leader.demo = True
    city.leader.save()
    form = {"username": city.leader.username, "password": PASSWORD}
    assert Client().post("/ban/vao/", form, REMOTE_ADDR="10.0.0.7").status_code == 422
    assert Client().post("/ban/vao/", form, headers={"X-Forwarded-For": "10.0.0.7"}).status_code == 422
    assert Client().post("/ban/vao/", form).status_code == 302


def test_the_door_says_how_many_tries_are_left(city: City) -> None:
    client = Client()
    said = [
        client.post("/ban/vao/", {"username": city.leader.username, "password": "sai"}).content.decode()
        for _ in range(4)
    ]
    assert "Còn 4 lần thử" in said[0] and "Còn một lần thử" in said[3]


def test_a_name_that_is_nobodys_is_told_apart_by_nothing(city: City) -> None:
    known = Client().post("/ban/vao/", {"username": city.leader.username, "password": "sai"}).content.decode()
    unknown = Client().post("/ban/vao/", {"username": "khong-co", "password": "sai"}).content.decode()
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in known
    assert known.replace(city.leader.username, "").count("err") == unknown.count("err")


def test_a_name_is_typed_in_any_case(city: City) -> None:
    form = {"username": f" {city.leader.username.upper()} ", "password": PASSWORD}
    assert Client().post("/ban/vao/", form).status_code == 302


@contextmanager
def heard(signal: Signal) -> Iterator[list[dict[str, object]]]:
    """What is said by this signal meanwhile."""
    told: list[dict[str, object]] = []

    def hear(**given: object) -> None:
        told.append(given)

    signal.connect(hear, weak=False)
    yield told
    signal.disconnect(hear)


def test_coming_in_failing_and_leaving_are_told_by_djangos_own_signals(city: City) -> None:
    client, name = Client(), city.leader.username
    with heard(user_login_failed) as failed:
        for _ in range(6):
            client.post("/ban/vao/", {"username": name, "password": "sai"})
    assert len(failed) == 6 and all(each["request"] for each in failed)
    assert {each["credentials"]["username"] for each in failed} == {name}  # type: ignore[index]
    assert "sai" not in str([each["credentials"] for each in failed])
    with heard(user_logged_in) as came, heard(user_logged_out) as went:
        other = Client()
        other.post("/ban/vao/", {"username": name, "password": PASSWORD}, REMOTE_ADDR="10.1.1.1")
        other.post("/ban/ra/")
    assert [each["user"] for each in came] == [each["user"] for each in went] == [city.leader]


def test_a_page_left_open_too_long_is_shown_again_with_the_name(city: City) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/ban/vao/", {"username": "hang", "password": PASSWORD, "csrfmiddlewaretoken": "x" * 64})
    assert answer.status_code == 403 and 'value="hang"' in answer.content.decode()


@pytest.mark.parametrize("path", ["vao/", "vao/quen/", "vao/ma/", "tai-khoan/", "can-bo/"])
def test_no_copy_of_these_pages_is_kept(city: City, path: str) -> None:
    client = Client()
    client.force_login(city.admin)
    answer = (Client() if path.startswith("vao") else client).get(f"/ban/{path}")
    assert "no-store" in answer.headers["Cache-Control"]
