"""Links open one case each, end by themselves, and can be withdrawn; nothing that is stored opens anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tests.city import City
from tongdai.cases.access import links
from tongdai.cases.access.links import Purpose
from tongdai.cases.actions.close import close
from tongdai.cases.actions.withdraw_links import withdraw_links
from tongdai.cases.actor import Actor
from tongdai.cases.states import ActionRefused
from tongdai.people.models import Channel

pytestmark = pytest.mark.django_db


def test_a_link_opens_its_own_case_and_for_its_own_purpose_only(city: City) -> None:
    one, other = city.case("Một"), city.case("Hai")
    link = links.give(one, purpose=Purpose.TEXT, at=one.received_at)
    browser = links.give(one, purpose=Purpose.FILED, at=one.received_at)
    assert links.find(one.code, links.token(link)) == link
    assert links.find(other.code, links.token(link)) is None
    assert links.find(one.code, links.token(browser)) is None
    assert len(links.token(link)) == 12


def test_the_token_stands_nowhere_in_the_database(city: City) -> None:
    case = city.case()
    link = links.give(case, purpose=Purpose.TEXT, at=case.received_at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(l)::text FROM cases_caselink l")
        assert links.token(link) not in cursor.fetchone()[0]


def test_a_link_lives_ninety_days_and_thirty_after_its_case_is_closed(city: City) -> None:
    case = city.answered(channel=Channel.SMS, proven=True)
    link, at = links.give(case, purpose=Purpose.TEXT, at=case.received_at), case.received_at
    assert links.is_live(link, at=at + timedelta(days=89)) and not links.is_live(link, at=at + timedelta(days=90))
    closed = close(case, by=Actor.system(), at=at + timedelta(days=10))
    link.refresh_from_db()
    assert links.is_live(link, at=at + timedelta(days=39)) and not links.is_live(link, at=at + timedelta(days=40))
    late = links.give(closed, purpose=Purpose.TEXT, at=at + timedelta(days=50))
    assert late.expires_at == at + timedelta(days=80)


def test_withdrawing_ends_every_link_but_not_the_browser_that_filed_the_case(city: City) -> None:
    case = city.case()
    text, digits, filed = (
        links.give(case, purpose=purpose, at=case.received_at)
        for purpose in (Purpose.TEXT, Purpose.DIGITS, Purpose.FILED)
    )
    assert links.withdrawable(case, at=case.received_at)
    case = withdraw_links(case, by=Actor.citizen(channel=Channel.WEB), at=case.received_at)
    for link in (text, digits, filed):
        link.refresh_from_db()
    assert text.withdrawn_at and digits.withdrawn_at and filed.withdrawn_at is None
    assert not links.withdrawable(case, at=case.received_at)
    assert case.events.last().action == "withdraw_links" and case.events.last().changed == {"links": 2}


def test_who_takes_calls_may_withdraw_them_for_a_caller_and_of_a_denunciation_the_inspector_alone(city: City) -> None:
    case = city.case("Tôi tố cáo cán bộ", topic="denunciation")
    with pytest.raises(ActionRefused):
        withdraw_links(case, by=Actor.staff(city.call_taker), at=case.received_at)
    withdraw_links(case, by=Actor.staff(city.inspector), at=case.received_at)
    withdraw_links(city.case(), by=Actor.staff(city.call_taker), at=case.received_at)
