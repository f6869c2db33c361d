"""What the benchmarks write and ask still fits the tables: a benchmark that can't run is found out here."""

from __future__ import annotations

import pytest

from bench import large
from tongdai.cases.models import Case


@pytest.mark.django_db(transaction=True)
def test_the_large_city_is_filled_and_every_page_of_it_is_asked() -> None:
    large._city()
    large._fill(0, 200)
    assert Case.objects.count() == 200
    for name, ask in large.pages().items():
        assert ask() is not None, name
