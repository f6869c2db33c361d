"""What the processes' role may do: everything the product does, and no more. Applied after each migration, as the owner.

Events and the record of what people did may be added to and read, never changed (ARCHITECTURE.md, "One way to write"); the
demo mark is set once, at birth.
"""

from __future__ import annotations

from django.db import connection
from psycopg import sql

APPEND_ONLY = ("cases_event", "audit_entry")
CLOCK_COLUMNS = ("real_at", "city_at", "rate")


def grant(role: str) -> None:
    """Make the role if it is missing, let the owner become it, and give it its rights."""
    name = sql.Identifier(role)
    statements = [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(name),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(name),
        sql.SQL("REVOKE INSERT, UPDATE, DELETE ON platform_installation FROM {}").format(name),
        sql.SQL("GRANT UPDATE ({}) ON platform_installation TO {}").format(
            sql.SQL(", ").join(map(sql.Identifier, CLOCK_COLUMNS)), name
        ),
        *(
            sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(sql.Identifier(table), name)
            for table in APPEND_ONLY
        ),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if not cursor.fetchone():
            cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name).as_string(cursor.connection))
        cursor.execute("SELECT pg_has_role(current_user, %s, 'member')", [role])
        if not cursor.fetchone()[0]:
            cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name).as_string(cursor.connection))
        for statement in statements:
            cursor.execute(statement.as_string(cursor.connection))
