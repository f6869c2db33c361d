"""Tell listeners after COMMIT that something is new. Never inside the transaction: NOTIFY there takes a lock until the

commit is on disk, so that commits no longer share one flush (two thirds of the throughput). One connection a process
says it, coalesced, at most every few milliseconds; who misses it polls slowly (every second or two).
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterable
from typing import Any

import psycopg
import structlog
from django.db import transaction

from .database import connection_settings

log = structlog.get_logger(__name__)

CHANNEL = "tongdai"  # payload: {"cases": [1, 2], "outbox": [7]}
WORKERS = "procrastinate_any_queue"
WORK = json.dumps({"type": "job_inserted", "job_id": 0})
COALESCED = 0.005  # seconds
QUIET, ANSWERS_WITHIN = 15.0, 5.0  # seconds without news before a listener asks whether the database still lives
MOST_IDS = 500  # in one payload (8,000 bytes); beyond that listeners are told "many" and look for themselves


def wake(channel: str, ids: Iterable[int]) -> None:
    """Once this transaction is committed: rows `ids` of `channel` (cases, outbox, callbacks) are new or changed."""
    found = list(ids)
    transaction.on_commit(lambda: _bell.ring(channel, found), robust=True)


def wake_all(channel: str) -> None:
    """Once this transaction is committed: listeners of `channel` look for themselves, and are told no ids."""
    transaction.on_commit(lambda: _bell.ring(channel, [], many=True), robust=True)


def wake_workers() -> None:
    """Once this transaction is committed: there is work."""
    transaction.on_commit(lambda: _bell.ring("", []), robust=True)


async def listen(where: dict[str, Any]) -> AsyncGenerator[dict[str, list[int] | str]]:
    """What is said from now on; first an empty dict: we listen. `where`: `connection_settings.parameters(directly=True)`.

    Raises:
        psycopg.Error, OSError: the database is away, or silent (TimeoutError).
    """
    async with await psycopg.AsyncConnection.connect(**where, autocommit=True) as link:
        await link.execute(f"LISTEN {CHANNEL}")
        yield {}
        while True:
            async for note in link.notifies(timeout=QUIET):
                yield json.loads(note.payload)
            async with asyncio.timeout(ANSWERS_WITHIN):
                await link.execute("SELECT 1")


class _Bell:
    """One thread and one connection that say what was asked, together."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._due: dict[str, set[int]] = defaultdict(set)
        self._many: set[str] = set()
        self._work = False
        self._thread: threading.Thread | None = None
        self._link: psycopg.Connection[tuple[object, ...]] | None = None
        self._where: dict[str, Any] = {}

    def ring(self, channel: str, ids: Iterable[int], *, many: bool = False) -> None:
        with self._lock:
            self._where = connection_settings.parameters()
            self._work = True
            if channel:
                self._due[channel].update(ids)
            if many:
                self._many.add(channel)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="wake", daemon=True)
                self._thread.start()
            self._lock.notify()

    def _run(self) -> None:
        while True:
            with self._lock:
                while not self._work:
                    if not self._lock.wait(timeout=30):
                        self._hang_up()
                        self._thread = None
                        return
            threading.Event().wait(COALESCED)
            with self._lock:
                due, self._due, self._work = self._due, defaultdict(set), False
                many, self._many = self._many, set()
            self._notify(due, many)

    def _notify(self, due: dict[str, set[int]], many: set[str]) -> None:
        known = {name: name not in many and len(ids) <= MOST_IDS for name, ids in due.items()}
        news = {name: sorted(ids) if known[name] else "many" for name, ids in due.items()}
        try:
            if self._link is None or self._link.closed:
                self._link = psycopg.connect(**self._where, autocommit=True)
            if news:
                self._link.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(news)])
            self._link.execute("SELECT pg_notify(%s, %s)", [WORKERS, WORK])
        except psycopg.Error as error:  # the listeners' polling is the safety net
            log.warning("wake failed", error=type(error).__name__)
            self._hang_up()

    def _hang_up(self) -> None:
        if self._link is not None:
            self._link.close()
        self._link = None


_bell = _Bell()
