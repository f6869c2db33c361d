"""The leader's page: what it counts, for whom, and for which days."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from tests.city import HONG_BANG, INSPECTORATE, City
from tongdai.accounts.models import Role
from tongdai.cases.queries import visible_cases
from tongdai.people.models import Channel
from tongdai.reports import figures
from tongdai.reports.period import NotADay, Period, read_day

FEBRUARY = Period(date(2022, 2, 1), date(2022, 2, 28))
PAGE = "/bao-cao/"


def signed_in(city: City, user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_an_answer_after_the_last_day_is_no_success_of_the_period(city: City) -> None:
    city.answered(received="2022-02-14 08:00")  # answered on the 15th
    counted = figures.count(Period(date(2022, 2, 14), date(2022, 2, 14)))
    assert (counted.received, counted.total.answered) == (1, 0)
    assert figures.count(FEBRUARY).total.success_rate == 1


def test_days_are_the_citys_own_and_both_ends_are_in(city: City) -> None:
    city.report("Rác đầu ngõ", received="2022-02-01 00:00")
    city.report("Rác cuối ngõ", received="2022-02-28 23:59")
    city.report("Rác giữa ngõ", received="2022-01-31 23:59")
    city.report("Rác trong ngõ", received="2022-03-01 00:00")
    counted = figures.count(FEBRUARY)
    assert counted.received == 2
    assert (counted.by_day[0].received, counted.by_day[-1].received) == (1, 1)


def test_what_is_not_due_yet_is_neither_on_time_nor_late(city: City) -> None:
    city.case("Rác mới đổ", lead=HONG_BANG, received="2022-02-28 10:00")
    assert figures.count(FEBRUARY).total.on_time_rate is None
    assert figures.count(Period(date(2022, 2, 1), date(2022, 3, 31))).total.on_time_rate == 0


def test_the_portals_share_counts_help_and_look_ups_of_the_portal_alone(city: City) -> None:
    city.report("F0 cần thuốc", topic="covid-help")
    city.report("Đèn đường hỏng", topic="lighting")
    city.report("F0 cần thuốc điều trị", topic="covid-help", channel=Channel.VOICE)
    counted = figures.count(FEBRUARY)
    assert counted.by_channel == {"voice": 1, "sms": 0, "web": 2}
    assert counted.covid_share == 0.5


def test_a_denunciation_is_counted_for_the_inspectorate_alone(city: City) -> None:
    city.case("Tôi tố cáo ông A nhận hối lộ", topic="denunciation")
    city.case("Rác tràn ra hè phố", topic="waste", place="Hồng Bàng")
    assert figures.count(FEBRUARY, cases=visible_cases(city.leader)).received == 1
    assert "Tố cáo" not in [r.name for r in figures.count(FEBRUARY, cases=visible_cases(city.leader)).by_topic]
    assert "Tố cáo" in [r.name for r in figures.count(FEBRUARY, cases=visible_cases(city.inspector)).by_topic]
    assert city.inspector.agency == city.agencies[INSPECTORATE]


def test_the_sheet_says_what_it_leaves_out_for_its_reader(city: City) -> None:
    city.case("Tôi tố cáo ông A nhận hối lộ", topic="denunciation")
    days = {"tu": "1.2.2022", "den": "28.2.2022"}
    assert "không tính phiếu mật" in signed_in(city, city.leader).get(PAGE, days).content.decode()
    assert "chỉ tính phiếu mật" in signed_in(city, city.inspector).get(PAGE, days).content.decode()


def test_the_number_of_questions_does_not_grow_with_the_cases(
    city: City, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(12):
        city.report(f"Rác ở ngõ {number}", topic="waste", place="Lê Chân")
    with django_assert_num_queries(7):  # type: ignore[operator]
        figures.count(FEBRUARY)


def test_an_empty_period_is_a_sheet_of_noughts(city: City) -> None:
    page = signed_in(city, city.leader).get(PAGE, {"tu": "1.6.2021", "den": "2.6.2021"})
    assert page.status_code == 200
    assert "Chưa có phiếu trong kỳ này." in page.content.decode()


def test_the_page_shows_what_was_counted_and_draws_the_days(city: City) -> None:
    city.answered(topic="waste", place="Hồng Bàng")
    city.report("Rác nữa", topic="waste", place="Lê Chân")
    page = signed_in(city, city.leader).get(PAGE, {"tu": "1.2.2022", "den": "28.2.2022"}).content.decode()
    assert re.search(r'Phiếu đã nhận</dt><dd class="fig">2<', page)
    assert "50,0\u00a0%" in page
    assert page.count('<path class="in"') == 1
    assert "Phường Hồng Bàng" in page
    assert "<script" not in page


@pytest.mark.parametrize(
    "days", [("30.2.2022", "1.3.2022"), ("2.3.2022", "1.3.2022"), ("xưa", "nay"), ("1.3.2022", "")]
)
def test_days_that_are_none_are_said_so_and_kept(city: City, days: tuple[str, str]) -> None:
    page = signed_in(city, city.leader).get(PAGE, {"tu": days[0], "den": days[1]})
    assert page.status_code == 422
    assert "Ngày chưa đúng" in page.content.decode()
    assert f'value="{days[0]}"' in page.content.decode()


def test_the_sheet_is_for_those_who_lead_and_coordinate(city: City) -> None:
    for user in (city.leader, city.coordinator, city.inspector, city.staff(Role.SUPERVISOR, "Lê Thị Mai")):
        assert signed_in(city, user).get(PAGE).status_code == 200
    for user in (city.call_taker, city.officer(HONG_BANG)):
        assert signed_in(city, user).get(PAGE).status_code in (302, 403, 404)
    assert Client().get(PAGE).status_code == 302


def test_days_are_read_as_people_write_them() -> None:
    assert {read_day(each) for each in ("21.1.2022", "21/1/2022", " 2022-01-21 ", "21-01-2022")} == {date(2022, 1, 21)}
    with pytest.raises(NotADay):
        read_day("2022")
