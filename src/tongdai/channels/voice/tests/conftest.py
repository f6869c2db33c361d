"""A switchboard for stories."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from tests.city import City

from ..asterisk.exchange import Exchange, exchange
from ..speech.engines import Mute, program
from .exchange import PlayedSwitchboard

Story = Callable[[PlayedSwitchboard], Coroutine[Any, Any, None]]


@pytest.fixture
def play(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Story], None]:
    """Let a story happen on a switchboard of its own."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    switchboard = PlayedSwitchboard(tmp_path)

    tests_own = connections["default"]

    async def whole(story: Story) -> None:
        connections["default"] = tests_own  # else what runs in a loop gets another one, outside the test's transaction
        await switchboard.see_agents()
        try:
            async with asyncio.timeout(20):
                await story(switchboard)
        finally:
            switchboard.stop()

    return lambda story: asyncio.run(whole(story))


@pytest.fixture
def it(tmp_path: Path) -> Exchange:
    """This house's exchange with folders of this test; for those who let it work on sounds."""
    real = exchange()
    try:
        program("sox", real)
    except Mute:
        pytest.skip("no sox here: tongdai exchange install")
    made = Exchange(tmp_path / "exchange", real.tree, real.program, "127.0.0.1", 0, 0, 0, 0)
    for folder in (made.recordings, made.messages, made.spool_recordings):
        folder.mkdir(parents=True)
    return made
