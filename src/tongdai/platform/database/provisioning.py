"""`tongdai database prepare`: a database and two logins on the city's own PostgreSQL, each with the least it needs.

The owner migrates, backs up and restores, and owns nothing else on that server; the processes work as a login that can
neither change the tables nor what has happened (docs/adr/0014). What is run is what `--sql` prints.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from ..errors import CannotStart
from .connection_settings import OWNER_URL, read
from .postgres import APP, DATABASE, OWNER

RIGHTS = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
UNKNOWN = "…"  # stands for the password of a login that was there before: only its owner knows it


@dataclass(frozen=True)
class Plan:
    """What is to be there in the end."""

    database: str = DATABASE
    owner: str = OWNER
    app: str = APP


def script(plan: Plan) -> str:
    """For whoever administers the server, to be read and run by psql; the passwords are typed there."""
    lines = [
        f"-- Tổng đài 1022: {plan.database}, {plan.owner} (chủ / owner), {plan.app} (các tiến trình / the processes).",
        "-- psql -d postgres -f …; rồi gõ hai mật khẩu / then type the two passwords.",
        *(f"{each};" for each in _written(_on_the_server(plan))),
        *(f"\\password {role}" for role in (plan.owner, plan.app)),
        f"\\connect {_ident(plan.database)}",
        *(f"{each};" for each in _written(_in_the_database(plan))),
    ]
    return "\n".join(lines) + "\n"


def prepare(admin_url: str, plan: Plan) -> dict[str, str]:
    """Do it, and again where some of it is there; what to put into the environment (passwords are shown this once).

    Raises:
        CannotStart: the server can't be reached, or this login may not do it; in words.
    """
    where = read("TONGDAI_ADMIN_DATABASE_URL", admin_url)
    passwords: dict[str, str] = {}
    try:
        with psycopg.connect(**{"dbname": "postgres", **where}, autocommit=True) as link:  # type: ignore[arg-type]
            _make_roles(link, plan, passwords)
            if not _there(link, "SELECT 1 FROM pg_database WHERE datname = %s", plan.database):
                link.execute(_create_database(plan))
            link.execute(_nobody_else(plan))
            link.execute(_may_connect(plan))
        with psycopg.connect(**{**where, "dbname": plan.database}, autocommit=True) as link:  # type: ignore[arg-type]
            for statement in _in_the_database(plan):
                link.execute(statement)
    except psycopg.Error as error:
        why = str(error).strip().splitlines()[0]
        raise CannotStart(
            f"PostgreSQL từ chối: {why}. Dùng tài khoản quản trị, hoặc đưa `tongdai database prepare --sql` cho người quản trị. / "
            f"PostgreSQL refused: {why}. Use an administrator's login, or hand `tongdai database prepare --sql` to one."
        ) from None
    return {
        "DATABASE_URL": _address(admin_url, plan.database, plan.app, passwords.get(plan.app)),
        OWNER_URL: _address(admin_url, plan.database, plan.owner, passwords.get(plan.owner)),
    }


def _make_roles(link: psycopg.Connection[Any], plan: Plan, passwords: dict[str, str]) -> None:
    """One that is there keeps its password."""
    for role in (plan.owner, plan.app):
        if _there(link, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
            continue
        passwords[role] = secrets.token_urlsafe(24)
        link.execute(_create_role(role))
        link.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(passwords[role])))
    link.execute(_steps_down(plan))


def _on_the_server(plan: Plan) -> Iterator[sql.Composed]:
    yield _create_role(plan.owner)
    yield _create_role(plan.app)
    yield _steps_down(plan)
    yield _create_database(plan)
    yield _nobody_else(plan)
    yield _may_connect(plan)


def _in_the_database(plan: Plan) -> Iterator[sql.Composed]:
    names = {"owner": sql.Identifier(plan.owner), "app": sql.Identifier(plan.app)}
    yield sql.SQL("ALTER SCHEMA public OWNER TO {owner}").format(**names)
    yield sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC").format(**names)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {app}").format(**names)


def _create_role(role: str) -> sql.Composed:
    return sql.SQL("CREATE ROLE {} LOGIN " + RIGHTS).format(sql.Identifier(role))


def _steps_down(plan: Plan) -> sql.Composed:
    """So that a city with one login for both (DATABASE_URL alone) can step down on every connection."""
    return sql.SQL("GRANT {} TO {}").format(sql.Identifier(plan.app), sql.Identifier(plan.owner))


def _create_database(plan: Plan) -> sql.Composed:
    """Vietnamese order comes from `sort_key` columns (docs/adr/0013), so the server's is the plain one."""
    words = "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
    return sql.SQL(words).format(sql.Identifier(plan.database), sql.Identifier(plan.owner))


def _nobody_else(plan: Plan) -> sql.Composed:
    return sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(plan.database))


def _may_connect(plan: Plan) -> sql.Composed:
    return sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(plan.database), sql.Identifier(plan.app))


def _there(link: psycopg.Connection[Any], question: str, name: str) -> bool:
    return link.execute(question, [name]).fetchone() is not None


def _written(statements: Iterator[sql.Composed]) -> list[str]:
    return [each.as_string() for each in statements]


def _ident(name: str) -> str:
    return sql.Identifier(name).as_string()


def _address(admin_url: str, database: str, user: str, password: str | None) -> str:
    """The administrator's address with another login; how the connection is guarded (sslmode …) stays the same."""
    found = {name: str(value) for name, value in conninfo_to_dict(admin_url).items()}
    host, port = found.pop("host", ""), found.pop("port", "")
    for own in ("user", "password", "dbname", "passfile", "sslcert", "sslkey", "sslpassword", "service"):
        found.pop(own, None)
    given = (
        {"host": host, **({"port": port} if port else {}), **found} if host.startswith("/") or "," in host else found
    )
    place = "" if given is not found else host + (f":{port}" if port else "")
    secret = quote(password, safe="") if password else UNKNOWN
    return f"postgresql://{quote(user, safe='')}:{secret}@{place}/{quote(database, safe='')}" + (
        f"?{urlencode(given, quote_via=quote)}" if given else ""
    )
