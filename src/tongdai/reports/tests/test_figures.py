"""Every figure, held against SQL that was written apart from it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from tests.city import HONG_BANG, LE_CHAN, City
from tongdai.cases.actions.reject import reject
from tongdai.cases.actions.withdraw import withdraw
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.people.models import Channel
from tongdai.platform.clock import CITY_TZ
from tongdai.platform.typed_input import NotADay, read_day
from tongdai.reports import figures
from tongdai.reports.behind import Figure
from tongdai.reports.period import Period
from tongdai.reports.showing import chart

pytestmark = pytest.mark.django_db
FEBRUARY = Period(date(2022, 2, 1), date(2022, 2, 28))


@pytest.fixture
def world(city: City) -> City:
    """Cases at every edge of the period."""
    city.answered("Rác", channel=Channel.SMS, place="Lê Chân", received="2022-02-14 08:00")
    city.answered("Đèn đường hỏng", channel=Channel.VOICE, lead=LE_CHAN, received="2022-02-01 00:00")
    city.case("F0 khó thở", channel=Channel.WEB, place="Hồng Bàng", lead=HONG_BANG, received="2022-02-28 23:59")
    city.case("F0 sốt", channel=Channel.WEB, received="2022-02-20 10:00")
    city.case("Không rõ", channel=Channel.WEB, topic="waste", received="2022-02-03 09:00")
    city.answered("Trước kỳ", received="2022-01-31 23:59")
    city.case("Sau kỳ", received="2022-03-01 00:00")
    city.case("Tôi tố cáo cán bộ nhận hối lộ", received="2022-02-10 09:00")
    thrown_out = city.case("Linh tinh", received="2022-02-11 09:00")
    at = city.at("2022-02-11 10:00")
    reject(thrown_out, by=Actor.staff(city.coordinator), ground="no_content", reason="Chưa rõ.", at=at)
    return city


def one(sql: str) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


IN_FEBRUARY = "(received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date BETWEEN '2022-02-01' AND '2022-02-28'"
LISTED = "NOT confidential"
BY_ITS_END = "(answered_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <= '2022-02-28'"


def test_totals_channels_success_and_portal_share_agree_with_sql(world: City) -> None:
    """The totals count the denunciation, too; no group does."""
    counted = figures.count(FEBRUARY)
    received, answered, voice, sms, web = one(
        f"SELECT count(*), count(*) FILTER (WHERE {BY_ITS_END}),"
        f" count(*) FILTER (WHERE channel = 'voice' AND {LISTED}), count(*) FILTER (WHERE channel = 'sms' AND {LISTED}),"
        f" count(*) FILTER (WHERE channel = 'web' AND {LISTED}) FROM cases_case WHERE {IN_FEBRUARY}"
    )
    (asked,) = one(
        f"SELECT count(*) FROM cases_case c JOIN directory_topic t ON t.id = c.topic_id WHERE {IN_FEBRUARY}"
        f" AND channel = 'web' AND t.code ~ '^covid-(help|lookup)'"
    )
    assert counted.received == received == 7
    assert counted.by_channel == {"voice": voice, "sms": sms, "web": web}
    for row in counted.channels:
        of_channel = one(
            f"SELECT count(*) FILTER (WHERE {BY_ITS_END}), count(*) FILTER (WHERE {BY_ITS_END} AND answered_at <= due_at),"
            f" count(*) FILTER (WHERE ({BY_ITS_END} OR due_at < '2022-03-01 00:00+07') AND NOT EXISTS"
            f" (SELECT 1 FROM cases_rejection r WHERE r.case_id = c.id))"
            f" FROM cases_case c WHERE {IN_FEBRUARY} AND {LISTED} AND channel = '{row.key}'"
        )
        assert (row.answered, row.on_time, row.sayable) == of_channel
    assert counted.total.success_rate == answered / received
    assert counted.covid_share == asked / web
    said = counted.as_json()
    assert {"received", "by_channel", "success_rate", "on_time_rate", "portal", "period"} <= set(said)
    assert said["period"] == {"from": "2022-02-01", "to": "2022-02-28"}
    assert set(said["portal"]) == {"received", "covid_share"}


def test_punctuality_and_the_median_agree_with_sql(world: City) -> None:
    counted = figures.count(FEBRUARY)
    on_time, sayable = one(
        f"SELECT count(*) FILTER (WHERE {BY_ITS_END} AND answered_at <= due_at), count(*) FROM cases_case c"
        f" WHERE {IN_FEBRUARY} AND ({BY_ITS_END} OR due_at < '2022-03-01 00:00+07')"
        f" AND NOT EXISTS (SELECT 1 FROM cases_rejection r WHERE r.case_id = c.id)"
    )
    (hours,) = one(
        f"SELECT extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY answered_at - received_at)) / 3600"
        f" FROM cases_case WHERE {IN_FEBRUARY} AND {BY_ITS_END}"
    )
    assert counted.total.on_time_rate == on_time / sayable
    assert counted.median_hours == pytest.approx(float(hours))


@pytest.mark.parametrize(
    ("rows", "column"), [("by_topic", "topic_id"), ("by_place", "place_id"), ("by_agency", "lead_id")]
)
def test_tables_add_up_to_the_listed_cases(world: City, rows: str, column: str) -> None:
    found = getattr(figures.count(FEBRUARY), rows)
    every = f" AND {LISTED}"
    (groups,) = one(f"SELECT count(DISTINCT coalesce({column}, 0)) FROM cases_case WHERE {IN_FEBRUARY}{every}")
    (total,) = one(f"SELECT count(*) FROM cases_case WHERE {IN_FEBRUARY}{every}")
    assert (len(found), sum(row.received for row in found)) == (groups, total)
    assert [row.received for row in found] == sorted((row.received for row in found), reverse=True)


def test_days_are_the_citys_and_both_ends_are_in(world: City) -> None:
    days = {each.day: each for each in figures.count(FEBRUARY).by_day}
    assert len(days) == 28
    assert days[date(2022, 2, 1)].received == 1 and days[date(2022, 2, 28)].received == 1
    assert sum(each.received for each in days.values()) == 6  # of the listed ones


def test_the_number_of_questions_does_not_grow_with_the_cases(world: City, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(12):
        figures.count(FEBRUARY)


@pytest.mark.parametrize("text", ["2022-01-21", "21.1.2022", "21/01/2022", " 21-1-2022 "])
def test_days_are_read_as_people_write_them(text: str) -> None:
    assert read_day(text) == date(2022, 1, 21)


@pytest.mark.parametrize("text", ["", "31.2.2022", "2022", "hôm nay"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(NotADay):
        read_day(text)


def test_an_answer_after_the_last_day_is_no_success_of_the_period(city: City) -> None:
    city.answered(received="2022-02-14 08:00")  # answered on the 15th
    counted = figures.count(Period(date(2022, 2, 14), date(2022, 2, 14)))
    assert (counted.received, counted.total.answered) == (1, 0)
    assert figures.count(FEBRUARY).total.success_rate == 1


def test_what_is_not_due_yet_is_neither_on_time_nor_late(city: City) -> None:
    city.case("Rác mới đổ", lead=HONG_BANG, received="2022-02-28 10:00")
    assert figures.count(FEBRUARY).total.on_time_rate is None
    assert figures.count(Period(date(2022, 2, 1), date(2022, 3, 31))).total.on_time_rate == 0


def test_what_is_due_later_today_is_not_due_yet(city: City, turned_to: Callable[[datetime], None]) -> None:
    city.case("Rác mới đổ", lead=HONG_BANG, received="2022-02-07 08:00")  # 40 working hours: due on 11 February
    [due] = Case.objects.values_list("due_at", flat=True)
    week = Period(date(2022, 2, 7), due.astimezone(CITY_TZ).date())
    turned_to(due - timedelta(minutes=1))
    counted = figures.count(week).total
    assert (counted.undue, counted.unsuccessful, counted.on_time_rate) == (1, 0, None)
    turned_to(due + timedelta(minutes=1))
    counted = figures.count(week).total
    assert (counted.undue, counted.unsuccessful, counted.on_time_rate) == (0, 1, 0)


def test_where_nothing_can_be_judged_yet_no_rate_is_given(city: City) -> None:
    city.case("Rác mới đổ", lead=HONG_BANG, received="2022-02-28 10:00")
    said = figures.count(FEBRUARY).as_json()
    assert said["on_time_rate"] is None and said["median_hours_to_answer"] is None
    assert (said["received"], said["undue"], said["unsuccessful"], said["answered"]) == (1, 1, 0, 0)


def test_what_no_line_shows_is_said_beside_the_lines(world: City) -> None:
    said = figures.count(FEBRUARY).as_json()
    assert said["unlisted"] == {
        "received": 1,
        "answered": 0,
        "undue": 0,
        "withdrawn": 0,
        "unsuccessful": 1,
        "first_answers": 0,
    }
    for rows in ("by_topic", "by_place", "by_agency", "by_day"):
        assert sum(row["received"] for row in said[rows]) + said["unlisted"]["received"] == said["received"], rows
    assert sum(said["by_channel"].values()) + said["unlisted"]["received"] == said["received"]


def test_a_drawing_fits_its_frame(world: City) -> None:
    drawn = chart.draw(figures.count(FEBRUARY).by_day)
    assert drawn is not None
    places = [float(number) for number in drawn.received[1:].split()]
    assert all(30 <= x <= 598 for x in places[::2]) and all(14 <= y <= 152 for y in places[1::2])
    assert chart.draw([]) is None


def test_a_case_withdrawn_in_the_period_is_neither_success_nor_failure(city: City) -> None:
    city.answered("Rác", received="2022-02-14 08:00")
    late, later = (city.case(words, lead=HONG_BANG, received="2022-02-01 08:00") for words in ("Đèn hỏng", "Ổ gà"))
    by = Actor.citizen(channel=Channel.WEB)
    withdraw(late, by=by, at=city.at("2022-02-28 23:59"))  # overdue by then
    withdraw(later, by=by, at=city.at("2022-03-01 00:00"))
    counted = figures.count(FEBRUARY)
    total = counted.total
    assert (total.received, total.answered, total.withdrawn, total.unsuccessful) == (3, 1, 1, 1)
    assert (total.success_rate, total.sayable, total.on_time_rate) == (0.5, 2, 0.5)
    assert counted.as_json()["withdrawn"] == 1
    assert list(Figure(FEBRUARY, "da-rut").cases(Case.objects.all())) == [late]
