"""Limits are told truly: nothing is cut silently, and what is too long comes back whole with what is wrong with it."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from django.test import Client

from tests.city import City
from tongdai.cases.models import Case
from tongdai.privacy.models import DataRequest

pytestmark = pytest.mark.django_db
FORM = {"text": "Nắp cống ngõ 61 Tam Bạc vỡ", "phone": "0904 123 318", "visibility": "private", "key": "k" * 22}
TEMPLATES = Path(__file__).resolve().parents[3] / "portal" / "templates"


def words(count: int) -> str:
    """So many characters, of which no two stretches are alike."""
    return " ".join(str(number) for number in range(count))[: count - 1] + "Z"


def shown_in(page: str, name: str) -> str:
    """What a field of the page holds."""
    found = re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', page, re.S)
    if found is None:
        found = re.search(rf'<textarea[^>]* name="{name}"[^>]*>\n?(.*?)</textarea>', page, re.S)
    assert found
    return html.unescape(found[1])


@pytest.mark.parametrize("length", [10_001, 19_999, 36_000, 100_000])
def test_a_text_that_is_too_long_comes_back_whole_and_is_told_how_long_it_is(
    city: City, client: Client, length: int
) -> None:
    told = client.post("/phan-anh/", FORM | {"text": words(length)})
    page = told.content.decode()
    assert told.status_code == 422 and not Case.objects.exists()
    assert shown_in(page, "text") == words(length)
    assert f"Lời kể dài {length} chữ cái" in page and "vẫn còn nguyên" in page


@pytest.mark.parametrize(("name", "length"), [("name", 121), ("landmark", 201), ("place", 201), ("phone", 90)])
def test_a_field_that_is_too_long_comes_back_whole_and_says_so(
    city: City, client: Client, name: str, length: int
) -> None:
    told = client.post("/phan-anh/", FORM | {name: words(length)})
    page = told.content.decode()
    assert told.status_code == 422 and not Case.objects.exists()
    assert shown_in(page, name) == words(length)
    assert 'aria-invalid="true"' in page


def test_what_just_fits_is_taken_whole(city: City, client: Client) -> None:
    fields = {"text": words(10_000), "landmark": words(200), "name": words(120)}
    assert client.post("/phan-anh/", FORM | fields).status_code == 303
    case = Case.objects.get()
    assert (case.text, case.address, case.sender_name) == tuple(fields.values())


def test_somebody_in_danger_is_taken_with_all_that_a_field_has_no_room_for(city: City, client: Client) -> None:
    where, who, number = words(260), words(130), f"gọi anh Ba {words(90)}"
    fields = {"text": "Nhà đang cháy, có người mắc kẹt", "landmark": where, "name": who, "phone": number, "urgent": "1"}
    assert client.post("/phan-anh/", FORM | fields).status_code == 303
    assert all(each in Case.objects.get().text for each in (where, who, number))


def test_the_box_on_the_first_page_begins_a_report_with_all_its_words(city: City, client: Client) -> None:
    page = client.post("/phan-anh/bat-dau/", {"q": words(36_000)}).content.decode()
    assert shown_in(page, "text") == words(36_000)


def test_a_code_pasted_with_much_around_it_is_told_by_its_true_length(city: City, client: Client) -> None:
    page = client.get("/tra-cuu/", {"ma": "1" * 60}).content.decode()
    assert "Mã này có 60 chữ số, thừa 49." in page


def test_no_field_of_the_portal_lets_the_browser_cut_what_is_pasted() -> None:
    fields = {
        file.name: found
        for file in TEMPLATES.rglob("*.html")
        if (found := re.findall(r'name="(\w+)"[^>]*maxlength', file.read_text(encoding="utf-8")))
    }
    assert set(fields) <= {"table.html"}  # a search among rows keeps nothing


def test_a_request_about_ones_data_is_told_its_length_and_kept(city: City, client: Client) -> None:
    client.post("/phan-anh/", FORM)
    code = Case.objects.get().code
    told = client.post(f"/p/{code}/du-lieu/", {"kind": "correction", "words": words(2_001)})
    assert told.status_code == 422 and not DataRequest.objects.exists()
    assert shown_in(told.content.decode(), "words") == words(2_001) and "2001" in told.content.decode()
