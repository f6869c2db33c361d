"""At the door: who comes in, and who is kept out for a while."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tests.city import City
from tongdai.accounts.sign_in import Refused, sign_in

PASSWORD = "mật khẩu thử 1022"
HERE = "network of the office"


def test_staff_come_in_and_go_on_to_where_they_were_going(city: City) -> None:
    client = Client()
    asked = client.get("/ban/?khung=late")
    assert asked.headers["Location"] == "/ban/vao/?next=%2Fban%2F%3Fkhung%3Dlate"
    form = {"username": city.coordinator.username, "password": PASSWORD, "next": "/ban/?khung=late"}
    assert client.post("/ban/vao/", form).headers["Location"] == "/ban/?khung=late"


def test_nobody_is_led_off_to_another_site(city: City) -> None:
    form = {"username": city.coordinator.username, "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert Client().post("/ban/vao/", form).headers["Location"] == "/ban/"


def test_five_wrong_passwords_lock_the_name_for_this_network_alone(city: City) -> None:
    at = city.at("2022-02-14 08:00")
    name = city.coordinator.username
    for number in range(5):
        with pytest.raises(Refused) as refused:
            sign_in(username=name, password="sai", network=HERE, loopback=True, at=at + timedelta(minutes=number))
    assert refused.value.until == at + timedelta(minutes=15)
    with pytest.raises(Refused):
        sign_in(username=name, password=PASSWORD, network=HERE, loopback=True, at=at + timedelta(minutes=6))
    assert sign_in(username=name, password=PASSWORD, network="elsewhere", loopback=True, at=at)
    assert sign_in(username=name, password=PASSWORD, network=HERE, loopback=True, at=at + timedelta(minutes=21))


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
