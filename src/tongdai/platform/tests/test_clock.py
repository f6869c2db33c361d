"""One clock, turned in a demo only."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from tongdai.platform import clock
from tongdai.platform.models import Installation

pytestmark = pytest.mark.django_db
TET = datetime(2022, 2, 1, 5, tzinfo=UTC)


def test_a_demo_turns_its_clock_and_time_goes_on_from_there_as_fast_as_asked() -> None:
    clock.turn(to=TET, rate=3600)
    first = clock.now()
    assert TET <= first < TET + timedelta(days=2)
    clock.turn(to=None)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_real_citys_clock_is_not_turned(real_city: None) -> None:
    for to in (TET, None):
        with pytest.raises(clock.NotADemo):
            clock.turn(to=to, rate=3600)
    with pytest.raises(clock.NotADemo), clock.turned_here() as turn_to:
        turn_to(TET)
    with pytest.raises(IntegrityError, match="only_a_demo"), transaction.atomic():  # nor by who asks no function
        Installation.objects.update(real_at=TET, city_at=TET)
    assert Installation.objects.values_list("demo", "real_at", "city_at", "rate").get() == (False, None, None, 1)
    clock.forget()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_no_process_makes_a_city_of_a_demo() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Installation.objects.update(demo=False)
    assert Installation.objects.get().demo


def test_no_process_makes_a_demo_of_a_city(real_city: None) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Installation.objects.update(demo=True)
    assert not Installation.objects.get().demo


def test_reading_the_clock_asks_nothing_of_the_database(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        for _ in range(100):
            clock.now()


@pytest.mark.django_db(transaction=True)
def test_a_loop_that_asks_the_time_waits_for_no_database_and_follows_the_clock_all_the_same() -> None:
    async def until_it_follows() -> None:
        async with asyncio.timeout(20):
            while abs(clock.now() - TET) > timedelta(hours=1):
                await asyncio.sleep(0.02)

    clock.turn(to=TET)
    try:
        asyncio.run(until_it_follows())
    finally:
        clock.turn(to=None)


@pytest.mark.parametrize(
    ("in_utc", "day", "began"),
    [
        ("2026-11-24 16:59:59", date(2026, 11, 24), "2026-11-23 17:00"),
        ("2026-11-24 17:00:00", date(2026, 11, 25), "2026-11-24 17:00"),  # midnight in Hải Phòng
    ],
)
def test_today_is_the_day_in_the_city_by_the_turned_clock(in_utc: str, day: date, began: str) -> None:
    moment = datetime.fromisoformat(f"{in_utc}+00:00")
    with clock.turned_here() as turn_to:
        turn_to(moment)
        assert clock.today() == day and clock.day_of(moment) == day
        assert clock.midnight() == clock.midnight(moment) == datetime.fromisoformat(f"{began}+00:00")
