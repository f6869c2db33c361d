"""Statements that are run so often that planning them costs more than running them: planned once a connection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from psycopg.types.string import StrDumper

Row = tuple[Any, ...]


@contextmanager
def cursor() -> Iterator[psycopg.Cursor[Any]]:
    """A cursor of psycopg's own on Django's connection, for Django's binds in the client. Errors are Django's."""
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as found:
        found.adapters.register_dumper(str, StrDumper)  # as text: a prepared statement can't guess
        yield found


def one(statement: str, values: Mapping[str, object] | Sequence[object]) -> Row | None:
    """The first row of a statement, None if it has none."""
    with cursor() as prepared:
        row: Row | None = prepared.execute(statement, values, prepare=True).fetchone()
    return row


def run(statement: str, values: Mapping[str, object] | Sequence[object]) -> None:
    """A statement that gives no rows."""
    with cursor() as prepared:
        prepared.execute(statement, values, prepare=True)
