"""A stranger who guesses: what his guesses close, for whom, and what they never close."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.city import City
from tests.proof import worked
from tongdai.cases.access import links, one_time
from tongdai.cases.access.proofs import TRIES_A_DAY
from tongdai.cases.models import Case, CaseLink
from tongdai.channels import links as links_in_texts
from tongdai.people.models import Channel
from tongdai.platform.clock import now
from tongdai.platform.network import addresses

pytestmark = pytest.mark.django_db
TEXT = "Rác tràn ra hè phố"
HOME, STRANGER = "203.0.113.7", "198.51.100.1"


@pytest.fixture
def case(city: City) -> Case:
    return city.case(TEXT, channel=Channel.SMS, proven=True)


def guess(case: Case, four: str = "0000", *, by: str, **headers: str) -> int:
    return Client(REMOTE_ADDR=by, headers=headers).post(f"/p/{case.code}/", {"digits": four}).status_code


def test_five_wrong_guesses_close_the_digits_to_that_network_for_that_case_alone(city: City, case: Case) -> None:
    other = city.case("Ổ gà", channel=Channel.SMS, phone="+84904123318", proven=True)
    assert [guess(case, by=STRANGER) for _ in range(5)] == [422] * 5
    assert guess(case, "3318", by=STRANGER) == 429
    assert guess(other, "3318", by=STRANGER) == 303
    assert guess(case, "3318", by=HOME) == 303


def test_another_address_of_the_same_ipv6_household_buys_no_guess(case: Case) -> None:
    assert [guess(case, by=f"2001:db8:1:2::{number}") for number in range(1, 7)] == [422] * 5 + [429]
    assert guess(case, "3318", by="2001:db8:1:3::1") == 303


@pytest.mark.parametrize("trusted", ["", "10.20.0.4"])
def test_a_forged_address_buys_no_guess(case: Case, settings, trusted: str) -> None:
    settings.TRUSTED_PROXIES = addresses.proxies(trusted)
    tries = [guess(case, by=STRANGER, **{"X-Forwarded-For": f"203.0.113.{number}"}) for number in range(6)]
    assert tries == [422] * 5 + [429]


def test_two_clients_of_our_proxy_are_two(case: Case, settings) -> None:
    settings.TRUSTED_PROXIES = addresses.proxies("10.20.0.4")
    for _ in range(5):
        guess(case, by="10.20.0.4", **{"X-Forwarded-For": STRANGER})
    assert guess(case, "3318", by="10.20.0.4", **{"X-Forwarded-For": STRANGER}) == 429
    assert guess(case, "3318", by="10.20.0.4", **{"X-Forwarded-For": HOME}) == 303


def test_guesses_from_everywhere_close_the_digits_until_tomorrow_but_neither_link_nor_one_time_code(
    city: City, settings, case: Case
) -> None:
    link = urlsplit(links_in_texts.address(links.give(case, purpose=CaseLink.Purpose.TEXT, at=now()))).path
    for number in range(TRIES_A_DAY):
        guess(case, by=f"198.51.100.{number}")
    closed = Client(REMOTE_ADDR=HOME).post(f"/p/{case.code}/", {"digits": "3318"})
    assert closed.status_code == 429 and "Từ ngày mai" in closed.content.decode()
    assert 0 < int(closed.headers["Retry-After"]) <= 24 * 3600

    assert TEXT in Client(REMOTE_ADDR=HOME).get(link, follow=True).content.decode()
    assert TEXT in Client(REMOTE_ADDR="198.51.100.3").get(link, follow=True).content.decode()

    settings.SMSC = "smpp://a:b@127.0.0.1:9"
    browser = Client(REMOTE_ADDR=HOME)
    browser.post("/phan-anh/", {"text": "Đèn đường hỏng", "phone": "0912345678"})
    mine = Case.objects.latest("pk")
    for number in range(TRIES_A_DAY):
        guess(mine, by=f"198.51.100.{number}")
        Client(REMOTE_ADDR=STRANGER).post(f"/p/{mine.code}/xac-nhan/", {"digits": "000000"})
    browser.post(f"/p/{mine.code}/xac-nhan/", {"do": "send"} | worked(browser))
    sent = one_time.latest(mine)
    assert sent is not None
    entered = browser.post(f"/p/{mine.code}/xac-nhan/", {"digits": one_time.digits(sent)})
    assert entered.status_code == 303 and entered.headers["Location"].endswith("?xong=so")
