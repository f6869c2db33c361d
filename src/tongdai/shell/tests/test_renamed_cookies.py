"""A browser that holds a cookie under its old name loses nothing, and holds it under the new one from then on."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.city import City
from tongdai.cases.access import links
from tongdai.cases.models import CaseLink
from tongdai.channels import links as links_in_texts
from tongdai.platform.clock import now

PASSWORD = "mật khẩu thử 1022"
IN_ENGLISH, IN_VIETNAMESE = '<html lang="en"', '<html lang="vi"'


def holding(**cookies: str) -> Client:
    """A browser that was here before the names changed."""
    browser = Client()
    for name, value in cookies.items():
        browser.cookies[name] = value
    return browser


def moved(answer: HttpResponse, old: str, new: str) -> bool:
    """Whether the browser is told to hold the new name and to drop the old one, at the same path."""
    gone, there = answer.cookies[old], answer.cookies[new]
    return gone["max-age"] == 0 and there["max-age"] > 0 and bool(there["httponly"]) and gone["path"] == there["path"]


def test_the_language_chosen_before_stays(city: City) -> None:
    browser = holding(tieng="en")
    first = browser.get("/quy-tac/")
    assert IN_ENGLISH in first.content.decode() and moved(first, "tieng", "language")
    assert browser.cookies["language"].value == "en"
    del browser.cookies["tieng"]
    second = browser.get("/quy-tac/")
    assert IN_ENGLISH in second.content.decode() and not second.cookies


def test_what_is_chosen_now_goes_before_what_was_chosen(city: City) -> None:
    browser = holding(tieng="en", language="vi")
    page = browser.get("/quy-tac/")
    assert IN_VIETNAMESE in page.content.decode()
    assert page.cookies["tieng"]["max-age"] == 0 and "language" not in page.cookies
    assert holding(tieng="en").get("/ngon-ngu/vi/").cookies["language"].value == "vi"


def test_a_citizens_browser_still_opens_its_case(city: City) -> None:
    case = city.case("Rác tràn ra hè phố")
    opened = Client()
    link = links.give(case, purpose=CaseLink.Purpose.TEXT, at=now())
    opened.get(urlsplit(links_in_texts.address(link)).path)
    browser = holding(phieu=opened.cookies["cases"].value)
    page = browser.get(f"/p/{case.code}/")
    assert "Rác tràn ra hè phố" in page.content.decode() and moved(page, "phieu", "cases")
    assert "no-store" in page["Cache-Control"]
    gone = browser.post("/quen/")
    assert {gone.cookies[name]["max-age"] for name in ("phieu", "cases")} == {0}


def test_a_browser_that_has_been_signed_in_with_is_still_counted_apart_from_guessers(city: City) -> None:
    right = {"username": city.leader.username, "password": PASSWORD}
    before = Client()
    before.post("/ban/vao/", right)
    for _ in range(5):
        Client().post("/ban/vao/", {**right, "password": "sai"})
    assert Client().post("/ban/vao/", right).status_code == 429
    browser = holding(may_quen=before.cookies["device"].value)
    page = browser.get("/ban/vao/")
    assert moved(page, "may_quen", "device") and page.cookies["device"]["path"] == "/ban/"
    del browser.cookies["may_quen"]
    assert browser.post("/ban/vao/", right).status_code == 302


@pytest.mark.parametrize("value", ["x\0", "a b", "²", "'", "<b>", ""])
def test_what_is_none_of_our_values_is_dropped(city: City, value: str) -> None:
    answer = holding(tieng=value).get("/quy-tac/")
    assert "language" not in answer.cookies
