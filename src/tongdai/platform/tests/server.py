"""The tests' own PostgreSQL: one embedded server a run, its database migrated as the owner, used as the processes' role.

A pytest plugin (`-p`), because Django's settings are read before any conftest. `TONGDAI_TEST_POSTGRES` names another
server's binaries, such as Debian's.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HOME = Path(tempfile.mkdtemp(prefix="tongdai-test-"))
HOME.chmod(0o755)
os.environ["TONGDAI_HOME"] = str(HOME)
os.environ.pop("DATABASE_URL", None)
if given := os.environ.get("TONGDAI_TEST_POSTGRES"):
    os.environ["TONGDAI_POSTGRES_BIN"] = given


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """The running server."""
    from tongdai.platform.database import postgres

    it = postgres.cluster()
    postgres.make(it)
    server = postgres.launch(it, quick=True)
    postgres.prepare(it)
    yield it
    postgres.stop(server)
    shutil.rmtree(HOME, ignore_errors=True)
    shutil.rmtree(it.run, ignore_errors=True)
    if HOME not in it.data.parents:
        shutil.rmtree(it.data.parent.parent, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(postgres_server: Any, django_db_blocker: Any) -> None:
    """Migrated as the owner, then connected as the processes are: so that every test tests the grants too."""
    from django.db import connection

    from tongdai.platform.database.installation import install

    with django_db_blocker.unblock():
        as_owner(connection, postgres_server)
        install(demo=True)
        as_process(connection, postgres_server)


def as_owner(connection: Any, server: Any) -> None:
    connection.close()
    connection.settings_dict.update(server.settings(as_owner=True))


def as_process(connection: Any, server: Any) -> None:
    connection.close()
    connection.settings_dict.update(server.settings())


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def real_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test looks at the database for the clock, but those that turn it."""
    from tongdai.platform import clock

    monkeypatch.setattr(clock, "_look_at", float("inf"))
    monkeypatch.setattr(clock, "_turned", None)


@pytest.fixture
def real_city(django_db_setup: None, postgres_server: Any) -> Iterator[None]:
    """The database is one that was not made as a demo; marked by the owner, past the trigger that forbids it."""

    def mark(demo: str) -> None:
        with postgres_server.connect() as owner:
            owner.execute("SET lock_timeout = '10s'")
            owner.execute("SET session_replication_role = replica")
            owner.execute(f"UPDATE platform_installation SET demo = {demo}, city_at = NULL, real_at = NULL, rate = 1")

    mark("false")
    yield
    mark("true")


def _flush(_case: object) -> None:
    """After a test that commits: empty every table, as the owner, and put back what migrations and install made."""
    from django.db import connection
    from django.utils import timezone

    from tongdai.platform.database import postgres
    from tongdai.platform.models import Installation

    server = postgres.cluster()
    as_owner(connection, server)
    with connection.cursor() as cursor:
        kept = ("django_migrations", "django_content_type", "auth_permission", "platform_installation")
        tables = [name for name in connection.introspection.table_names(cursor) if name not in kept]
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
    Installation.objects.update_or_create(pk=1, defaults={"demo": True, "made_at": timezone.now()})
    Installation.objects.update(city_at=None, real_at=None, rate=1)
    as_process(connection, server)


def pytest_configure(config: pytest.Config) -> None:
    from django.test import TransactionTestCase

    TransactionTestCase._fixture_teardown = _flush  # type: ignore[method-assign,assignment]
