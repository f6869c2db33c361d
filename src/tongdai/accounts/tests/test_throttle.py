"""Guessers lock out themselves, never whoever has the right password."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from tests.city import City
from tongdai.accounts.models import SignInTry
from tongdai.accounts.sign_in import throttle
from tongdai.accounts.sign_in.throttle import TRIES, Bucket, Locked

PASSWORD = "mật khẩu thử 1022"
HOME = Bucket("hang", "network of the office")


def guess(name: str, *, client: Client | None = None, at: str = "203.0.113.9") -> int:
    form = {"username": name, "password": "sai rồi nhé"}
    return (client or Client()).post("/ban/vao/", form, REMOTE_ADDR=at).status_code


def come_in(name: str, *, client: Client | None = None, at: str = "203.0.113.9") -> int:
    form = {"username": name, "password": PASSWORD}
    return (client or Client()).post("/ban/vao/", form, REMOTE_ADDR=at).status_code


def test_two_hundred_guesses_at_many_names_lock_nobody_with_the_right_password_behind_the_same_address(
    city: City,
) -> None:
    for number in range(200):
        guess(f"ai-do-{number % 60}")
    assert come_in(city.coordinator.username) == 302


def test_guesses_from_anywhere_at_ones_name_never_lock_one_out(city: City) -> None:
    for number in range(60):
        guess(city.coordinator.username, at=f"198.51.100.{number}")
    assert come_in(city.coordinator.username) == 302


def test_a_browser_signed_in_with_before_opens_even_where_its_network_guesses_at_its_name(city: City) -> None:
    mine = Client()
    assert come_in(city.coordinator.username, client=mine) == 302
    mine.post("/ban/ra/")
    for _ in range(20):
        guess(city.coordinator.username)
    assert come_in(city.coordinator.username) == 429  # a stranger with the password, from where the guesses come
    assert come_in(city.coordinator.username, client=mine) == 302


def test_a_known_browser_guesses_five_times_too(city: City) -> None:
    mine = Client()
    come_in(city.coordinator.username, client=mine)
    mine.post("/ban/ra/")
    answers = [guess(city.coordinator.username, client=mine) for _ in range(6)]
    assert answers == [422] * 4 + [429] * 2


def test_the_cookie_of_a_known_browser_is_good_for_no_other_name_and_opens_nothing(city: City) -> None:
    mine = Client()
    come_in(city.coordinator.username, client=mine)
    mine.post("/ban/ra/")
    for _ in range(5):
        guess(city.leader.username)
    assert guess(city.leader.username, client=mine) == 429
    assert mine.get("/ban/").status_code == 302


def test_a_name_is_one_name_however_it_is_written() -> None:
    assert throttle.account_of(" HẰNG ") == throttle.account_of("hằng")


@pytest.mark.django_db
def test_the_sixth_try_waits_until_the_first_is_a_quarter_of_an_hour_old(city: City) -> None:
    at = city.at("2022-02-14 08:00")
    left = [throttle.take(HOME, at=at + timedelta(minutes=n)) for n in range(TRIES)]
    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(Locked) as locked:
        throttle.take(HOME, at=at + timedelta(minutes=14))
    assert locked.value.until == at + timedelta(minutes=15)
    assert throttle.take(HOME, at=at + timedelta(minutes=15)) == 0


@pytest.mark.django_db(transaction=True)
def test_forty_guesses_at_once_are_five_guesses() -> None:
    """Each in a connection of its own, as the processes of a house are."""
    from tongdai.platform.clock import now

    def take(_: int) -> bool:
        try:
            throttle.take(HOME, at=now())
        except Locked:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(40))) == TRIES
    assert SignInTry.objects.count() == TRIES


@pytest.mark.django_db
def test_tries_of_the_day_before_are_forgotten(city: City) -> None:
    at = city.at("2022-02-14 08:00")
    throttle.take(HOME, at=at)
    assert throttle.forget_old(at=at + timedelta(hours=23)) == 0
    assert throttle.forget_old(at=at + timedelta(hours=25)) == 1
