"""A period beside the one before it: whole days alone, as many of each, and words that say each thing once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from tests.city import HONG_BANG, City
from tests.reading import read
from tongdai.cases.models import Case
from tongdai.directory.models import Agency
from tongdai.reports import comparison, figures
from tongdai.reports.comparison import Change
from tongdai.reports.figures import Row
from tongdai.reports.period import Period
from tongdai.reports.sheet import MOST_ROWS, all_agencies
from tongdai.reports.showing import sentences

pytestmark = pytest.mark.django_db
WEEK = Period(date(2022, 2, 14), date(2022, 2, 20))
Turn = Callable[[datetime], None]


def page_of(city: City, days: Period) -> str:
    client = Client()
    client.force_login(city.leader)
    return read(client.get("/bao-cao/", {"tu": days.first.isoformat(), "den": days.last.isoformat()}))


def many(city: City, day: str, number: int) -> None:
    for each in range(number):
        city.report(f"Rác ở ngõ {each}", phone=f"+849041{each:05d}", received=f"{day} 08:{each:02d}")


def test_a_week_is_compared_with_the_week_before_it(city: City) -> None:
    many(city, "2022-02-07", 4)
    many(city, "2022-02-06", 1)  # the day before that week
    many(city, "2022-02-20", 3)
    found = comparison.compare(WEEK)
    assert found is not None
    assert (found.days, found.before) == (WEEK, Period(date(2022, 2, 7), date(2022, 2, 13)))
    assert (found.received.before, found.received.after, found.received.by) == (4, 3, -0.25)


def test_today_is_left_out_for_it_is_not_over(city: City, turned_to: Turn) -> None:
    turned_to(city.at("2022-02-20 10:00"))
    many(city, "2022-02-08", 2)  # six days before the fourteenth
    many(city, "2022-02-07", 5)  # seven
    many(city, "2022-02-19", 2)
    many(city, "2022-02-20", 4)
    found = comparison.compare(WEEK)
    assert found is not None
    assert (found.days.last, found.before.first, found.before.last) == (
        date(2022, 2, 19), date(2022, 2, 8), date(2022, 2, 13),
    )  # fmt: skip
    assert (found.received.before, found.received.after, found.received.by) == (2, 2, 0)
    page = page_of(city, WEEK)
    assert "14.2 – 19.2.2022" in page and "8.2 – 13.2.2022" in page and "Ngày chưa trọn không đưa vào so sánh" in page
    assert comparison.compare(Period(date(2022, 2, 20), date(2022, 2, 20))) is None  # nothing but today


def test_nothing_before_is_no_growth(city: City) -> None:
    many(city, "2022-02-15", 2)
    found = comparison.compare(WEEK)
    assert found is not None and not found.possible
    assert [each.by for each in (found.received, found.success, found.on_time, found.median)] == [None] * 4
    page = page_of(city, WEEK)
    assert "Kỳ liền trước chưa có phiếu" in page and "tăng" not in page


def test_fewer_by_nineteen_in_twenty_is_said_without_a_second_minus(city: City) -> None:
    many(city, "2022-02-08", 20)
    many(city, "2022-02-15", 1)
    page = page_of(city, WEEK)
    assert re.search(r'<dd class="cmp same">\s*giảm 95,0\u00a0%\s*</dd>', page)
    assert "số phiếu nhận giảm 95,0\u00a0%" in page
    assert not re.search(r"(giảm|tăng) [-−–]", page)


@pytest.mark.parametrize(
    ("change", "look"),
    [
        (Change(0.5, 0.6, 0.1, good=True), "better"),
        (Change(0.6, 0.5, -0.1, good=True), "worse"),
        (Change(0.5, 0.5, 0.0, good=True), "same"),
        (Change(0.5, None, None, good=True), "same"),
        (Change(10, 4, -6.0, good=False), "better"),  # hours to an answer: fewer are better
        (Change(4, 10, 6.0, good=False), "worse"),
        (Change(4, 10, 1.5), "same"),  # more cases are neither
    ],
)
def test_colours_follow_what_is_good(change: Change, look: str) -> None:
    assert change.look == look


def test_what_rounds_to_nothing_neither_rises_nor_falls() -> None:
    for after in (0.50004, 0.49996):
        change = comparison._of_rates(0.5, after)
        assert (change.rises, change.falls, change.look) == (False, False, "same")


def test_a_faster_median_is_green_and_a_rate_that_cannot_be_judged_is_no_fall(city: City) -> None:
    city.answered(received="2022-02-08 08:00")  # answered on the 15th: not within its week
    city.answered(received="2022-02-14 09:00", phone="+84904123319")  # within a day
    found = comparison.compare(WEEK)
    assert found is not None
    assert (found.success.before, found.success.after, found.success.look) == (0, 1, "better")
    assert found.on_time.before is None and found.on_time.by is None  # not due yet at the end of that week
    assert found.median.by is None


def agency(number: int, received: int, on_time: int) -> Row:
    return Row(f"a{number}", f"Cơ quan {number}", received, received, 0, 0, received, on_time)


def test_only_agencies_that_the_table_shows_are_named_as_needing_a_push(city: City) -> None:
    rows = [agency(number, 100 - number, 99) for number in range(MOST_ROWS)] + [agency(99, 30, 3)]
    total = Row("", "", 1000, 990, 0, 0, 1000, 900)
    counted = figures.Figures(
        WEEK, total, Row("", "", 0, 0, 0, 0, 0, 0), 990, [], 0, None, [], [], rows, [], texts_sent=0, texts_delivered=0
    )
    assert "Cơ quan 99" not in sentences.lead(counted, None, agencies=rows[:-1])
    assert "đôn đốc: Cơ quan 99." in sentences.lead(counted, None, agencies=all_agencies(rows).shown)


def test_whoever_is_named_on_the_page_stands_in_its_table(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentences, "URGED_FROM", 2)
    names = [f"Cơ quan {n}" for n in range(MOST_ROWS)]
    crowd = [Agency.objects.create(code=f"c{n}", name=name, kind=Agency.Kind.LOCAL) for n, name in enumerate(names)]
    late = Agency.objects.create(code="late", name="Cơ quan chậm", kind=Agency.Kind.LOCAL)
    many(city, "2022-02-14", 3 * MOST_ROWS + 2)
    for number, case in enumerate(Case.objects.order_by("pk")):
        case.lead = crowd[number // 3] if number < 3 * MOST_ROWS else late
        case.due_at = case.received_at + timedelta(hours=1)
        case.answered_at = case.received_at + timedelta(minutes=30) if case.lead != late else None
        case.save(update_fields=["lead", "due_at", "answered_at"])
    page = page_of(city, WEEK)
    assert "đôn đốc: Cơ quan chậm." in page
    for name in (*names, late.name):  # every one, however many there are, and nobody in a line of others
        assert f'<th scope="row">{name}</th>' in page
    assert "Cơ quan khác" not in page


def test_a_week_of_cases_that_are_not_due_yet_is_no_failure_on_the_page(city: City, turned_to: Turn) -> None:
    turned_to(city.at("2022-02-15 10:00"))
    city.case("Rác mới đổ", lead=HONG_BANG, received="2022-02-15 09:00")
    page = page_of(city, WEEK)
    assert "Còn 1 phiếu chưa đến hạn." in page
    assert re.search(r'quá hạn chưa trả lời hoặc bị từ chối\s*<b><a [^>]*so=chua-thanh-cong">0</a>', page)
    assert re.search(r"chưa đến hạn\s*<b><a [^>]*>1</a>", page)
