"""Answered without a case: counted by channel, and not where a person was needed after all."""

from __future__ import annotations

from datetime import date

from tests.city import City
from tongdai.knowledge.models import Inquiry
from tongdai.reports import ready_answers
from tongdai.reports.period import Period


def test_what_led_to_a_person_or_found_nothing_is_not_answered(city: City) -> None:
    told = {"question": "x", "certainty": "found", "opened": "procedure:1", "at": city.at("2022-02-14 08:00")}
    Inquiry.objects.bulk_create(
        Inquiry(**(told | fields))
        for fields in (
            {"channel": "web"},
            {"channel": "web", "to_person": True},
            {"channel": "sms"},
            {"channel": "sms", "opened": "", "certainty": "not_found"},
            {"channel": "voice", "opened": "", "certainty": "perhaps"},
            {"channel": "web", "at": city.at("2022-03-01 08:00")},
        )
    )

    found = ready_answers.count(Period(date(2022, 2, 14), date(2022, 2, 14)))

    assert found.answered == {"web": 1, "sms": 1, "voice": 0}
    assert (found.total_asked, found.total, found.nothing) == (5, 2, 1)
    assert found.as_json()["by_channel"]["sms"] == {"asked": 2, "answered_without_a_case": 1}
