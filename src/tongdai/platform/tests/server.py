"""The tests' own PostgreSQL: one embedded server a run, its database migrated as the owner, used as the processes' role.

A pytest plugin (`-p`), because Django's settings are read before any conftest. `TONGDAI_TEST_POSTGRES` names another
server's binaries, such as Debian's.
"""

from __future__ import annotations

import os
import shutil
import socketserver
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .made_once import made_once

HOME = Path(tempfile.mkdtemp(prefix="tongdai-test-"))
HOME.chmod(0o755)
os.environ["TONGDAI_HOME"] = str(HOME)
os.environ.pop("DATABASE_URL", None)
if given := os.environ.get("TONGDAI_TEST_POSTGRES"):
    os.environ["TONGDAI_POSTGRES_BIN"] = given


@pytest.fixture(scope="session")
def postgres_server(django_db_blocker: Any) -> Iterator[Any]:
    """The running server, with a copy of the empty demo city."""
    from django.db import connection

    from tongdai.platform import home
    from tongdai.platform.database import postgres
    from tongdai.platform.database.machine_identity import record_identity

    made = made_once("empty-demo-city", f"{postgres.binaries()}", make=lambda to: _an_empty_city(to, django_db_blocker))
    key = home.secret("key")  # which the settings have read
    subprocess.run(["cp", "-a", f"{made}/.", HOME], check=True)
    (HOME / "secrets" / "key").write_text(key)
    it = postgres.cluster()
    server = postgres.launch(it, quick=True)
    with django_db_blocker.unblock():
        as_owner(connection, it)
        record_identity(adopt=True)
        connection.close()
    yield it
    postgres.stop(server)
    shutil.rmtree(HOME, ignore_errors=True)
    shutil.rmtree(it.run, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(postgres_server: Any) -> None:
    """Connected as the processes are, not as the owner who migrated: so that every test tests the grants too."""
    from django.db import connection

    as_process(connection, postgres_server)


def _an_empty_city(to: Path, django_db_blocker: Any) -> None:
    """Migrated in our own home, which is then as it was."""
    from django.db import connection

    from tongdai.platform.database import postgres
    from tongdai.platform.database.installation import install

    it = postgres.cluster()
    postgres.make(it)
    server = postgres.launch(it, quick=True)
    postgres.prepare(it)
    with django_db_blocker.unblock():
        as_owner(connection, it)
        install(demo=True)
        connection.close()
    postgres.stop(server)
    shutil.rmtree(f"{to}.new", ignore_errors=True)  # of one who was killed here
    subprocess.run(["cp", "-a", HOME, f"{to}.new"], check=True)
    os.replace(f"{to}.new", to)


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
    """After a test that commits: empty every table that holds a row, as the owner, and put back what install made.

    Row by row: TRUNCATE makes new files for every table and index, which costs four times as much. Ids go on from
    where they were, as they do after a test that is rolled back.
    """
    from django.db import connection, transaction
    from django.utils import timezone

    from tongdai.platform.database import postgres
    from tongdai.platform.models import Installation

    server = postgres.cluster()
    as_owner(connection, server)
    with transaction.atomic(), connection.cursor() as cursor:
        kept = ("django_migrations", "django_content_type", "auth_permission", "platform_installation")
        tables = [name for name in connection.introspection.table_names(cursor) if name not in kept]
        cursor.execute(" UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in tables))
        filled = [name for (name,) in cursor.fetchall()]
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger, and no order among the tables
        for name in filled:
            cursor.execute(f"DELETE FROM {name}")
    Installation.objects.update_or_create(pk=1, defaults={"demo": True, "made_at": timezone.now()})
    Installation.objects.update(city_at=None, real_at=None, rate=1)
    as_process(connection, server)


def pytest_configure(config: pytest.Config) -> None:
    from django.test import TransactionTestCase
    from whitenoise.middleware import WhiteNoiseMiddleware

    TransactionTestCase._fixture_teardown = _flush  # type: ignore[method-assign,assignment]
    # a live server looks every half second whether it is to stop: so long each test of a browser would wait for it
    socketserver.BaseServer.serve_forever.__defaults__ = (0.02,)
    for name in ("update_files_dictionary", "add_files_from_finders"):
        setattr(WhiteNoiseMiddleware, name, _listed_once(getattr(WhiteNoiseMiddleware, name)))


def _listed_once(list_files: Callable[..., None]) -> Callable[..., None]:
    """Each client begins with middleware of its own, which would read the same folders anew."""
    listed: dict[tuple[object, ...], dict[str, object]] = {}

    def list_files_once(self: Any, *of: str) -> None:
        if of not in listed:
            before = dict(self.files)
            list_files(self, *of)
            listed[of] = {name: file for name, file in self.files.items() if before.get(name) is not file}
        self.files.update(listed[of])

    return list_files_once
