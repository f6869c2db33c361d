"""The leader's page: what it counts, for whom, and for which days."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from tests.city import HONG_BANG, City
from tests.reading import read
from tongdai.accounts.models import Role
from tongdai.cases.queries import visible_cases
from tongdai.people.models import Channel
from tongdai.platform.clock import today
from tongdai.reports.period import Period
from tongdai.reports.sheet import sheet

from .test_calls import call

FEBRUARY = Period(date(2022, 2, 1), date(2022, 2, 28))
PAGE = "/bao-cao/"


def signed_in(city: City, user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_the_sheet_says_what_it_leaves_out_for_its_reader(city: City) -> None:
    city.case("Tôi tố cáo ông A nhận hối lộ", topic="denunciation")
    days = {"tu": "1.2.2022", "den": "28.2.2022"}
    for reader, said in (
        (city.leader, "không gồm phiếu không liệt kê"),
        (city.inspector, "chỉ gồm phiếu người xem được"),
    ):
        page = signed_in(city, reader).get(PAGE, days).content.decode()
        assert said in page and "gồm cả phiếu không liệt kê" in page


def test_an_empty_period_is_a_sheet_of_noughts(city: City) -> None:
    page = signed_in(city, city.leader).get(PAGE, {"tu": "1.6.2021", "den": "2.6.2021"})
    assert page.status_code == 200
    assert "Chưa có phiếu trong kỳ này." in page.content.decode()


def test_the_page_shows_what_was_counted_and_draws_the_days(city: City) -> None:
    city.answered(topic="waste", place="Hồng Bàng")
    city.report("Rác nữa", topic="waste", place="Lê Chân")
    page = read(signed_in(city, city.leader).get(PAGE, {"tu": "1.2.2022", "den": "28.2.2022"}))
    assert re.search(r'Phiếu đã nhận</dt><dd class="fig"><a [^>]*>2</a>', page)
    assert "50,0\u00a0%" in page
    assert page.count('<path class="in"') == 1
    assert "Phường Hồng Bàng" in page


@pytest.mark.parametrize(
    ("days", "why"),
    [
        (("30.2.2022", "1.3.2022"), "Ngày chưa đúng"),
        (("2.3.2022", "1.3.2022"), "Ngày cuối phải sau ngày đầu"),
        (("xưa", "nay"), "Ngày chưa đúng"),
        (("1.3.2022", ""), "Ngày chưa đúng"),
        (("1.1.1900", "31.12.2100"), "nhiều nhất mười năm"),
    ],
)
def test_days_that_are_none_are_said_so_and_kept(city: City, days: tuple[str, str], why: str) -> None:
    page = signed_in(city, city.leader).get(PAGE, {"tu": days[0], "den": days[1]})
    assert page.status_code == 422
    assert why in page.content.decode()
    assert f'value="{days[0]}"' in page.content.decode()


def test_the_fields_hold_the_days_that_are_shown(city: City) -> None:
    page = signed_in(city, city.leader).get(PAGE, {"tu": "1.2.2022", "den": "28.2.2022"}).content.decode()
    assert 'value="01/02/2022"' in page and 'value="28/02/2022"' in page and "21.1.2022" not in page
    week = signed_in(city, city.leader).get(PAGE).content.decode()
    assert f'value="{today():%d/%m/%Y}"' in week


def test_the_sheet_is_for_those_who_lead_and_coordinate(city: City) -> None:
    for user in (city.leader, city.coordinator, city.inspector, city.staff(Role.SUPERVISOR, "Lê Thị Mai")):
        assert signed_in(city, user).get(PAGE).status_code == 200
    for user in (city.call_taker, city.officer(HONG_BANG)):
        assert signed_in(city, user).get(PAGE).status_code == 403
    assert Client().get(PAGE).status_code == 302


def test_a_period_without_cases_says_so(city: City) -> None:
    assert "Kỳ này chưa có phiếu nào." in signed_in(city, city.leader).get(PAGE).content.decode()


def test_a_denunciation_is_in_the_citys_total_and_in_the_inspectorates_tables_alone(city: City) -> None:
    city.case("Tôi tố cáo ông A nhận hối lộ", topic="denunciation")
    for number in range(2):
        city.case(f"Rác tràn ra ngõ {number}", topic="waste", place="Hồng Bàng")
    for user in (city.leader, city.inspector):
        page = read(signed_in(city, user).get(PAGE, {"tu": "1.2.2022", "den": "28.2.2022"}))
        assert re.search(r'Phiếu đã nhận</dt><dd class="fig"><a [^>]*>3</a>', page)
        assert ("Tố cáo</th>" in page) is (user == city.inspector)


def test_every_table_ends_with_what_is_not_listed_and_the_total(city: City) -> None:
    city.case("Tôi tố cáo ông A nhận hối lộ", topic="denunciation")
    for number in range(2):
        city.case(f"Rác tràn ra ngõ {number}", topic="waste", place="Hồng Bàng")
    for user, unlisted in ((city.leader, 1), (city.inspector, 2)):  # an inspector is shown the denunciations alone
        page = read(signed_in(city, user).get(PAGE, {"tu": "1.2.2022", "den": "28.2.2022"}))
        tables = re.findall(r"(?s)<table.*?</table>", page)
        assert len(tables) == 5  # topics, channels, places, agencies, days
        for table in tables:
            ends = re.findall(r'<th scope="row">(không liệt kê|Tổng cộng)</th>\s*<td class="n">(\d+)</td>', table)
            assert ends == [("không liệt kê", str(unlisted)), ("Tổng cộng", "3")]
        assert "chưa chuyển" in tables[3]


def test_each_figure_stands_beside_what_it_is(city: City) -> None:
    page = read(signed_in(city, city.leader).get(PAGE, {"tu": "1.2.2022", "den": "28.2.2022"}))
    four = re.search(r'(?s)<dl class="four".*?</dl>', page)
    assert four
    for words in (
        "Số phiếu đã trả lời trong kỳ trên số phiếu đã nhận trong kỳ, không kể phiếu đã rút.",
        "Số phiếu trả lời đúng hạn trên số phiếu đã trả lời hoặc đã quá hạn, không kể phiếu bị từ chối hay đã rút.",
    ):
        assert words in four[0]


def test_what_cannot_be_told_of_nothing_is_a_dash(city: City) -> None:
    page = read(signed_in(city, city.leader).get(PAGE, {"tu": "1.6.2021", "den": "2.6.2021"}))
    assert re.findall(r'<dd class="fig">\s*([^<]*?)\s*<', page)[1:] == ["–", "–", "–"]
    assert "Kỳ này chưa có cuộc gọi nào chờ gặp người." in page


def test_the_sheet_asks_no_more_however_many_cases_there_are(city: City, django_assert_max_num_queries) -> None:
    """Twelve for the figures, two for the comparison, one each for calls, urgent cases, ratings, reopenings, ready answers and days
    off.

    And three for the wards and their boundaries, which stay in memory.
    """
    for number in range(3):
        city.case(f"Rác tràn ra ngõ {number}", topic="waste", place="Hồng Bàng", lead=HONG_BANG)
    with django_assert_max_num_queries(24):
        sheet(FEBRUARY, listed=visible_cases(city.leader), printed_at=city.at("2022-03-01 08:00"))


def test_every_figure_of_the_page_has_its_definition(city: City) -> None:
    city.answered(topic="waste", place="Hồng Bàng", channel=Channel.VOICE)
    call(city, "2022-02-14 08:00", answered_after=9)
    page = read(signed_in(city, city.leader).get(PAGE, {"tu": "1.2.2022", "den": "28.2.2022"}))
    section = re.search(r'(?s)<section class="fine".*?</section>', page)
    assert section
    defined = {name for names in re.findall(r"<dt>(.*?)</dt>", section[0]) for name in names.split(", ")}
    columns = set(re.findall(r'<th scope="col" class="n"[^>]*>(.*?)</th>', page))
    assert columns and columns <= defined
    for kind in ("four", "calls"):
        figures = re.search(rf'(?s)<dl class="{kind}".*?</dl>', page)
        assert figures
        for figure in re.findall(r"(?s)<div>(.*?)</div>", figures[0]):
            assert re.search(r'<dd class="def">\s*[^<\s]', figure), figure


def test_printing_is_a_button_where_scripts_run_and_every_form_a_link(city: City) -> None:
    page = read(signed_in(city, city.leader).get(PAGE, {"tu": "1.2.2022", "den": "28.2.2022"}))
    assert re.search(r'<button type="button" class="btn" data-print-page hidden>', page)
    assert {"docx", "xlsx", "csv"} <= set(re.findall(r'href="/bao-cao/tong-ket/(\w+)/\?[^"]*" download', page))
