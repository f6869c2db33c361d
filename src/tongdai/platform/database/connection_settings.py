"""How we connect: to the embedded server of this home, or to the city's own by `DATABASE_URL`.

One place reads the addresses, and every connection is made of what it read: Django's, the worker's pool, those that
LISTEN and NOTIFY, pg_dump's. So no parameter (`sslmode=verify-full`!) is lost on the way to one of them.
"""

from __future__ import annotations

import os
import re
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from ..errors import CannotStart
from . import postgres

OWNER_URL, DIRECT_URL = "TONGDAI_OWNER_DATABASE_URL", "TONGDAI_DIRECT_DATABASE_URL"
DIRECTLY = "TONGDAI_DATABASE_DIRECT"  # set for the processes that hold locks and listen: no transaction pooler between
# A server that went away without a word is noticed: new connections in 3 s, those that stand in a quarter of a minute.
WATCHFUL = {
    "connect_timeout": "3",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",  # milliseconds
}
_DJANGOS = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
_USUAL: dict[str, Any] = {
    "ENGINE": "tongdai.platform.database.backend",
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
}


def database(url: str, *, as_owner: bool, app_role: str, patience: float) -> dict[str, Any]:
    """Django's settings of the one database. `patience`: seconds a statement may take here; 0: as long as it wants.

    Embedded: two logins. By URL: `TONGDAI_OWNER_DATABASE_URL` if the owner has a login of its own, else one login that
    steps down to the processes' role on every connection.

    Raises:
        CannotStart: an address can't be read, in words.
    """
    usual = {**_USUAL, "PATIENCE": patience}
    if not url:
        return {**usual, **postgres.cluster().settings(as_owner=as_owner), "OPTIONS": dict(WATCHFUL)}
    if as_owner:
        return {**usual, **_in_django_words(read(*_owners(url)))}
    if os.environ.get(DIRECTLY) and direct_url():
        return {**usual, **_in_django_words(_process(DIRECT_URL, direct_url(), app_role))}
    pooled = {
        "DISABLE_SERVER_SIDE_CURSORS": bool(direct_url())
    }  # a cursor would stay behind in the pooler's connection
    return {**usual, **pooled, **_in_django_words(_process("DATABASE_URL", url, app_role))}


def read_again(*, as_owner: bool | None = None) -> None:
    """Take up what the environment says of the connections now, before the first of them is made.

    `as_owner`: whose they are from now on; None: as it was.
    """
    from django.conf import settings
    from django.db import connections

    settings.AS_OWNER = settings.AS_OWNER if as_owner is None else as_owner
    settings.DATABASE_PATIENCE = float(os.environ.get("TONGDAI_DATABASE_PATIENCE") or 0)
    connections.settings["default"].update(
        database(
            settings.DATABASE_URL,
            as_owner=settings.AS_OWNER,
            app_role=settings.APP_ROLE,
            patience=settings.DATABASE_PATIENCE,
        )
    )


def parameters(*, directly: bool = False) -> dict[str, Any]:
    """What a connection of our own is made with, in keywords of psycopg's: all that Django's has.

    `directly`: it LISTENs, or takes locks that last; by TONGDAI_DIRECT_DATABASE_URL where there is one.
    """
    from django.conf import settings
    from django.db import connection

    if directly and direct_url() and not settings.AS_OWNER:
        return of_processes(directly=True)
    found = connection.get_connection_params()
    return {name: value for name, value in found.items() if name not in ("cursor_factory", "context")}


def of_processes(*, directly: bool = False) -> dict[str, Any]:
    """The same for a server of the city's own, as the processes log in, whoever we are now."""
    from django.conf import settings

    variable, url = (DIRECT_URL, direct_url()) if directly else ("DATABASE_URL", settings.DATABASE_URL)
    return {**_process(variable, url, settings.APP_ROLE), "client_encoding": "UTF8", "prepare_threshold": None}


def read(variable: str, url: str) -> dict[str, str]:
    """All that an address says (libpq's own reading), with what makes a connection watchful where it says nothing.

    Raises:
        CannotStart: libpq can't read it; the password is not repeated.
    """
    try:
        found = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    except psycopg.Error as wrong:
        why = re.sub(r'"[^"]*@[^"]*"', '"…"', str(wrong).strip()).replace(url, "…")
        raise CannotStart(
            f"{variable} không đọc được: {why}. Dạng đúng: postgresql://tên:mật-khẩu@máy:5432/cơ-sở?sslmode=verify-full. "
            f"/ {variable} can't be read: {why}. Its form: postgresql://user:password@host:5432/name?sslmode=verify-full"
        ) from None
    return {**WATCHFUL, **found}


def owner_url() -> str:
    """Where the owner has a login of its own, else empty."""
    return os.environ.get(OWNER_URL, "")


def direct_url() -> str:
    """The way around a pooler, else empty."""
    return os.environ.get(DIRECT_URL, "")


def app_role(url: str, *, given: str) -> str:
    """The role the processes work as: whom DATABASE_URL logs in where the owner has a login of its own."""
    if given or not (url and owner_url()):
        return given or postgres.APP
    return read("DATABASE_URL", url).get("user", postgres.APP)


def _owners(url: str) -> tuple[str, str]:
    return (OWNER_URL, owner_url()) if owner_url() else ("DATABASE_URL", url)


def _process(variable: str, url: str, app_role: str) -> dict[str, str]:
    """One login for both: it steps down on every connection."""
    found = read(variable, url)
    if not owner_url():
        found["options"] = f"{found.get('options', '')} -c role={app_role}".strip()
    return found


def _in_django_words(found: dict[str, str]) -> dict[str, Any]:
    named: dict[str, Any] = {theirs: found.get(name, "") for name, theirs in _DJANGOS.items()}
    named["NAME"] = named["NAME"] or ("" if "service" in found else named["USER"])
    return {**named, "OPTIONS": {name: value for name, value in found.items() if name not in _DJANGOS}}
