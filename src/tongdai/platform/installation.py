"""Make the database ready: migrated, its roles granted, its one row set. Done as the owner, and again at every start."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from . import databases, marks, roles
from .edition import edition, newer, unknown_migrations
from .models import Installation
from .postgres import CannotStart

ONE_AT_A_TIME = 1022


def install(*, demo: bool = False, adopt: bool = False) -> Installation:
    """Migrate, grant, and on a new database write whether it is a demo. A known one keeps its mark, whatever is asked.

    `adopt`: this machine's key and storage are the city's from now on (`marks`).

    Raises:
        CannotStart: the database is newer than this code, or its owner may not; nothing was written.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        try:
            if found := unknown_migrations():
                raise CannotStart(newer(found))
            roles.make(settings.APP_ROLE, becomes=not databases.owner_url())
            call_command("migrate", verbosity=0, interactive=False)
            roles.grant(settings.APP_ROLE)
            made, _new = Installation.objects.get_or_create(pk=1, defaults={"demo": demo, "made_at": datetime.now(UTC)})
            Installation.objects.filter(pk=1).exclude(edition=edition()).update(edition=edition())
            marks.leave(adopt=adopt)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
    return made


def is_demo() -> bool:
    """Whether this database was made as a demo."""
    return Installation.objects.filter(pk=1, demo=True).exists()


def up_to_date() -> bool:
    """Whether every migration of the code has been applied."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
