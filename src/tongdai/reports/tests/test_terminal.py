"""The summary in a terminal says what the page says."""

from __future__ import annotations

import io
import re
from datetime import date

from rich.console import Console

from tests.city import City
from tongdai.channels.voice.figures import Calls
from tongdai.reports import figures, on_duty, ratings
from tongdai.reports.period import Period
from tongdai.reports.showing import terminal

FEBRUARY = Period(date(2022, 2, 1), date(2022, 2, 28))


def shown() -> str:
    out = Console(file=io.StringIO(), width=200)
    terminal.show(
        figures.count(FEBRUARY), Calls(0, 0, 0, 0, 0), on_duty.count(FEBRUARY), ratings.count(FEBRUARY), on=out
    )
    return out.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def test_each_table_ends_with_what_is_not_listed_and_the_total(city: City) -> None:
    city.case("Tôi tố cáo ông A nhận hối lộ", topic="denunciation")
    city.case("Rác tràn ra hè phố", topic="waste", place="Hồng Bàng", received="2022-02-28 15:00")
    said = shown()
    of_all, *ends = re.findall(r"(không liệt kê|tổng cộng) /[^│]*│ +(\d+)", said)
    assert of_all == ("không liệt kê", "1")
    assert ends == [("không liệt kê", "1"), ("tổng cộng", "2")] * 3
    assert re.search(r"Chưa đến hạn / not due yet +│ 1 ", said)


def test_what_cannot_be_judged_is_a_dash(city: City) -> None:
    assert re.search(r"Trả lời đúng hạn / on time +│ – ", shown())
    assert re.search(r"median to answer +│ – ", shown())
