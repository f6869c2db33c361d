"""The measure of `bench intake`: a bare WSGI function that writes the same rows as a report, in the same one statement."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from psycopg.types.string import StrDumper
from psycopg_pool import ConnectionPool

from tongdai.cases.codes import new_code

from .bare_wsgi_values import values

STATEMENT = Path(os.environ["BENCH_STATEMENT"]).read_text()
_pool = ConnectionPool(os.environ["BENCH_CONNINFO"], min_size=1, max_size=8, kwargs={"autocommit": True})


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    environ["wsgi.input"].read()
    code = new_code()
    with _pool.connection() as link:
        link.adapters.register_dumper(str, StrDumper)
        link.execute(STATEMENT, values(code), prepare=True)
    start_response("303 See Other", [("Location", f"/phan-anh/da-gui/?ma={code}"), ("Content-Length", "0")])
    return [b""]
