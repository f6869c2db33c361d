"""PgBouncer between the house and PostgreSQL: it works, by session and by transaction, or it is refused in words."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.house import House, free_port
from tongdai.platform.database import pooling

from .city_server import CityServer, environment, tongdai

# machines of one city: its key, its files
ONE_CITY = {
    "TONGDAI_SECRET_KEY": "của một thành phố " * 4,
    "TONGDAI_STORAGE": tempfile.mkdtemp(prefix="tongdai-files-"),
}
PGBOUNCER = Path("/usr/sbin/pgbouncer")
pytestmark = pytest.mark.skipif(not PGBOUNCER.exists(), reason="no pgbouncer here")
RECIPES = """
[databases]
by_session = host=127.0.0.1 port={port} dbname=tongdai pool_mode=session
by_transaction = host=127.0.0.1 port={port} dbname=tongdai pool_mode=transaction
by_statement = host=127.0.0.1 port={port} dbname=tongdai pool_mode=statement
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
default_pool_size = 5
{more}
"""
ORM = """
import os, json
os.environ["DJANGO_SETTINGS_MODULE"] = "tongdai.platform.settings"
import django; django.setup()
from concurrent.futures import ThreadPoolExecutor
from django.db import connection, transaction
from django.contrib.contenttypes.models import ContentType
from tongdai.platform import wake
from tongdai.platform.models import Installation
def work(turn):
    for _ in range(20):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(7)")
            Installation.objects.filter(pk=1).select_for_update()
            cursor.execute("SELECT current_user, current_setting('TimeZone')")
            assert cursor.fetchone() == ("tongdai_app", "UTC")
        assert len(list(ContentType.objects.iterator(chunk_size=3))) == ContentType.objects.count()
    connection.close()
    return turn
with transaction.atomic():
    wake.wake("cases", [1022])
with ThreadPoolExecutor(8) as pool:
    print(json.dumps(sorted(pool.map(work, range(8)))))
"""


class Pooler:
    """One PgBouncer before a server; `address("by_session", …)` goes through it."""

    def __init__(self, server: CityServer, *, more: str = "") -> None:
        self.port = free_port()
        folder = Path(tempfile.mkdtemp(prefix="tongdai-pool-"))
        folder.chmod(0o755)
        logins = [urlsplit(address) for address in (server.app, server.owner)]
        users = folder / "users"
        users.write_text("".join(f'"{each.username}" "{each.password}"\n' for each in logins))
        recipe = folder / "pgbouncer.ini"
        recipe.write_text(RECIPES.format(port=server.port, own=self.port, folder=folder, more=more))
        user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        found = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        self.process = subprocess.Popen(
            [PGBOUNCER, "-q", recipe], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **found
        )
        for _ in range(100):
            try:
                psycopg.connect(self.through("by_session", server.app)).close()
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("pgbouncer didn't start")

    def through(self, database: str, address: str) -> str:
        login = urlsplit(address).netloc.rsplit("@", 1)[0]
        return f"postgresql://{login}@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)


@pytest.fixture(scope="module")
def server() -> Iterator[CityServer]:
    it = CityServer()
    home = Path(tempfile.mkdtemp(prefix="tongdai-home-"))
    made = tongdai("migrate", home=home, DATABASE_URL=it.app, TONGDAI_OWNER_DATABASE_URL=it.owner, **ONE_CITY)
    assert made.returncode == 0, made.stderr
    yield it
    it.stop()


@pytest.fixture(scope="module")
def pooler(server: CityServer) -> Iterator[Pooler]:
    it = Pooler(server)
    yield it
    it.stop()


def test_a_pooler_is_known_for_what_it_is(server: CityServer, pooler: Pooler) -> None:
    def kind(address: str) -> str:
        return pooling.look({"conninfo": address})

    assert kind(server.app) == "none"
    assert kind(pooler.through("by_session", server.app)) == "session"
    assert kind(pooler.through("by_transaction", server.app)) == "transaction"
    assert kind(pooler.through("by_statement", server.app)) == "transaction"


def test_a_pool_of_one_is_a_session_and_nobody_waits_for_a_second(server: CityServer) -> None:
    narrow = Pooler(server, more="default_pool_size = 1")
    try:
        began = time.monotonic()
        assert pooling.look({"conninfo": narrow.through("by_session", server.app)}) == "session"
        assert time.monotonic() - began < 6
    finally:
        narrow.stop()


@pytest.mark.parametrize("command", [("run", "worker"), ("up",)])
def test_transaction_pooling_without_a_way_around_is_refused_before_anything_listens_in_vain(
    server: CityServer, pooler: Pooler, tmp_path: Path, command: tuple[str, ...]
) -> None:
    given = {"DATABASE_URL": pooler.through("by_transaction", server.app), "TONGDAI_OWNER_DATABASE_URL": server.owner}
    ports = {"TONGDAI_PORT": str(free_port()), "TONGDAI_LIVE_PORT": str(free_port())}
    refused = tongdai(*command, home=tmp_path, **ports, **given, **ONE_CITY)
    assert refused.returncode == 1
    assert "TONGDAI_DIRECT_DATABASE_URL" in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_way_around_that_is_none_is_refused(server: CityServer, pooler: Pooler, tmp_path: Path) -> None:
    pooled = pooler.through("by_transaction", server.app)
    given = {"DATABASE_URL": pooled, "TONGDAI_OWNER_DATABASE_URL": server.owner, "TONGDAI_DIRECT_DATABASE_URL": pooled}
    refused = tongdai("run", "worker", home=tmp_path, **given)
    assert refused.returncode == 1 and "TONGDAI_DIRECT_DATABASE_URL" in refused.stderr


def test_one_login_for_both_is_refused_through_a_pooler(server: CityServer, pooler: Pooler, tmp_path: Path) -> None:
    """The step down to the processes' role would be refused, or forgotten, and pages would write as the owner."""
    careless = Pooler(server, more="ignore_startup_parameters = options")
    try:
        for through in (pooler, careless):
            refused = tongdai("run", "worker", home=tmp_path, DATABASE_URL=through.through("by_session", server.owner))
            assert refused.returncode == 1 and "TONGDAI_OWNER_DATABASE_URL" in refused.stderr, refused.stderr
    finally:
        careless.stop()


def test_the_owner_does_not_migrate_through_transaction_pooling(
    server: CityServer, pooler: Pooler, tmp_path: Path
) -> None:
    owner = pooler.through("by_transaction", server.owner)
    refused = tongdai("migrate", home=tmp_path, DATABASE_URL=server.app, TONGDAI_OWNER_DATABASE_URL=owner)
    assert refused.returncode == 1
    assert "TONGDAI_OWNER_DATABASE_URL" in refused.stderr and "Traceback" not in refused.stderr


@pytest.mark.parametrize("mode", ["by_session", "by_transaction"])
def test_pages_work_through_either_pooling(server: CityServer, pooler: Pooler, tmp_path: Path, mode: str) -> None:
    """Locks of a transaction, cursors in pieces, time zones, eight threads on five connections, and news that arrive."""
    given = {
        "DATABASE_URL": pooler.through(mode, server.app), "TONGDAI_OWNER_DATABASE_URL": server.owner,
        "TONGDAI_DIRECT_DATABASE_URL": server.app,
    }  # fmt: skip
    with psycopg.connect(server.app, autocommit=True) as listener:
        listener.execute("LISTEN tongdai")
        done = subprocess.run(
            [sys.executable, "-c", ORM], env=environment(tmp_path, **given), capture_output=True, text=True, check=False
        )
        assert done.stdout.strip() == "[0, 1, 2, 3, 4, 5, 6, 7]", done.stderr
        assert [note.payload for note in listener.notifies(timeout=5, stop_after=1)] == ['{"cases": [1022]}']


def test_the_whole_house_works_behind_transaction_pooling(server: CityServer, pooler: Pooler) -> None:
    given = {
        "DATABASE_URL": pooler.through("by_transaction", server.app), "TONGDAI_OWNER_DATABASE_URL": server.owner,
        "TONGDAI_DIRECT_DATABASE_URL": f"{server.app}?application_name=around",
    }  # fmt: skip
    with House(**given, **ONE_CITY) as house, server.connect("tongdai") as link:
        assert house.answers("/") and house.answers("/readyz")
        around = link.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'around'").fetchone()
        assert around and around[0] >= 3  # live listens; the worker listens and fetches
        link.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            " VALUES ('worker', 'platform.worker.sweep', '{\"timestamp\": 1}')"
        )
        done = "SELECT status FROM procrastinate_jobs WHERE args @> '{\"timestamp\": 1}'"
        house.wait_for(lambda: link.execute(done).fetchone()[0] == "succeeded")
