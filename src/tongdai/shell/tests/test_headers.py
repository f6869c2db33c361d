"""What every answer says of itself: nothing of anybody's is kept, pages connect to the very hosts they need."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests import starter
from tests.city import City
from tongdai.accounts.models import User
from tongdai.desk.tests.walking import World, addresses, client_of, undone
from tongdai.shell.headers import PUBLIC, SECRET

pytestmark = pytest.mark.django_db


def policy(response: HttpResponse) -> dict[str, list[str]]:
    parts = [part.split() for part in response.headers["Content-Security-Policy"].split(";")]
    return {part[0]: part[1:] for part in parts if part}


def listed_as(mark: str, at: URLResolver | None = None) -> set[str | None]:
    """The names of the addresses that a face lists so."""
    found: set[str | None] = set()
    for each in (at or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            found |= listed_as(mark, each)
        elif isinstance(each, URLPattern) and getattr(each.callback, mark, False):
            found.add(each.name)
    return found


def test_the_pages_that_a_cache_may_keep_are_these_and_no_others() -> None:
    assert listed_as(PUBLIC) == {
        "home", "short", "procedure", "sheet", "article", "answers", "questions", "table", "row", "conduct", "access", "suggest",
    }  # fmt: skip


def test_nothing_personal_is_kept_by_a_browser_or_a_cache(city: City) -> None:
    """Each address, as a stranger and as each of the staff: `no-store`, unless it is the same for everybody."""
    starter.begin(city.at("2022-02-01 08:00"))
    city.answered()
    everybody: list[User | None] = [
        None,
        city.coordinator,
        city.call_taker,
        city.admin,
        city.inspector,
        city.officer("Thanh tra"),
    ]
    kept, pages = [], listed_as(PUBLIC)
    for user in everybody:
        client = client_of(user)
        for name, address in addresses(World.read(), but={"desk:sign_out", "handset"}):
            with undone():
                said = client.get(address).headers.get("Cache-Control", "")
            public = name.startswith("portal:") and name.removeprefix("portal:") in pages
            if "no-store" not in said and not public:
                kept.append(f"{name} {address}: {said or 'nothing said'}")
    assert not kept, "\n".join(kept)


def test_pages_connect_to_the_very_hosts_and_ports_they_need(city: City, settings: Any) -> None:
    """It was `http://*:8023` and `ws://*:8026`: any host of the world."""
    settings.SIP_PORT, settings.EXCHANGE_PORT, settings.LIVE_PORT = 5060, 8026, 8023
    client = Client()
    client.force_login(city.coordinator)
    connects = policy(client.get("/ban/", headers={"Host": "1022.lan:8022"}))["connect-src"]
    assert connects == ["'self'", "http://1022.lan:8023", "ws://1022.lan:8023"]
    ipv6 = policy(client.get("/ban/", headers={"Host": "[::1]:8022"}))["connect-src"]
    assert ipv6 == ["'self'", "http://[::1]:8023", "ws://[::1]:8023"]
    settings.LIVE_URL, settings.SOFTPHONE_URL = "https://1022.example.vn/live", "wss://1022.example.vn/ws"
    assert policy(client.get("/ban/"))["connect-src"] == ["'self'", "https://1022.example.vn", "wss://1022.example.vn"]


def test_no_page_names_a_host_of_the_whole_world(city: City) -> None:
    client = Client()
    client.force_login(city.coordinator)
    for address in ("/", "/phan-anh/", "/ban/", "/ban/vao/", "/bao-cao/", "/ban/may/"):
        said = client.get(address).headers["Content-Security-Policy"]
        assert "*" not in said and "unsafe" not in said
    assert policy(client.get("/"))["connect-src"] == ["'self'"]  # a citizen's page connects to nobody else


def test_an_address_that_opens_something_is_told_to_no_other_page(city: City) -> None:
    case = city.case()
    for address in (
        f"/p/{case.code}/aB3-_aB3-_aB/",
        "/k/aB3-_aB3-_aB1z",
        "/ban/khoi-dau/abcdefgh/",
        "/anh/tam/x/",
        "/ban/vao/quen/1-abc-def/",
    ):
        answer = Client().get(address)
        # from a page with a form nothing but its origin: with `no-referrer` browsers send the form as a stranger's
        assert answer.headers["Referrer-Policy"] == ("no-referrer" if answer.status_code == 302 else "strict-origin")
    assert listed_as(SECRET) == {
        "case_by_link",
        "case_by_short_link",
        "first_admin",
        "stashed",
        "account_reset_password_from_key",
    }


def test_what_is_searched_for_stands_in_no_address(city: City) -> None:
    """Names and telephone numbers went into the address, and from there into a proxy's log."""
    client = Client()
    client.force_login(city.coordinator)
    case = city.case("Rác tràn ra hè phố", phone="+84904123318")
    there = client.post("/ban/tim/", {"q": "0904 123 318"}).headers["Location"]
    assert "0904" not in there
    page = client.get(there).content.decode()
    assert case.code in page
    assert not re.search(r'(?:href|hx-get|action)="[^"]*(?:0904|904123)', page)
    rows = re.search(r'hx-get="(/ban/tim/danh-sach/[^"]*)"', page)
    assert rows and case.code in client.get(rows[1]).content.decode()


def test_a_second_search_leaves_the_first_ones_tab_as_it_was(city: City) -> None:
    client = Client()
    client.force_login(city.coordinator)
    one, other = city.case("Rác tràn ra hè phố"), city.case("Đèn đường hỏng")
    first, second = (client.post("/ban/tim/", {"q": q}).headers["Location"] for q in ("rác", "đèn"))
    assert one.code in client.get(first).content.decode()
    assert other.code in client.get(second).content.decode() and one.code not in client.get(second).content.decode()
