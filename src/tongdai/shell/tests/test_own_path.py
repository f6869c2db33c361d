"""`back=`, `next=`, `ve=`: to our own pages only."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.city import City
from tongdai.shell.own_path import own_path

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/ban/",
    "/\\evil.example/",
    "\\/evil.example",
    "/\t/evil.example/",
    "javascript:alert(1)",
    " /ban/",
    "ban/",
    "/khong/co/trang/nay/",
    "/ban/\nSet-Cookie: x=1",
    "http://testserver/ban/",
    "/" + "a" * 3000,
    "",
]


@pytest.mark.parametrize("typed", ELSEWHERE)
def test_nothing_but_a_path_of_ours_is_gone_back_to(typed: str) -> None:
    assert own_path(typed, otherwise="/ban/") == "/ban/"


@pytest.mark.parametrize("typed", ["/ban/", "/ban/?khung=late", "/", "/p/73041859261/", "/thu-tuc/1.001193/#fee"])
def test_a_page_of_ours_is(typed: str) -> None:
    assert own_path(typed) == typed


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ELSEWHERE)
def test_no_form_nor_link_leads_out_of_the_house(city: City, typed: str) -> None:
    """`back=javascript:…` stood as the link of a refused form."""
    client = Client()
    client.force_login(city.coordinator)
    case = city.case(accepted=True, lead="UBND phường Hồng Bàng")
    for response in (
        client.post("/ban/may/trang-thai/", {"state": "paused", "back": typed}),
        client.post("/ban/ngon-ngu/", {"language": "vi", "next": typed}),
        client.get("/ngon-ngu/en/", {"ve": typed}),
        client.post(f"/ban/phieu/{case.code}/nhan/", {"back": typed}),  # refused: accepted already
        client.post("/tim/co-ich/", {"useful": "1", "answer": "article:1", "back": typed}),
    ):
        there = response.headers.get("Location", "")
        assert "evil" not in there and not there.startswith(("//", "javascript", "http"))
        page = response.content.decode()
        assert 'href="javascript' not in page and 'href="https://evil' not in page and 'href="//evil' not in page
