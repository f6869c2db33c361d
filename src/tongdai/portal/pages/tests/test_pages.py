"""The pages of plain text are there in both languages, and the choice of one is this browser's alone."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.city import City

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "heading", "in_english"),
    [
        ("/quy-tac/", "Quy tắc ứng xử", "Code of conduct"),
        ("/tro-nang/", "Hỗ trợ tiếp cận", "Accessibility"),
    ],
)
def test_each_is_read_in_vietnamese_and_in_english(
    city: City, client: Client, path: str, heading: str, in_english: str
) -> None:
    page = client.get(path)
    assert page.status_code == 200 and f"<h1>{heading}</h1>" in page.content.decode()
    assert page.headers["Content-Language"] == "vi"

    there = client.get("/ngon-ngu/en/", {"ve": path})

    assert there.status_code == 302 and there.headers["Location"] == path
    page = client.get(path)
    assert page.headers["Content-Language"] == "en" and f"<h1>{in_english}</h1>" in page.content.decode()
    assert Client().get(path).headers["Content-Language"] == "vi"  # another browser chose nothing


def test_a_language_we_do_not_speak_is_no_page(city: City, client: Client) -> None:
    assert client.get("/ngon-ngu/xx/").status_code == 404
    assert not client.cookies
