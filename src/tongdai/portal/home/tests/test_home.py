"""The first page: a box to ask in, three doors, and today's figures, counted from the cases."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from tests.city import City
from tests.reading import read
from tongdai.platform import clock
from tongdai.portal.home import counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def afternoon(city: City) -> Iterator[None]:
    """Tuesday, 15.2.2022, 15:00; nothing was counted yet."""
    counted.forget()
    with clock.turned_here() as turn_to:
        turn_to(city.at("2022-02-15 15:00"))
        yield
    counted.forget()


def test_today_is_counted_from_midnight_in_the_city(city: City, afternoon: None, client: Client) -> None:
    city.case("Rác ở ngõ 1", received="2022-02-14 23:59")
    city.case("Rác ở ngõ 2", received="2022-02-15 00:00")
    city.case("Rác ở ngõ 3", received="2022-02-15 14:59")
    city.answered("Rác ở ngõ 4", received="2022-02-14 08:00")  # at 9:00 today

    page = read(client.get("/"))

    assert re.findall(r"<dt>([^<]+)</dt><dd data-city-total>(\d+)</dd>", page) == [
        ("phiếu mới nhận", "2"),
        ("phiếu đã trả lời", "1"),
    ]
    assert "Hôm nay, tính đến 15\u00a0giờ</h2>" in page and "Thứ\u00a0Ba, 15.2.2022." in page


def test_they_are_counted_once_a_minute_whoever_asks(
    city: City, afternoon: None, client: Client, django_assert_num_queries
) -> None:
    before = counted.counted_today()
    city.case(received="2022-02-15 08:00")
    with django_assert_num_queries(0):
        assert counted.counted_today() == before
    assert before.received == 0


def test_its_doors_lead_on(city: City, client: Client) -> None:
    page = client.get("/").content.decode()
    assert 'action="/tim/"' in page and 'action="/tra-cuu/"' in page
    for address in ("/phan-anh/", "/tra-loi/"):
        assert f'href="{address}"' in page and client.get(address).status_code == 200
