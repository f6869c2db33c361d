"""One clock, turned in a demo only."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

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


def test_a_real_citys_clock_is_not_turned() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM platform_installation WHERE demo")
        assert cursor.fetchone() == (1,)
    with pytest.raises(DatabaseError), transaction.atomic():  # nor can a demo be unmarked by the processes
        Installation.objects.update(demo=False)


def test_reading_the_clock_asks_nothing_of_the_database(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        for _ in range(100):
            clock.now()
