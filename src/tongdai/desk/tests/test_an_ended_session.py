"""A session ends while one types: what was sent comes back on the page where its form stands, wherever it was sent to."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.city import HONG_BANG, LE_CHAN, City
from tongdai.accounts.models import User
from tongdai.desk.tests.walking import routes

pytestmark = pytest.mark.django_db
PASSWORD = "mật khẩu thử 1022"
WORDS = "Chó thả rông ngõ 12, hỏi nộp phạt ở đâu"


def came_back(person: User, sent_to: str, page: str, words: dict[str, str]) -> str:
    """The page after a form was sent by nobody from `page`, and its person has signed in."""
    client = Client()
    asked = client.post(sent_to, words, headers={"referer": f"http://testserver{page}"})
    assert asked.status_code == 401 and "giữ nguyên" in asked.content.decode()
    door = asked.content.decode()
    kept, onward = (re.search(rf'name="{name}" value="([^"]*)"', door)[1] for name in ("kept", "next"))  # type: ignore[index]
    form = {"username": person.username, "password": PASSWORD, "kept": kept, "next": onward}
    opened = client.post("/ban/vao/", form, follow=True)
    assert opened.status_code == 200
    assert opened.request["PATH_INFO"] == page.split("?")[0]
    return opened.content.decode()


@pytest.mark.parametrize(
    ("sent_to", "page", "name"),
    [
        ("/ban/kho/hoi-dap/moi/", "/ban/kho/", "question"),
        ("/ban/kho/tu-ngu/luu/", "/ban/kho/tu-ngu/", "meanings"),
    ],
)
def test_a_form_that_is_sent_elsewhere_comes_back_on_its_own_page(
    knowing: City, sent_to: str, page: str, name: str
) -> None:
    again = came_back(knowing.coordinator, sent_to, page, {name: WORDS, "kind": "alias"})
    assert f'data-saved-input="{sent_to}"' in again and WORDS in again.split("data-saved-input")[1]


def test_a_page_that_takes_the_words_into_its_form_does_not_show_them_twice(city: City) -> None:
    case = city.case(lead=HONG_BANG, accepted=True)
    path = f"/ban/phieu/{case.code}/tra-loi/"
    again = came_back(city.officer(HONG_BANG), path, path, {"text": WORDS})
    assert again.count(WORDS) == 1 and "data-saved-input" not in again


def test_who_may_not_open_the_page_reads_nothing_that_was_typed_there(city: City) -> None:
    """A colleague signs in on the same computer: the words stay with who typed them."""
    case = city.case("Tố cáo ông A nhận tiền", lead="")
    hidden = city.case(lead=LE_CHAN, accepted=True)
    for person, page in (
        (city.officer(HONG_BANG), f"/ban/phieu/{hidden.code}/"),
        (city.officer(HONG_BANG), "/ban/can-bo/"),
        (city.officer(HONG_BANG), f"/ban/phieu/{case.code}/"),
    ):
        client = Client()
        asked = client.post(
            "/ban/kho/hoi-dap/moi/", {"question": WORDS}, headers={"referer": f"http://testserver{page}"}
        )
        door = asked.content.decode()
        kept, onward = (re.search(rf'name="{name}" value="([^"]*)"', door)[1] for name in ("kept", "next"))  # type: ignore[index]
        form = {"username": person.username, "password": PASSWORD, "kept": kept, "next": onward}
        opened = client.post("/ban/vao/", form, follow=True)
        assert opened.status_code in (403, 404) and WORDS not in opened.content.decode(), page
        assert "saved_input" not in client.session


def test_words_sent_from_a_page_of_somebody_elses_lead_to_the_desk(city: City) -> None:
    asked = Client().post(
        "/ban/kho/hoi-dap/moi/", {"question": WORDS}, headers={"referer": "https://evil.example/ban/kho/"}
    )
    assert 'name="next" value="/ban/"' in asked.content.decode()


def test_a_part_of_a_page_that_is_sent_takes_nothing_from_the_page(city: City) -> None:
    case = city.case(lead=HONG_BANG, accepted=True)
    path = f"/ban/phieu/{case.code}/tra-loi/"
    for ask in (Client().get, Client().post):
        answer = ask(path, {"text": WORDS}, headers={"hx-request": "true"})
        assert answer.status_code == 401 and not answer.content
        assert "desk:signed-out" in answer.headers["HX-Trigger"] and answer.headers["HX-Reswap"] == "none"


def test_no_form_of_the_staffs_leads_to_an_address_that_shows_no_page(city: City) -> None:
    """After signing in the browser asks with GET: an address that only takes what is sent would answer 405."""
    client, wrong = Client(), []
    for route, name in routes(get_resolver().url_patterns):
        path = "/" + re.sub(r"<\w+:\w+>", "x", re.sub(r"<int:\w+>", "1", route))
        if not path.startswith("/ban/"):
            continue
        asked = client.post(path, {"text": WORDS}, headers={"referer": "http://testserver/ban/kho/"})
        onward = re.search(r'name="next" value="([^"]+)"', asked.content.decode()) if asked.status_code == 401 else None
        if onward and client.get(onward[1]).status_code == 405:
            wrong.append(name)
    assert wrong == []
