"""What the processes' role may do: everything the product does, and no more. Applied after each migration, as the owner.

Events and the record of what people did may be added to and read, never changed (docs/architecture.md, "What holds
everywhere"); the demo mark is set once, at birth.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import ProgrammingError, connection
from psycopg import sql

from ..errors import CannotStart

APPEND_ONLY = ("cases_event", "audit_entry", "directory_change")
READ_ONLY = ("platform_installation", "django_migrations")
CLOCK_COLUMNS = ("real_at", "city_at", "rate")


def make(role: str, *, becomes: bool) -> None:
    """Make the role if it is missing; before anything is migrated. `becomes`: the owner's login steps down to it.

    Raises:
        CannotStart: the owner may not, and `tongdai database prepare` has not been run.
    """
    name = sql.Identifier(role)
    with connection.cursor() as cursor, _in_words(role):
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if not cursor.fetchone():
            cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name).as_string(cursor.connection))
        cursor.execute("SELECT pg_has_role(current_user, %s, 'member')", [role])
        if becomes and not cursor.fetchone()[0]:
            cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name).as_string(cursor.connection))


def grant(role: str) -> None:
    """Give the role its rights, on what the migrations have made."""
    name = sql.Identifier(role)
    statements = [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(name),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(name),
        *(
            sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {} FROM {}").format(sql.Identifier(table), name)
            for table in READ_ONLY
        ),
        sql.SQL("GRANT UPDATE ({}) ON platform_installation TO {}").format(
            sql.SQL(", ").join(map(sql.Identifier, CLOCK_COLUMNS)), name
        ),
        *(
            sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(sql.Identifier(table), name)
            for table in APPEND_ONLY
        ),
    ]
    with connection.cursor() as cursor, _in_words(role):
        for statement in statements:
            cursor.execute(statement.as_string(cursor.connection))


@contextmanager
def _in_words(role: str) -> Iterator[None]:
    try:
        yield
    except ProgrammingError as error:
        if not isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
            raise
        why = str(error.__cause__).splitlines()[0]
        raise CannotStart(
            f"Chủ cơ sở dữ liệu không được cấp quyền cho {role}: {why}. Người quản trị PostgreSQL chạy `tongdai database "
            f"prepare` (hoặc các câu của `--sql`) một lần. / The owner may not give {role} its rights: {why}. Whoever "
            "administers PostgreSQL runs `tongdai database prepare` (or what `--sql` prints) once."
        ) from None
