"""Whoever left no number follows the case on another device by its code and a PIN that is shown once."""

from __future__ import annotations

import re
from itertools import count

import pytest
from django.test import Client

from tests.city import City
from tongdai.cases.access import pins
from tongdai.cases.access.proofs import TRIES_A_CODE
from tongdai.cases.models import Case, CasePin
from tongdai.platform.clock import now

pytestmark = pytest.mark.django_db
TEXT = "Hàng xóm đổ phế thải ra bờ sông"
_keys = count(1)


def send(browser: Client, **fields: str):
    form = {"text": TEXT, "visibility": "anonymous", "key": f"{next(_keys):022d}"}
    return browser.post("/phan-anh/", form | fields)


def pin_on(page: str) -> str:
    found = re.search(r'id="pin-digits">([\d\s&nbsp;]+)</p>', page)
    return re.sub(r"\D", "", found[1].replace("&nbsp;", "")) if found else ""


def test_the_pin_stands_once_on_the_receipt_and_opens_the_case_on_another_device(city: City) -> None:
    mine, elsewhere = Client(), Client()
    receipt = send(mine)["Location"]
    pin, case = pin_on(mine.get(receipt).content.decode()), Case.objects.get()
    assert len(pin) == 6 and case.contact is None
    assert pin_on(mine.get(receipt).content.decode()) == ""

    opened = elsewhere.post(f"/p/{case.code}/", {"digits": f" {pin[:3]} {pin[3:]} "}, follow=True)
    assert TEXT in opened.content.decode()
    assert pin not in opened.content.decode().replace(case.code, "")


def test_of_the_pin_only_a_hash_is_kept_that_tells_nothing_without_the_installations_key(city: City, settings) -> None:
    case = city.case(TEXT, phone="")
    pin = pins.make(case, at=now())
    assert pin not in CasePin.objects.get().digest and pins.is_pin_of(case.code, pin)
    settings.SECRET_KEY = "x" * 50
    assert not pins.is_pin_of(case.code, pin)


def test_guesses_at_a_pin_are_limited_as_those_at_the_last_four_digits_are(city: City) -> None:
    case = city.case(TEXT, phone="")
    pin = pins.make(case, at=now())
    wrong = f"{(int(pin) + 1) % 10**6:06d}"
    stranger = Client(REMOTE_ADDR="198.51.100.1")
    tries = [stranger.post(f"/p/{case.code}/", {"digits": wrong}).status_code for _ in range(TRIES_A_CODE)]
    assert tries == [422] * TRIES_A_CODE
    assert stranger.post(f"/p/{case.code}/", {"digits": pin}).status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.7").post(f"/p/{case.code}/", {"digits": pin}).status_code == 303


def test_a_new_pin_ends_the_old_one_and_what_it_had_opened_but_not_the_browser_that_filed_it(city: City) -> None:
    mine, other = Client(), Client()
    old = pin_on(mine.get(send(mine)["Location"]).content.decode())
    code = Case.objects.get().code
    other.post(f"/p/{code}/", {"digits": old})
    assert TEXT in other.get(f"/p/{code}/").content.decode()

    new = pin_on(mine.post(f"/p/{code}/pin/", follow=True).content.decode())
    assert len(new) == 6
    assert TEXT not in other.get(f"/p/{code}/").content.decode()
    assert TEXT in mine.get(f"/p/{code}/").content.decode()
    assert other.post(f"/p/{code}/", {"digits": new}).status_code == 303
    assert not pins.is_pin_of(code, old) or old == new


def test_only_the_browser_that_filed_it_makes_a_pin_and_a_case_with_a_number_has_none(city: City) -> None:
    mine, stranger = Client(), Client()
    send(mine)
    code = Case.objects.get().code
    digest = CasePin.objects.get().digest
    stranger.post(f"/p/{code}/pin/")
    assert CasePin.objects.get().digest == digest

    receipt = send(mine, text="Đèn đường hỏng", visibility="private", phone="0904 123 318")["Location"]
    page = mine.get(receipt).content.decode()
    assert "Mã PIN" not in page and CasePin.objects.count() == 1
    mine.post(f"/p/{Case.objects.latest('pk').code}/pin/")
    assert CasePin.objects.count() == 1


def test_a_double_click_shows_a_pin_that_opens(city: City) -> None:
    mine, key = Client(), "k" * 22
    send(mine, key=key)
    pin = pin_on(mine.get(send(mine, key=key)["Location"]).content.decode())
    assert Client().post(f"/p/{Case.objects.get().code}/", {"digits": pin}).status_code == 303
