"""A code is a number to quote, not a secret; what opens the whole case is a proof."""

from datetime import timedelta

import pytest

from tests.city import HONG_BANG, City
from tongdai.cases import queries
from tongdai.cases.access import proofs
from tongdai.cases.models import Case, CodeTry
from tongdai.people.models import Channel

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(city: City) -> Case:
    """Of somebody who texted from 0904 123 318."""
    return city.case(channel=Channel.SMS, phone="+84904123318", proven=True)


def test_the_code_alone_tells_state_agency_and_deadline_and_nothing_that_was_written(city: City) -> None:
    case = city.case("Chuyện riêng của tôi", lead=HONG_BANG)
    status = queries.status_by_code(case.code)
    assert status and (status.state, status.agency, status.due_at) == ("assigned", HONG_BANG, case.due_at)
    assert "riêng" not in str(status) and "904" not in str(status)


def test_a_confidential_case_names_no_agency(city: City) -> None:
    case = city.case("Tôi tố cáo cán bộ", topic="denunciation", lead="Thanh tra")
    status = queries.status_by_code(case.code)
    assert status and status.agency == ""


def test_a_number_that_spoke_to_us_is_proven_for_that_case_and_for_no_other(city: City, case: Case) -> None:
    claimed = city.case("Người khác gõ số này vào cổng", phone="+84904123318")
    assert case.number_proven_at == case.received_at and claimed.number_proven_at is None
    assert claimed.contact == case.contact
    assert proofs.is_number_of(case, "+84904123318") and not proofs.is_number_of(case, "+84904123319")
    assert not proofs.is_number_of(claimed, "+84904123318") and not proofs.is_number_of(claimed, None)
    assert list(queries.earlier_cases(city.call_taker, case.contact)) == [case]


def test_a_name_given_with_a_typed_number_stays_with_its_case(city: City, case: Case) -> None:
    claimed = city.case("Tôi tố cáo", topic="denunciation", phone="+84904123318", name="Bà Nhạn")
    case.refresh_from_db()
    assert claimed.sender == "Bà Nhạn" and case.sender == ""
    assert claimed.contact and claimed.contact.name == ""


def test_five_wrong_tries_lock_that_network_out_of_the_code_for_an_hour_and_nobody_else(case: Case) -> None:
    assert proofs.try_digits(case.code, "3318", network="a") == "right"
    for _ in range(5):
        assert proofs.try_digits(case.code, "0000", network="a") == "wrong"
    assert proofs.try_digits(case.code, "3318", network="a") == "locked"
    assert proofs.try_digits(case.code, "3318", network="b") == "right"
    CodeTry.objects.update(tried_at=CodeTry.objects.first().tried_at - timedelta(minutes=61))
    CodeTry.objects.filter(tried_at__lt=CodeTry.objects.latest("pk").tried_at).delete()
    assert proofs.try_digits(case.code, "3318", network="a") == "right"


def test_twenty_wrong_tries_in_a_day_from_anywhere_retire_the_digits_until_tomorrow(case: Case) -> None:
    for number in range(20):
        assert proofs.try_digits(case.code, "0000", network=f"net {number}") == "wrong"
    assert proofs.try_digits(case.code, "3318", network="home") == "retired"
    CodeTry.objects.update(tried_at=CodeTry.objects.first().tried_at - timedelta(days=1))
    assert proofs.try_digits(case.code, "3318", network="home") == "right"


def test_one_network_may_not_try_code_after_code(city: City, case: Case) -> None:
    for _ in range(proofs.LOOKUPS_A_NETWORK):
        proofs.try_digits(city.case(phone="").code, "1234", network="a")
    assert proofs.try_digits(case.code, "3318", network="a") == "locked"


def test_no_such_code_no_number_and_an_unproven_number_are_all_wrong_like_any_other(city: City) -> None:
    assert proofs.try_digits("00000000000", "3318", network="a") == "wrong"
    assert proofs.try_digits(city.case(phone="").code, "", network="a") == "wrong"
    assert proofs.try_digits(city.case(phone="+84904123318").code, "3318", network="a") == "wrong"
