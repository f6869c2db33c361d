"""Days and moments are read however they are typed, and shown in one way to everybody."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django import forms

from tongdai.platform.clock import CITY_TZ
from tongdai.platform.typed_input import (
    DayField,
    MomentField,
    NotADay,
    as_typed,
    moment_as_typed,
    read_day,
    read_moment,
)

DAY, MOMENT = date(2022, 1, 21), datetime(2022, 1, 21, 7, 30, tzinfo=CITY_TZ)


@pytest.mark.parametrize(
    "text",
    ["21/01/2022", "21/1/2022", "21.1.2022", "21-01-2022", "21 01 2022", "21012022", "2022-01-21", " 21 / 1 / 2022 "],
)
def test_a_day_is_read_however_it_is_typed(text: str) -> None:
    assert read_day(text) == DAY


@pytest.mark.parametrize(
    "text", ["", "01/21/2022", "30/2/2022", "21/01", "2101202", "21/01/22", "21/01/2022 7:30", "hôm nay"]
)
def test_what_is_no_day_is_refused_never_guessed(text: str) -> None:
    with pytest.raises(NotADay):
        read_day(text)


@pytest.mark.parametrize(
    "text",
    [
        "21/01/2022 07:30",
        "21/1/2022 7:30",
        "21.1.2022  07:30",
        "2022-01-21T07:30",
        "2022-01-21 07:30:00",
        "21012022 7:30",
    ],
)
def test_a_moment_is_a_day_and_an_hour_in_the_city(text: str) -> None:
    assert read_moment(text) == MOMENT


@pytest.mark.parametrize("text", ["", "21/01/2022", "07:30", "21/01/2022 24:30", "21/01/2022 7:5", "01/21/2022 07:30"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(NotADay):
        read_moment(text)


def test_a_field_shows_day_before_month_and_leaves_what_was_typed() -> None:
    assert [as_typed(each) for each in (DAY, "2022-01-21", "1.3.2022", "xưa", None, "")] == [
        "21/01/2022", "21/01/2022", "1.3.2022", "xưa", "", "",
    ]  # fmt: skip
    assert as_typed("2022-13-01") == "2022-13-01"
    assert moment_as_typed(MOMENT.astimezone(UTC)) == moment_as_typed("2022-01-21T07:30") == "21/01/2022 07:30"
    assert moment_as_typed("sáng nay") == "sáng nay"


def test_forms_read_the_same() -> None:
    class Form(forms.Form):
        day = DayField()
        moment = MomentField()

    good = Form({"day": "21/01/2022", "moment": "21/01/2022 07:30"})
    assert good.is_valid() and good.cleaned_data == {"day": DAY, "moment": MOMENT}
    bad = Form({"day": "01/21/2022", "moment": "21/01/2022"})
    assert not bad.is_valid() and "Viết như 21/01/2022" in bad.errors["day"][0] and "17:30" in bad.errors["moment"][0]
    assert not Form({"day": "31/12/1899", "moment": "1/1/2101 0:00"}).is_valid()
