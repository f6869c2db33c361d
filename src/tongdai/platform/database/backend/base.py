"""A connection that doesn't wait for ever for a database that hangs.

A server that is stopped, a disk that doesn't answer, a network that swallows what is sent: the system knows nothing of
any of these, and a thread would wait until somebody restarts it. Where there is a limit (web and live, by
settings.DATABASE_PATIENCE) a statement past it is cancelled, its connection closed, and the page is a 503 in words.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import IsolationLevel
from psycopg import errors

CANCELLED_WITHIN = 0.5  # seconds: a server that lives drops the statement; from one that hangs nothing is expected
LOOKED_AFTER = 1.5  # seconds for the question whether a connection still works
PREPARED_AFTER = 5  # times, for who doesn't ask for it (`prepared.py` does)
SPARED = 2.0  # seconds in which nobody else waits for a server that was just found to hang

_hangs_until = 0.0


class Hangs(psycopg.OperationalError):
    """The database didn't answer in time."""


class PatientConnection(psycopg.Connection[Any]):
    """Of psycopg's, but a statement takes `patience` seconds at most (None: as long as it wants)."""

    patience: float | None = None
    when_it_hangs: Callable[[], None] = staticmethod(lambda: None)

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, timeout=timeout or self.patience)
        except errors._WaitTimeout:
            self._give_up()
            raise Hangs(f"no answer from the database within {timeout or self.patience} s") from None

    def _give_up(self) -> None:
        self.when_it_hangs()
        with contextlib.suppress(psycopg.Error):  # then it hangs indeed
            self.cancel_safe(timeout=CANCELLED_WITHIN)
        self.pgconn.finish()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, over patient connections."""

    connection: PatientConnection

    def get_new_connection(self, conn_params: dict[str, Any]) -> PatientConnection:
        patience = self.settings_dict.get("PATIENCE") or None
        if patience and time.monotonic() < _hangs_until:
            raise Hangs("the database hung a moment ago")
        self.isolation_level = IsolationLevel.READ_COMMITTED
        try:
            link = PatientConnection.connect(**conn_params)
        except errors.ConnectionTimeout:
            if patience:
                _spare_the_others()
            raise
        link.patience, link.when_it_hangs = patience, _spare_the_others
        if not self.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):  # it would stay behind in a pooler's connection
            link.prepare_threshold = PREPARED_AFTER  # Django turns it off, for its own cursors bind in the client
        return link

    def is_usable(self) -> bool:
        """One that hangs is no reason to wait for another: the page is told at once."""
        if self.connection is None or not self.connection.patience:
            return super().is_usable()
        patience, self.connection.patience = self.connection.patience, LOOKED_AFTER
        try:
            self.connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        finally:
            self.connection.patience = patience
        return True


def _spare_the_others() -> None:
    global _hangs_until
    _hangs_until = time.monotonic() + SPARED
