"""Whose telephone is there: registered at the exchange, and how many legs it has."""

from __future__ import annotations

import asyncio
from typing import Any

from .legs import Leg
from .pbx import Pbx, Refused

AWAY = frozenset({"Removed", "Unreachable"})


class Lines:
    """Known from the exchange's own events; asked once at the start."""

    def __init__(self) -> None:
        self._there: dict[str, asyncio.Event] = {}

    async def look(self, pbx: Pbx) -> None:
        """Ask the exchange for all of them."""
        try:
            found: list[dict[str, Any]] = await pbx.get("endpoints/PJSIP")
        except Refused:
            return
        for endpoint in found:
            self._set(endpoint["resource"], endpoint["state"] == "online")

    def hear(self, event: dict[str, Any], legs: dict[str, Leg]) -> str:
        """A ContactStatusChange: the endpoint whose telephone came or went, or an empty string."""
        endpoint, status = event["endpoint"]["resource"], event["contact_info"]["contact_status"]
        if status in AWAY:
            for leg in legs.values():
                if leg.name.startswith(f"PJSIP/{endpoint}-"):
                    leg.lost.set()
        self._set(endpoint, status not in AWAY)
        return str(endpoint)

    def is_there(self, endpoint: str) -> bool:
        return endpoint in self._there and self._there[endpoint].is_set()

    async def there(self, endpoint: str) -> None:
        """Wait until it is."""
        await self._there.setdefault(endpoint, asyncio.Event()).wait()

    def _set(self, endpoint: str, there: bool) -> None:
        event = self._there.setdefault(endpoint, asyncio.Event())
        if there:
            event.set()
        else:
            event.clear()
