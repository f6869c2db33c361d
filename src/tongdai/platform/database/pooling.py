"""A pooler (PgBouncer) between us and PostgreSQL: which kind it is, and whether the house can work through it.

Session pooling: everything works, with a login of the processes' own. Transaction pooling: pages work through it, and
what LISTENs or holds a lock goes around it by TONGDAI_DIRECT_DATABASE_URL. Anything else is refused in words, for it
would work by halves: texts sent by two processes at once, screens that never hear anything, pages that write as owner.
"""

from __future__ import annotations

from typing import Any, Literal

import psycopg

from ..errors import CannotStart
from . import connection_settings
from .backend.base import PatientConnection

Kind = Literal["none", "session", "transaction"]
LOOKS = 3
OURS_WITHIN = 3  # seconds a pooler has to give us a second connection


def look(where: dict[str, Any]) -> Kind:
    """What stands between: by the number of the server's process, which a pooler makes up for its clients.

    Raises:
        psycopg.Error: the database is away.
    """
    with psycopg.connect(**where, autocommit=True) as first:
        before = _pid(first)
        if before == first.info.backend_pid:
            return "none"
        try:
            with PatientConnection.connect(**{**where, "connect_timeout": OURS_WITHIN}, autocommit=True) as second:
                second.patience = OURS_WITHIN
                for _ in range(LOOKS):
                    second.execute("BEGIN")  # holds the server's connection that was free: the first one's?
                    if _pid(second) == before or _pid(first) != before:
                        return "transaction"
                    second.execute("COMMIT")
        except psycopg.errors.ProtocolViolation:
            return "transaction"  # statement pooling: not even a transaction is kept
        except psycopg.OperationalError:
            return "session"  # the pool has no second one: the first is ours alone
    return "session"


def check_owner() -> None:
    """Whether the owner's connection (Django's, now) can migrate, back up and restore.

    Raises:
        CannotStart: it can't, with what to set.
    """
    if _look(connection_settings.parameters()) == "transaction":
        raise CannotStart(_OWNER_POOLED)


def check_processes() -> None:
    """Whether the processes can work as they are configured; one that is away is waited for, as always.

    Raises:
        CannotStart: they can't, with what to set.
    """
    kind = _look(connection_settings.of_processes())
    if kind != "none" and not connection_settings.owner_url():
        raise CannotStart(_ONE_LOGIN)
    if kind == "transaction" and (
        not connection_settings.direct_url() or _look(connection_settings.of_processes(directly=True)) == "transaction"
    ):
        raise CannotStart(_NO_WAY_AROUND)


def _look(where: dict[str, Any]) -> Kind:
    try:
        return look(where)
    except psycopg.Error as error:
        if "unsupported startup parameter" in str(error):  # PgBouncer's: the step down to the processes' role
            raise CannotStart(_ONE_LOGIN) from None
        return "none"


def _pid(link: psycopg.Connection[Any]) -> int:
    row = link.execute("SELECT pg_backend_pid()", prepare=False).fetchone()
    return int(row[0]) if row else 0


_ONE_LOGIN = (
    "Qua PgBouncer thì chủ cơ sở dữ liệu và các tiến trình phải có hai tài khoản riêng: đặt TONGDAI_OWNER_DATABASE_URL "
    "(`tongdai database prepare` tạo cả hai). / Through PgBouncer the owner and the processes need a login each: set "
    "TONGDAI_OWNER_DATABASE_URL (`tongdai database prepare` makes both)."
)
_NO_WAY_AROUND = (
    "PgBouncer đang gộp theo giao dịch (pool_mode=transaction): worker, sms, voice và màn hình trực tiếp cần một đường đi "
    "thẳng. Đặt TONGDAI_DIRECT_DATABASE_URL tới PostgreSQL (hoặc một cổng pool_mode=session). / PgBouncer pools by "
    "transaction: worker, sms, voice and live screens need a way around it. Set TONGDAI_DIRECT_DATABASE_URL to PostgreSQL "
    "itself (or to a pool_mode=session)."
)
_OWNER_POOLED = (
    "Chủ cơ sở dữ liệu không được đi qua PgBouncer gộp theo giao dịch: đặt TONGDAI_OWNER_DATABASE_URL tới thẳng PostgreSQL. "
    "/ The owner can't work through transaction pooling: set TONGDAI_OWNER_DATABASE_URL to PostgreSQL itself."
)
