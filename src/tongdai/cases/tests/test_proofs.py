"""A code is a number to quote, not a secret; what opens the whole case is a proof."""

from datetime import timedelta

import pytest

from tests.city import HONG_BANG, City
from tongdai.cases import proofs, queries
from tongdai.cases.models import CodeTry

pytestmark = pytest.mark.django_db


def test_the_code_alone_tells_state_agency_and_deadline_and_nothing_that_was_written(city: City) -> None:
    case = city.case("Chuyện riêng của tôi", lead=HONG_BANG)
    status = queries.status_by_code(case.code)
    assert status and (status.state, status.agency, status.due_at) == ("assigned", HONG_BANG, case.due_at)
    assert "riêng" not in str(status) and "904" not in str(status)


def test_a_confidential_case_names_no_agency(city: City) -> None:
    case = city.case("Tôi tố cáo cán bộ", topic="denunciation", lead="Thanh tra")
    status = queries.status_by_code(case.code)
    assert status and status.agency == ""


def test_the_signed_link_opens_its_own_case_only(city: City) -> None:
    one, other = city.case("Một"), city.case("Hai")
    assert proofs.opens(one.code, proofs.link_token(one.code))
    assert not proofs.opens(other.code, proofs.link_token(one.code))
    assert len(proofs.link_token(one.code)) == 12


def test_five_wrong_tries_lock_the_code_for_an_hour_even_for_the_right_digits(city: City) -> None:
    case = city.case(phone="+84904123318")
    assert proofs.last_four(case.code, "3318", network="a") == "right"
    for _ in range(5):
        assert proofs.last_four(case.code, "0000", network="a") == "wrong"
    assert proofs.last_four(case.code, "3318", network="b") == "locked"
    CodeTry.objects.update(tried_at=CodeTry.objects.first().tried_at - timedelta(minutes=61))
    assert proofs.last_four(case.code, "3318", network="b") == "right"


def test_one_network_may_not_try_code_after_code(city: City) -> None:
    for _ in range(proofs.LOOKUPS_A_NETWORK):
        proofs.last_four(city.case(phone="").code, "1234", network="a")
    assert proofs.last_four(city.case().code, "3318", network="a") == "locked"


def test_a_code_that_is_not_there_is_wrong_like_any_other(city: City) -> None:
    assert proofs.last_four("00000000000", "3318", network="a") == "wrong"


def test_a_case_without_a_number_is_opened_by_no_digits(city: City) -> None:
    assert proofs.last_four(city.case(phone="").code, "", network="a") == "wrong"
