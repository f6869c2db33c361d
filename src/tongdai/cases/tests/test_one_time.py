"""A code texted to a typed number proves it for one case: ten minutes, five tries, three a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tests.city import City
from tongdai.cases.access import one_time
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case, OneTimeCode
from tongdai.people.models import Channel

pytestmark = pytest.mark.django_db
CITIZEN = Actor.citizen(channel=Channel.WEB)


@pytest.fixture
def case(city: City) -> Case:
    return city.case(phone="+84904123318")


def sent(case: Case, **after: int) -> OneTimeCode:
    code = one_time.make(case, at=case.received_at + timedelta(**after))
    assert code
    return code


def wrong(code: OneTimeCode) -> str:
    return f"{(int(one_time.digits(code)) + 1) % 10**6:06d}"


def test_the_right_code_proves_the_number_for_this_case_alone(city: City, case: Case) -> None:
    other = city.case("Việc khác, cùng số", phone="+84904123318")
    typed = one_time.digits(sent(case))
    assert len(typed) == 6
    assert one_time.enter(case, f"{typed[:3]} {typed[3:]}", by=CITIZEN, at=case.received_at) == "right"
    case.refresh_from_db()
    other.refresh_from_db()
    assert case.number_proven_at and other.number_proven_at is None
    assert case.events.last().action == "prove_number"


def test_a_code_of_another_case_is_wrong(city: City, case: Case) -> None:
    other = city.case("Việc khác, cùng số", phone="+84904123318")
    sent(case)
    assert one_time.enter(case, one_time.digits(sent(other)), by=CITIZEN, at=case.received_at) == "wrong"


def test_five_wrong_tries_end_it_and_a_new_one_is_another(case: Case) -> None:
    code, at = sent(case), case.received_at
    tries = [one_time.enter(case, wrong(code), by=CITIZEN, at=at) for _ in range(5)]
    assert tries == ["wrong"] * 4 + ["spent"]
    assert one_time.enter(case, one_time.digits(code), by=CITIZEN, at=at) == "spent"
    again = sent(case, minutes=1)
    assert one_time.digits(again) != one_time.digits(code)
    assert one_time.enter(case, one_time.digits(again), by=CITIZEN, at=at) == "right"


def test_after_ten_minutes_or_once_used_or_replaced_it_opens_nothing(case: Case) -> None:
    first, at = sent(case), case.received_at
    late = at + timedelta(minutes=10, seconds=1)
    assert one_time.enter(case, one_time.digits(first), by=CITIZEN, at=late) == "expired"
    second = sent(case, minutes=5)
    assert one_time.enter(case, one_time.digits(first), by=CITIZEN, at=at) == "wrong"
    assert one_time.enter(case, one_time.digits(second), by=CITIZEN, at=at + timedelta(minutes=6)) == "right"
    assert one_time.enter(case, one_time.digits(second), by=CITIZEN, at=at + timedelta(minutes=7)) == "expired"


def test_a_number_is_sent_three_codes_a_day_whatever_the_case(city: City, case: Case) -> None:
    for _ in range(2):
        sent(case)
    other = city.case("Việc khác, cùng số", phone="+84904123318")
    sent(other)
    assert one_time.make(case, at=case.received_at) is None
    assert one_time.make(city.case(phone="+84904123319"), at=case.received_at)
    assert one_time.make(case, at=case.received_at + timedelta(days=1, seconds=1))


def test_the_digits_stand_nowhere_in_the_database(case: Case) -> None:
    code = sent(case)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM cases_onetimecode c")
        assert one_time.digits(code) not in cursor.fetchone()[0].replace("-", "")
