"""Whose telephone is there: registered at the exchange, and how many legs it has."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

from .client import Pbx
from .legs import Leg

REMOVED = "Removed"
AWAY = frozenset({REMOVED, "Unreachable"})
UNKNOWN = "?"  # a contact that was there when we came


class Telephones:
    """Known from the exchange's own events; asked at the start, and now and then for who came without a word."""

    def __init__(self) -> None:
        self._there: dict[str, asyncio.Event] = {}
        self._reported: set[str] = set()  # of whom something was said since we last asked
        self._contacts: dict[str, set[str]] = defaultdict(set)  # one that is read anew is there twice for a moment
        self._where: dict[str, set[str]] = defaultdict(set)  # reachable or not
        self._moves: dict[str, asyncio.Event] = {}

    async def look(self, pbx: Pbx) -> set[str]:
        """Ask the exchange for all of them; those who are there and were not. Raises Refused, PbxGone."""
        self._reported.clear()
        found: list[dict[str, Any]] = await pbx.get("endpoints/PJSIP")
        there = {str(each["resource"]) for each in found if each["state"] == "online"}
        came = there - self._reported - self.all_there()
        for endpoint in came:
            self._contacts[endpoint].add(UNKNOWN)
            self._set(endpoint, True)
        return came

    def status_changed(self, event: dict[str, Any], legs: dict[str, Leg]) -> str:
        """A ContactStatusChange: the endpoint whose telephone came or went, or an empty string.

        One that is only not heard of for a moment (`Unreachable`) is not rung; whoever talks there, talks on.
        """
        endpoint, info = event["endpoint"]["resource"], event["contact_info"]
        contacts = self._contacts[endpoint]
        self._reported.add(endpoint)
        contacts.discard(UNKNOWN)
        if info["contact_status"] not in AWAY:
            contacts.add(info["uri"])
        else:
            contacts.discard(info["uri"])
            for leg in legs.values():
                if leg.is_of(endpoint) and info["contact_status"] == REMOVED:
                    leg.lost.set()
        self._set(endpoint, bool(contacts))
        self._place(endpoint, info["uri"], gone=info["contact_status"] == REMOVED)
        return str(endpoint)

    def is_there(self, endpoint: str) -> bool:
        return endpoint in self._there and self._there[endpoint].is_set()

    def all_there(self) -> set[str]:
        return {endpoint for endpoint, there in self._there.items() if there.is_set()}

    async def there(self, endpoint: str) -> None:
        """Wait until it is."""
        await self._there.setdefault(endpoint, asyncio.Event()).wait()

    async def moved(self, endpoint: str) -> None:
        """Wait until it goes or is elsewhere: what rings there, rings at the wrong place."""
        await self._moves.setdefault(endpoint, asyncio.Event()).wait()

    def _place(self, endpoint: str, uri: str, *, gone: bool) -> None:
        where = self._where[endpoint]
        before = set(where)
        if gone:
            where.discard(uri)
        else:
            where.add(uri)
        if (gone or before and where != before) and (move := self._moves.pop(endpoint, None)):
            move.set()

    def _set(self, endpoint: str, there: bool) -> None:
        event = self._there.setdefault(endpoint, asyncio.Event())
        if there:
            event.set()
        else:
            event.clear()
