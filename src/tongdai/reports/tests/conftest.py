"""A clock that stands where a story needs it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tongdai.platform import clock


@pytest.fixture
def turned_to(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Turn the city's clock and let it stand there; it runs on after the test."""

    def turn(moment: datetime) -> None:
        monkeypatch.setattr(clock, "_turned", clock._Turned(datetime.now(UTC), moment, 0.0))
        monkeypatch.setattr(clock, "_look_at", float("inf"))

    return turn
