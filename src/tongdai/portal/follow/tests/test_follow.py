"""Following a case: what the code alone tells, and what opens the whole."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.city import HONG_BANG, City
from tongdai.cases import queries
from tongdai.cases.codes import spoken
from tongdai.people.models import Channel

pytestmark = pytest.mark.django_db


def test_the_code_alone_shows_state_agency_and_deadline_and_nothing_written(city: City, client: Client) -> None:
    case = city.case("Tôi bị bệnh gan", lead=HONG_BANG)
    page = client.get(f"/p/{case.code}/").content.decode()
    assert HONG_BANG.removeprefix("UBND ").split()[-1] in page and "21.2" in page
    assert "bệnh gan" not in page
    assert "3318" not in page.replace(case.code, "").replace(
        spoken(case.code), ""
    )  # her number's; a code may hold it too


def test_the_code_and_the_last_four_digits_open_it_and_five_wrong_ones_lock_it(city: City) -> None:
    case = city.case("Rác tràn ra hè phố", channel=Channel.SMS, proven=True)
    right = Client().post(f"/p/{case.code}/", {"digits": "3318"}, follow=True)
    assert "Rác tràn" in right.content.decode()
    stranger = Client()
    for _ in range(5):
        stranger.post(f"/p/{case.code}/", {"digits": "0000"})
    locked = stranger.post(f"/p/{case.code}/", {"digits": "3318"}, follow=True)
    assert "Rác tràn" not in locked.content.decode()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("7304 1859 26", "Mã này mới có 10 chữ số."),
        ("7304 1859 2611", "Mã này có 12 chữ số, thừa 1."),
        ("73041859262", "Mã này gõ nhầm một chữ số nào đó."),
        ("abc", "Mã tra cứu chỉ gồm chữ số, ví dụ 7304 1859 261."),
    ],
)
def test_what_can_be_no_code_is_not_looked_up_and_is_told_what_is_wrong(
    city: City, client: Client, typed: str, says: str
) -> None:
    """422 as for any form that can't be taken as it was filled in (RFC 9110, 15.5.21); what was typed stays."""
    page = client.get("/tra-cuu/", {"ma": typed})
    words = page.content.decode()
    assert page.status_code == 422 and says in words and f'value="{typed}"' in words


def test_a_code_that_no_case_has_is_not_found(city: City, client: Client) -> None:
    """404: the page of a case that isn't there (RFC 9110, 15.5.5)."""
    page = client.get("/tra-cuu/", {"ma": "7304 1859 261"}, follow=True)
    assert page.redirect_chain == [("/p/73041859261/", 302)] and page.status_code == 404
    words = page.content.decode()
    assert "Không có phiếu nào mang mã này." in words and 'value="7304\u00a01859\u00a0261"' in words


@pytest.mark.parametrize("asked", [{}, {"ma": ""}, {"ma": "  "}])
def test_an_empty_box_is_a_page_that_asks_for_a_code_and_blames_nobody(
    city: City, client: Client, asked: dict[str, str]
) -> None:
    page = client.get("/tra-cuu/", asked)
    words = page.content.decode()
    assert page.status_code == 200 and 'name="ma"' in words
    assert 'role="alert"' not in words and "aria-invalid" not in words


def test_the_box_on_the_first_page_understands_a_code_and_keeps_other_words(city: City, client: Client) -> None:
    case = city.case()
    code = f"{case.code[:4]} {case.code[4:8]} {case.code[8:]}"
    assert client.post("/phan-anh/bat-dau/", {"q": code})["Location"] == f"/p/{case.code}/"
    assert "cống nghẹt ở Cát Dài" in client.post("/phan-anh/bat-dau/", {"q": "cống nghẹt ở Cát Dài"}).content.decode()


@pytest.mark.parametrize("lead", ["", HONG_BANG])
def test_whoever_may_be_in_danger_themselves_reads_no_date_though_nobody_is_rung(city: City, lead: str) -> None:
    """Shown, not rung: `own_life`. The page, the timeline, the status by a text or on the telephone: one rule for all."""
    case = city.case("Tôi bị chồng đánh, xin hỏi thủ tục ly hôn", channel=Channel.SMS, proven=True, lead=lead)
    assert not case.in_danger and not queries.promises_date(case)
    stranger, citizen = Client().get(f"/p/{case.code}/"), Client().post(
        f"/p/{case.code}/", {"digits": "3318"}, follow=True
    )  # fmt: skip
    for page in (stranger.content.decode(), citizen.content.decode()):
        assert "Hạn trả lời" not in page and "chậm nhất" not in page and "21.2" not in page
    assert "ly hôn" in citizen.content.decode()


def test_once_it_is_answered_the_deadline_stands_there_as_on_any_other(city: City) -> None:
    case = city.answered("Tôi bị chồng đánh, xin hỏi thủ tục ly hôn")
    assert "Hạn trả lời" in Client().get(f"/p/{case.code}/").content.decode()
