"""Make the database ready: migrated, its roles granted, its one row set. Done as the owner, and again at every start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection

from ..errors import CannotStart
from ..models import Installation
from . import connection_settings, machine_identity, roles
from .version import newer, product_version, unknown_migrations

ONE_AT_A_TIME = 1022


def install(*, demo: bool = False, adopt: bool = False) -> Installation:
    """Migrate, grant, and on a new database write whether it is a demo. A known one keeps its mark, whatever is asked.

    `adopt`: this machine's key and storage are the city's from now on (`marks`).

    Raises:
        CannotStart: the database is newer than this code, is away, or its owner may not; nothing was written.
    """
    with in_words(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        try:
            if found := unknown_migrations():
                raise CannotStart(newer(found))
            roles.make(settings.APP_ROLE, becomes=not connection_settings.owner_url())
            if not up_to_date():
                call_command("migrate", verbosity=0, interactive=False)
            roles.grant(settings.APP_ROLE)
            made, _new = Installation.objects.get_or_create(pk=1, defaults={"demo": demo, "made_at": datetime.now(UTC)})
            Installation.objects.filter(pk=1).exclude(edition=product_version()).update(edition=product_version())
            machine_identity.record_identity(adopt=adopt)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
    return made


@contextmanager
def in_words() -> Iterator[None]:
    """
    Raises:
        CannotStart: the database doesn't answer, or this login may not make tables in it.
    """
    try:
        yield
    except DatabaseError as error:
        cause: BaseException | None = error
        while cause and not isinstance(cause, psycopg.Error):
            cause = cause.__cause__ or cause.__context__
        why = (str(cause).strip().splitlines() or ["?"])[0]
        if isinstance(cause, psycopg.errors.InsufficientPrivilege):
            raise CannotStart(
                f"Tài khoản này không được cập nhật cơ sở dữ liệu: {why}. Đặt TONGDAI_OWNER_DATABASE_URL (dòng thứ hai của "
                "`tongdai database prepare`; docs/deploy.md, bước 4: owner.environment, worker.environment). / This login may "
                "not migrate the database: set TONGDAI_OWNER_DATABASE_URL, the second line of `tongdai database prepare`."
            ) from None
        if isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None:
            raise CannotStart(
                f"Cơ sở dữ liệu không trả lời: {why}. Xem PostgreSQL có chạy không, rồi làm lại. / The database doesn't "
                "answer. See whether PostgreSQL runs, then do it again."
            ) from None
        raise


def is_demo() -> bool:
    """Whether this database was made as a demo."""
    return Installation.objects.filter(pk=1, demo=True).exists()


def up_to_date() -> bool:
    """Whether every migration of the code has been applied."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
