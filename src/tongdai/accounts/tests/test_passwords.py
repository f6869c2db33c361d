"""Which passwords are refused, and which a person may keep."""

from __future__ import annotations

import socket

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests.city import City
from tongdai.accounts.models import User

pytestmark = pytest.mark.django_db


def refuses(password: str, person: User | None) -> bool:
    try:
        validate_password(password, person)
    except ValidationError:
        return True
    return False


@pytest.fixture
def hang(city: City) -> User:
    person = city.coordinator
    person.full_name, person.username, person.email = "Đỗ Thu Hằng", "thu-hang", "hangdt@haiphong.gov.vn"
    person.phone = "+84912345678"
    return person


@pytest.mark.parametrize(
    "password",
    [
        "1234567890", "qwertyuiop", "password123", "1q2w3e4r5t6y",  # every list of leaked passwords
        "matkhau123456", "M@tKh4u!2024", "mật khẩu 2025", "matkhaumatkhau", "anhyeuem1990", "emyeuanh!!!", "vietnamvodich",
        "haiphong1022", "Hải Phòng 1022", "HaiPhong@2025", "tongdai1022!", "1022102210221022", "tổng đài 1022",
        "DoThuHang1990", "thu-hang-2024", "Hằng@Đỗ2023!", "hangdt123456", "0912345678", "+84912345678", "12091987!!",
        "aaaaaaaaaaaaaa", "abcabcabcabcabc", "abcdefghij12", "zxcvbnm12345", "ngắn quá",
    ],
)  # fmt: skip
def test_what_is_in_lists_of_leaked_passwords_or_looks_like_it_is_refused(hang: User, password: str) -> None:
    assert refuses(password, hang)


@pytest.mark.parametrize(
    "password",
    ["một câu dễ nhớ hơn", "ghế tre phơi nắng", "x7RkQw92LmZt", "Bưởi Năm Roi chín vàng", "correct horse battery staple",
     "thuyền về bến lúc hoàng hôn", "Tr0ub4dor&3kites"],
)  # fmt: skip
def test_what_nobody_would_guess_is_taken(hang: User, password: str) -> None:
    assert not refuses(password, hang)


def test_anothers_name_is_no_clue(hang: User, city: City) -> None:
    assert not refuses("Hằng thích leo núi", city.leader)


def test_nothing_is_asked_outside(hang: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket.socket, "connect", nobody)
    assert refuses("matkhau123456", hang)
