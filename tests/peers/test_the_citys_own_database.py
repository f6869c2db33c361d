"""A PostgreSQL of the city's own: guarded by TLS on every connection, with two logins that may do the least they need."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import tongdai as package
from tests.house import free_port

from .city_server import CityServer, environment, tongdai

ROOT = Path(package.__file__).parent
EVERY_KIND = """
import asyncio, json, os, pathlib, tempfile, threading
os.environ["DJANGO_SETTINGS_MODULE"] = "tongdai.platform.settings"
import django
django.setup()
from contextlib import aclosing
from django.db import connection
from procrastinate.contrib.django import app
from tongdai.platform import wake
from tongdai.platform.database import connection_settings, pooling, provisioning
from tongdai.platform.backups import dumping

SSL = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"

def django_s():
    with connection.cursor() as cursor:
        cursor.execute(SSL)
        return cursor.fetchone()[0]

def wake_s():
    bell = wake._Bell()
    bell._where = connection_settings.parameters()
    bell._notify({"cases": {1}}, set())
    if bell._link is None:
        raise OSError("no link")  # it swallows what went wrong: listeners poll
    return bell._link.execute(SSL).fetchone()[0]

async def pool_s():
    connector = app.connector.get_worker_connector()
    pool = await connector._create_pool(connector._pool_args)
    await pool.open(wait=True, timeout=4)
    await connector.open_async(pool)
    return (await connector.execute_query_one_async(SSL))["ssl"]

async def workers_listening_s():
    worker = app.with_connector(app.connector.get_worker_connector())
    pool = await worker.connector._create_pool(worker.connector._pool_args)
    worker.connector._async_pool = pool
    async with worker.connector._get_standalone_connection() as link:
        return (await (await link.execute(SSL)).fetchone())[0]

async def live_and_voice_s():
    async with aclosing(wake.listen(connection_settings.parameters(directly=True))) as news:
        async for said in news:
            return said == {}

def pooling_s():
    return pooling.look(connection_settings.of_processes()) == "none"

def pg_dump_s():
    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile() as log:
        with dumping._connected(connection_settings.of_processes()) as where:
            import subprocess
            tool = dumping.find("pg_dump", server=%(server)d, where=connection_settings.of_processes())
            psql = tool.replace("pg_dump", "psql")
            done = subprocess.run([tool, "--dbname=service=tongdai", "--schema-only"], env=where, capture_output=True, text=True)
            if done.returncode: raise OSError(done.stderr)
            said = subprocess.run([psql, "-XAtc", SSL, "service=tongdai"], env=where, capture_output=True, text=True)
            return said.stdout.strip() == "t"

def preparing_s():
    provisioning.prepare(os.environ["ADMIN"], provisioning.Plan())
    return True

def tried(kind):
    try:
        found = kind()
        return "ok" if (asyncio.run(found) if asyncio.iscoroutine(found) else found) else "no TLS"
    except Exception as error:
        return f"{type(error).__name__}: {error}"

kinds = [django_s, wake_s, pool_s, workers_listening_s, live_and_voice_s, pooling_s, pg_dump_s, preparing_s]
print(json.dumps({kind.__name__: tried(kind) for kind in kinds}))
os._exit(0)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[CityServer]:
    it = CityServer()
    yield it
    it.stop()


def every_kind(server: CityServer, home: Path, parameters: str, *, one_login: bool = False) -> dict[str, str]:
    """What each kind of connection comes to with these parameters."""
    addresses = {"DATABASE_URL": f"{server.owner if one_login else server.app}?{parameters}"}
    if not one_login:
        addresses["TONGDAI_OWNER_DATABASE_URL"] = f"{server.owner}?{parameters}"
    with server.connect() as link:
        version = link.info.server_version
    done = subprocess.run(
        [sys.executable, "-c", EVERY_KIND.replace("%(server)d", str(version))],
        env=environment(home, ADMIN=f"{server.admin}?{parameters}", **addresses),
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_every_kind_of_connection_checks_the_servers_certificate(server: CityServer, tmp_path: Path) -> None:
    right = every_kind(server, tmp_path, server.guarded)
    assert len(right) == 8
    assert set(right.values()) == {"ok"}, right


def test_no_kind_of_connection_speaks_to_a_server_of_a_strange_ca(server: CityServer, tmp_path: Path) -> None:
    wrong = every_kind(server, tmp_path, f"sslmode=verify-full&sslrootcert={server.folder}/stranger.pem")
    assert len(wrong) == 8
    refused = re.compile("certificate verify failed|PoolTimeout|no link")
    assert [kind for kind, said in wrong.items() if not refused.search(said)] == [], wrong


def test_one_login_keeps_its_parameters_beside_the_step_down(server: CityServer, tmp_path: Path) -> None:
    """`options` of the address and our own `role` stand beside each other."""
    ask = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'tongdai.platform.settings'; import django; django.setup()\n"
        "from django.db import connection\n"
        "with connection.cursor() as cursor:\n"
        "    cursor.execute(\"SELECT current_user, session_user, current_setting('statement_timeout')\")\n"
        "    print(*cursor.fetchone())"
    )
    url = f"{server.owner}?{server.guarded}&options=-c%20statement_timeout%3D7s"
    done = subprocess.run(
        [sys.executable, "-c", ask],
        env=environment(tmp_path, DATABASE_URL=url),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["tongdai_app", "tongdai", "7s"], done.stderr


def test_no_connection_is_made_of_anything_but_the_address_as_it_was_read() -> None:
    """Whoever opens one more kind of connection adds it here, and to EVERY_KIND."""
    opens = re.compile(r"psycopg\.connect\(|AsyncConnection\.connect\(|ConnectionPool\(|PatientConnection\.connect\(")
    found = {
        str(path.relative_to(ROOT)): len(opens.findall(path.read_text()))
        for path in ROOT.rglob("*.py")
        if "tests" not in path.parts and opens.search(path.read_text())
    }
    assert found == {
        "platform/backups/saving.py": 1,
        "platform/database/backend/base.py": 1,
        "platform/database/pooling.py": 2,
        "platform/database/postgres.py": 2,  # the embedded server's, by its own socket
        "platform/database/provisioning.py": 2,
        "platform/wake.py": 2,
    }


def test_a_city_whose_logins_were_prepared_is_migrated_and_no_login_may_do_more_than_it_needs(
    server: CityServer, tmp_path: Path
) -> None:
    addresses = {name: f"{url.split('?')[0]}?{server.guarded}" for name, url in server.addresses.items()}
    migrated = tongdai("migrate", home=tmp_path, **addresses)
    assert migrated.returncode == 0, migrated.stdout + migrated.stderr
    with server.connect() as link:
        rights = "rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls"
        for role in ("tongdai", "tongdai_app"):
            assert link.execute(f"SELECT {rights} FROM pg_roles WHERE rolname = %s", [role]).fetchone() == (False,) * 5
        link.execute("CREATE ROLE passer_by LOGIN PASSWORD 'x'")
    passer_by = server.app.replace(server.app.split("//")[1].split("@")[0], "passer_by:x")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(passer_by)
    with psycopg.connect(server.app, autocommit=True) as link:
        for statement in (
            "CREATE TABLE mine (x int)", "CREATE TEMP TABLE mine (x int)", "DROP TABLE cases_case", "TRUNCATE cases_event",
            "UPDATE cases_event SET seq = 0", "DELETE FROM django_migrations", "UPDATE platform_installation SET demo = true",
            "ALTER TABLE cases_case DISABLE TRIGGER ALL", "CREATE ROLE friend", "COPY cases_case TO PROGRAM 'id'",
        ):  # fmt: skip
            with pytest.raises(psycopg.Error, match="permission denied|must be owner|must be superuser|permission to"):
                link.execute(statement)  # type: ignore[arg-type]
        assert link.execute("SELECT count(*) FROM cases_case").fetchone() == (0,)


def test_the_sql_for_the_dba_makes_what_the_command_makes(server: CityServer, tmp_path: Path) -> None:
    names = ("--name", "other", "--owner", "other_owner", "--login", "other_app")
    printed = tongdai("database", "prepare", "--sql", *names, home=tmp_path)
    assert printed.returncode == 0, printed.stderr
    assert "PASSWORD" not in printed.stdout
    script = "\n".join(line for line in printed.stdout.splitlines() if not line.startswith("\\password"))
    ran = subprocess.run(
        [server.binaries / "psql", "-X", "-v", "ON_ERROR_STOP=1", server.admin], input=script, text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    with server.connect() as link:
        question = "SELECT has_database_privilege(%s, %s, 'CONNECT'), has_database_privilege(%s, %s, 'TEMP')"
        theirs = link.execute(question, ["other_app", "other", "other_app", "other"]).fetchone()
        ours = link.execute(question, ["tongdai_app", "tongdai", "tongdai_app", "tongdai"]).fetchone()
    assert theirs == ours == (True, False)


def test_who_was_not_prepared_for_is_told_so(server: CityServer, tmp_path: Path) -> None:
    with server.connect() as link:
        link.execute("CREATE ROLE modest LOGIN PASSWORD 'x'")
        link.execute("CREATE DATABASE modest OWNER modest")
    address = f"postgresql://modest:x@localhost:{server.port}/modest"
    refused = tongdai("migrate", home=tmp_path, DATABASE_URL=address, TONGDAI_APP_ROLE="nobody_made_it")
    assert refused.returncode == 1
    assert "tongdai database prepare" in refused.stderr and "Traceback" not in refused.stderr
    refused = tongdai("database", "prepare", "--admin", address, "--login", "one_more", home=tmp_path)
    assert refused.returncode == 1
    assert "--sql" in refused.stderr and "Traceback" not in refused.stderr


def test_what_prepare_prints_is_read_whole_by_a_shell_and_the_second_time_says_why_there_is_no_password(
    server: CityServer, tmp_path: Path
) -> None:
    names = ("--name", "twice", "--owner", "twice_owner", "--login", "twice_app")
    admin = f"{server.admin.split('?')[0]}?{server.guarded}&application_name=thu"
    first, second = (tongdai("database", "prepare", "--admin", admin, *names, home=tmp_path) for _ in range(2))
    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    (tmp_path / "environment").write_text(first.stdout)
    read = subprocess.run(
        ["sh", "-c", 'set -a; . "$0"; echo "$DATABASE_URL $TONGDAI_OWNER_DATABASE_URL"', tmp_path / "environment"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    for address in read.stdout.split():
        assert "application_name=thu" in address and "sslrootcert=" in address
        psycopg.connect(address).close()
    assert "password" not in first.stderr
    assert "…" in second.stdout and "\\password twice_app" in second.stderr


def test_who_may_not_migrate_or_finds_no_server_is_told_so(server: CityServer, tmp_path: Path) -> None:
    with server.connect() as link:
        link.execute("CREATE ROLE guest LOGIN PASSWORD 'x'")
        link.execute("CREATE DATABASE guests")
    for command in ("migrate", "up"):
        ports = {"TONGDAI_PORT": str(free_port()), "TONGDAI_LIVE_PORT": str(free_port())}
        guest = {"DATABASE_URL": f"postgresql://guest:x@localhost:{server.port}/guests"}
        refused = tongdai(command, home=tmp_path, **guest, **ports, TONGDAI_APP_ROLE="guest")
        said = refused.stdout + refused.stderr
        assert refused.returncode == 1 and "Traceback" not in said and "TONGDAI_OWNER_DATABASE_URL" in said, said
        away = {"DATABASE_URL": f"postgresql://guest:x@127.0.0.1:{free_port()}/guests"}
        refused = tongdai(command, home=tmp_path, **away, **ports)
        said = refused.stdout + refused.stderr
        assert refused.returncode == 1 and "Traceback" not in said and "See whether PostgreSQL runs" in said, said


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("mysql://a:pass-word@db/city", "missing"),
        ("postgresql://a:pass-word@db/city?sslmod=verify-full", "sslmod"),
        ("postgresql://a:pass-word@db:54x32/city?options", "options"),
    ],
)
def test_an_address_with_a_mistake_is_refused_in_words_and_its_password_not_repeated(
    tmp_path: Path, address: str, why: str
) -> None:
    refused = tongdai("migrate", home=tmp_path, DATABASE_URL=address)
    assert refused.returncode == 1
    assert why in refused.stderr and "postgresql://user:password@host" in refused.stderr
    assert "pass-word" not in refused.stderr and "Traceback" not in refused.stderr
