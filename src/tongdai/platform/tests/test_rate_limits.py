"""How often a network may do what costs much."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tongdai.platform.models import NetworkUse
from tongdai.platform.web import rate_limits

pytestmark = pytest.mark.django_db
TEN = timedelta(minutes=10)


def test_a_network_has_its_number_in_a_window_and_takes_nobody_elses() -> None:
    at = datetime(2022, 2, 14, 8, 1, tzinfo=UTC)

    def comes(network: str, at: datetime, purpose: str = "photos") -> bool:
        return rate_limits.within(purpose, network, most=3, per=TEN, at=at)

    assert [comes("a", at) for _ in range(4)] == [True, True, True, False]
    assert comes("b", at) and comes("a", at, purpose="texts")
    assert rate_limits.again_at(per=TEN, at=at) == datetime(2022, 2, 14, 8, 10, tzinfo=UTC)
    assert comes("a", at + TEN)
    rate_limits.forget(int((at + timedelta(days=3)).timestamp()))
    assert not NetworkUse.objects.exists()
