"""Following a case: what the code alone tells, and what opens the whole."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.city import HONG_BANG, City
from tongdai.people.models import Channel

pytestmark = pytest.mark.django_db


def test_the_code_alone_shows_state_agency_and_deadline_and_nothing_written(city: City, client: Client) -> None:
    case = city.case("Tôi bị bệnh gan", lead=HONG_BANG)
    page = client.get(f"/p/{case.code}/").content.decode()
    assert HONG_BANG.removeprefix("UBND ").split()[-1] in page and "21.2" in page
    assert "bệnh gan" not in page and "3318" not in page


def test_the_code_and_the_last_four_digits_open_it_and_five_wrong_ones_lock_it(city: City) -> None:
    case = city.case("Rác tràn ra hè phố", channel=Channel.SMS, proven=True)
    right = Client().post(f"/p/{case.code}/", {"four": "3318"}, follow=True)
    assert "Rác tràn" in right.content.decode()
    stranger = Client()
    for _ in range(5):
        stranger.post(f"/p/{case.code}/", {"four": "0000"})
    locked = stranger.post(f"/p/{case.code}/", {"four": "3318"}, follow=True)
    assert "Rác tràn" not in locked.content.decode()


@pytest.mark.parametrize("typed", ["7304 1859 26", "abc", "73041859262", ""])
def test_a_code_that_is_none_says_what_is_wrong_and_keeps_it(city: City, client: Client, typed: str) -> None:
    page = client.get("/tra-cuu/", {"ma": typed}, follow=True)
    assert page.status_code in (200, 404, 422) and typed in page.content.decode()


def test_the_box_on_the_first_page_understands_a_code_and_keeps_other_words(city: City, client: Client) -> None:
    case = city.case()
    code = f"{case.code[:4]} {case.code[4:8]} {case.code[8:]}"
    assert client.post("/phan-anh/bat-dau/", {"q": code})["Location"] == f"/p/{case.code}/"
    assert "cống nghẹt ở Cát Dài" in client.post("/phan-anh/bat-dau/", {"q": "cống nghẹt ở Cát Dài"}).content.decode()
