"""Every number of the sheet leads to the very cases it counts."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from tests.city import City
from tongdai.cases.actions.reject import reject
from tongdai.cases.actor import Actor
from tongdai.people.models import Channel
from tongdai.reports.behind import NONE, Figure
from tongdai.reports.period import Period

pytestmark = pytest.mark.django_db
DAYS = {"tu": "1.2.2022", "den": "28.2.2022"}
LINK = re.compile(r'<a href="(/bao-cao/phieu/[^"]*)">([^<]*)</a>')


@pytest.fixture
def world(city: City) -> City:
    """Some of every kind: answered in time and late, rejected, without place or topic, confidential, outside the days."""
    city.answered("Rác", channel=Channel.SMS, place="Lê Chân", received="2022-02-14 08:00")
    city.answered("Đèn đường hỏng", channel=Channel.VOICE, topic="lighting", received="2022-02-01 00:00")
    city.case("F0 khó thở", channel=Channel.WEB, topic="covid-help", place="Hồng Bàng", received="2022-02-20 23:59")
    city.case("Không rõ việc gì", channel=Channel.WEB, received="2022-02-03 09:00")
    city.answered("Trước kỳ", received="2022-01-31 23:59")
    city.case("Tôi tố cáo cán bộ nhận hối lộ", topic="denunciation", received="2022-02-10 09:00")
    out = city.case("Linh tinh", received="2022-02-11 09:00")
    reject(
        out, by=Actor.staff(city.coordinator), ground="no_content", reason="Chưa rõ.", at=city.at("2022-02-11 10:00")
    )
    return city


def counted(client: Client, url: str) -> int:
    page = client.get(html.unescape(url))
    assert page.status_code == 200, url
    found = re.search(r'<p class="lead"><b>([\d.]+)</b>', page.content.decode())
    assert found
    return int(found[1].replace(".", ""))


def links_of(client: Client) -> list[tuple[str, str]]:
    """Those of the tables: the city's totals count cases, too, that no list shows."""
    page = client.get("/bao-cao/", DAYS).content.decode()
    return LINK.findall(re.sub(r"(?s)<(\w+)[^>]*\bdata-city-total\b[^>]*>.*?</\1>", "", page))


@pytest.mark.parametrize("reader", ["leader", "inspector"])
def test_each_whole_number_is_the_length_of_its_list(world: City, client: Client, reader: str) -> None:
    client.force_login(getattr(world, reader))
    links = links_of(client)
    whole = [(url, int(said)) for url, said in links if said.isdigit()]
    assert len(whole) > 60  # two a day of the chart, and those of the tables
    wrong = [(url, said) for url, said in whole if counted(client, url) != said]
    assert wrong == []


def test_a_list_says_how_many_of_its_figure_it_does_not_hold(world: City, client: Client) -> None:
    client.force_login(world.leader)
    for measure, unlisted in (("nhan", 1), ("tra-loi", 0), ("chua-thanh-cong", 1), ("chua-den-han", 0)):
        page = client.get("/bao-cao/phieu/", DAYS | {"so": measure}).content.decode()
        assert f"Ngoài ra {unlisted} phiếu không liệt kê." in page, measure
    page = client.get("/bao-cao/phieu/", DAYS | {"so": "nhan", "linh-vuc": "denunciation"}).content.decode()
    assert "phiếu không liệt kê." not in page.replace(
        "không gồm phiếu không liệt kê.", ""
    )  # of a group nothing is said


def test_each_rate_is_its_list_over_that_of_what_it_is_a_part_of(world: City, client: Client) -> None:
    client.force_login(world.leader)
    links = links_of(client)
    rates = [(html.unescape(url), said) for url, said in links if "%" in said]
    assert {re.search(r"so=([a-z-]+)", url)[1] for url, _ in rates} == {"tra-loi", "dung-han"}  # type: ignore[index]
    for url, said in rates:
        whole = url.replace("so=tra-loi", "so=nhan").replace("so=dung-han", "so=xet-han")
        assert f"{100 * counted(client, url) / counted(client, whole):.1f}\u00a0%".replace(".", ",") == said


def test_those_without_a_place_are_a_list_too_and_a_case_opens_from_it(world: City, client: Client) -> None:
    client.force_login(world.coordinator)
    february = Period(world.at("2022-02-01 00:00").date(), world.at("2022-02-28 00:00").date())
    page = client.get(Figure(february, groups={"dia-ban": NONE}).url).content.decode()
    assert "chưa rõ nơi" in page
    case = re.search(r'href="(/ban/phieu/\d+/)"', page)
    assert case and client.get(case[1]).status_code == 200


def test_long_lists_are_paged_and_say_so(city: City, client: Client) -> None:
    for number in range(101):
        city.report(f"Rác ở ngõ {number}", phone=f"+8490412{number:04d}", received="2022-02-14 08:00")
    client.force_login(city.leader)
    february = Period(city.at("2022-02-01 00:00").date(), city.at("2022-02-28 00:00").date())
    first = client.get(Figure(february).url).content.decode()
    assert "Trang 1 trên 2" in first and first.count('href="/ban/phieu/') == 100
    assert client.get(Figure(february).url + "&trang=2").content.decode().count('href="/ban/phieu/') == 1


@pytest.mark.parametrize("asked", ["", "?tu=hôm qua&den=nay", "?tu=1.2.2022&den=28.2.2022&so=bao-nhieu"])
def test_an_address_that_names_no_figure_is_not_found(city: City, client: Client, asked: str) -> None:
    client.force_login(city.leader)
    assert client.get(f"/bao-cao/phieu/{asked}").status_code == 404


def test_the_lists_are_for_the_reports_readers_alone(world: City, client: Client) -> None:
    february = Period(world.at("2022-02-01 00:00").date(), world.at("2022-02-28 00:00").date())
    client.force_login(world.call_taker)
    assert client.get(Figure(february).url).status_code == 403
