"""What goes out goes to kinds of numbers that the city allows, and so often an hour, however many ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from tests.city import City
from tongdai.directory import outbound
from tongdai.directory.models import Outbound
from tongdai.people import alarm, held_back, limits, toll
from tongdai.people.interactions import queue_outbound, sent_to
from tongdai.people.limits import What
from tongdai.people.models import Channel, Interaction, OutboundCount
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import now

MOBILE, SOMALIA, IRIDIUM, PREMIUM = "+84912345678", "+252612345678", "+881612345678", "+8419001234"
USUAL = [Outbound.Kind.MOBILE, Outbound.Kind.LANDLINE]


def queue(address: str, *, key: str = "k", purpose: Purpose = Purpose.RECEIPT) -> Interaction:
    queued = queue_outbound(channel=Channel.SMS, address=address, body="Đã nhận.", key=key, purpose=purpose, at=now())
    assert queued
    return queued


@pytest.mark.django_db
@pytest.mark.parametrize("number", [SOMALIA, IRIDIUM, PREMIUM, "19001234", "1022", ""])
def test_a_text_to_a_kind_of_number_the_city_does_not_text_is_on_record_and_never_sent(city: City, number: str) -> None:
    kept = queue(number)
    assert (kept.state, kept.settled_at is not None) == ("barred", True)
    assert not sent_to(number, channel=Channel.SMS, since=now() - timedelta(hours=1))
    assert sum(alarm.alarm(at=now()).barred.values()) == 1
    assert [verdict for verdict, *_ in alarm.for_doctor()] == ["note"]
    assert queue(MOBILE, key="other").state == "queued"


@pytest.mark.django_db
def test_the_city_decides_which_kinds_and_says_why_not(city: City) -> None:
    assert not toll.allows(SOMALIA) and "nước ngoài" in toll.why_not(SOMALIA)
    assert "vệ tinh" in toll.why_not(IRIDIUM) and "1900" in toll.why_not("19001234")
    outbound.decide(kinds=[*USUAL, Outbound.Kind.FOREIGN, Outbound.Kind.PREMIUM])
    assert toll.allows(SOMALIA) and toll.takes_texts(SOMALIA) and toll.why_not(SOMALIA) == ""
    assert toll.allows("19001234") and not toll.takes_texts("19001234")
    assert not toll.allows(IRIDIUM)
    outbound.decide(kinds=[Outbound.Kind.MOBILE])
    assert not toll.allows("+842253842005")
    assert toll.allows("+842253842005", purpose=Purpose.DUTY)  # who is on duty was typed by the city itself
    assert not toll.allows(SOMALIA, purpose=Purpose.DUTY)


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["111", "113", "114", "115"])
def test_an_emergency_number_is_rung_whatever_the_city_decides(city: City, number: str) -> None:
    outbound.decide(kinds=[Outbound.Kind.MOBILE])
    assert toll.allows(number) and toll.why_not(number) == ""


@pytest.mark.django_db
def test_a_block_of_numbers_gets_so_many_an_hour_and_another_block_and_another_hour_begin_anew(city: City) -> None:
    outbound.decide(kinds=USUAL, texts_a_block=2)
    at = now()

    def goes(number: str, **more: bool) -> bool:
        return limits.let_out(What.TEXT, [limits.to(number, **more)], at=at)[0]

    assert [goes(f"+8491234000{n}") for n in range(3)] == [True, True, False]
    assert goes("+84912351111")
    assert goes("+84912340009", always=True)  # a life: counted, never stopped
    at += timedelta(hours=1)
    assert goes("+84912340003")
    assert limits.let_out(What.CALL, [limits.to("+84912340003")], at=at) == [True]  # calls are counted apart


@pytest.mark.django_db
def test_several_at_once_are_let_out_in_their_order_and_what_is_held_counts_for_no_other_limit(city: City) -> None:
    outbound.decide(kinds=USUAL, texts_an_hour=3, texts_a_block=2)
    numbers = ["+84912340001", "+84912340002", "+84912340003", "+84913000001", "+84914000001"]
    verdicts = limits.let_out(What.TEXT, [limits.to(number) for number in numbers], at=now())
    assert verdicts == [True, True, False, True, False]
    [whole] = OutboundCount.objects.filter(scope="city")
    assert (whole.used, whole.held) == (3, 1)
    assert {(full.scope, full.held) for full in alarm.alarm(at=now()).full} == {("cả thành phố", 1), ("một dải số", 1)}


@pytest.mark.django_db
def test_what_was_held_goes_or_is_put_away_by_a_person_and_an_old_one_time_code_never_goes(city: City) -> None:
    texts = [queue(f"+8491234000{n}", key=f"k{n}", purpose=purpose)
             for n, purpose in enumerate((Purpose.RECEIPT, Purpose.ANSWER, Purpose.CODE))]  # fmt: skip
    held_back.hold_back([text.pk for text in texts], at=now())
    later = now() + timedelta(minutes=11)
    assert held_back.put_away([texts[0].pk], by=city.admin, at=later) == 1
    assert held_back.send([text.pk for text in texts], by=city.admin, at=later) == 1
    states = dict(Interaction.objects.filter(direction="out").values_list("key", "state"))
    assert states == {"k0": "failed", "k1": "queued", "k2": "failed"}
    assert all(text.detail["decided_by"] == city.admin.pk for text in Interaction.objects.filter(direction="out"))


@pytest.mark.django_db(transaction=True)
def test_processes_that_count_at_the_same_moment_let_out_not_one_too_many() -> None:
    outbound.decide(kinds=USUAL, texts_a_block=25)
    at = now()

    def texts(first: int) -> int:
        try:
            going = [[limits.to(f"+8491234{first:02d}{n:02d}"), limits.to(f"+849{n % 5}0000000")] for n in range(20)]
            return sum(limits.let_out(What.TEXT, pair, at=at)[0] for pair in going)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(texts, range(4))) == 25
    assert OutboundCount.objects.get(name="+8491234").used == 25
    assert OutboundCount.objects.get(name="+8491234").held == 4 * 20 - 25
