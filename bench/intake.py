"""`make bench NAME=intake`: a whole report by the form's own POST, against a bare WSGI function writing the same rows.

Both under Granian with the same processes and threads, on one durable database, 16 connections, in turns.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from tongdai.platform.database.postgres import Cluster

from .browsers import Tally, post_all, report_maker
from .figures import Figures, arguments, percentile

LIMIT = 0.20
TURNS, SECONDS, CONNECTIONS = 3, 5.0, 16


def main() -> int:
    given = arguments(str(__doc__)).parse_args()
    home = Path(tempfile.mkdtemp(prefix="tongdai-bench-"))
    home.chmod(0o755)
    os.environ |= {"TONGDAI_HOME": str(home), "TONGDAI_PORT": str(_free_port()), "TONGDAI_LIVE_PORT": str(_free_port())}
    os.environ.pop("DATABASE_URL", None)
    try:
        return _measure(given.json)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _measure(file: Path | None) -> int:
    from tongdai.platform.database import postgres
    from tongdai.platform.processes.bootstrap import ready

    with ready(as_owner=True):
        from tongdai.cases.actions.register import OPEN_A_CASE

        _city()
        it, port, bare_port = postgres.cluster(), int(os.environ["TONGDAI_PORT"]), _free_port()
        where = it.settings()
        conninfo = f"host={where['HOST']} dbname={where['NAME']} user={where['USER']} password={where['PASSWORD']}"
        statement = Path(os.environ["TONGDAI_HOME"]) / "statement.sql"
        statement.write_text(OPEN_A_CASE)
        measure = {"BENCH_CONNINFO": conninfo, "BENCH_STATEMENT": str(statement)}
        ours: list[Tally] = []
        bare: list[Tally] = []
        with _served(["-m", "tongdai", "run", "web"], port), _served(_bare(bare_port), bare_port, **measure):
            make, make_bare = report_maker(port), report_maker(port)
            for turn in range(TURNS + 1):
                for tallies, at, request in ((bare, bare_port, make_bare), (ours, port, make)):
                    tally = post_all(at, connections=CONNECTIONS, seconds=SECONDS if turn else 2.0, request=request)
                    if turn:
                        tallies.append(tally)
                        print(f"{'bare' if tallies is bare else 'ours'} {tally.per_second:.0f}/s", flush=True)
        return _figures(ours, bare, pgbench=_pgbench(it)).publish(file)


def _figures(ours: list[Tally], bare: list[Tally], *, pgbench: float) -> Figures:
    from tongdai.cases.models import Case

    codes = [code for tally in ours for code in tally.codes]
    kept = set(Case.objects.filter(code__in=codes).values_list("code", flat=True))
    times = [each for tally in ours for each in tally.times]
    value, measure = median(t.per_second for t in ours), median(t.per_second for t in bare)
    return Figures(
        name="intake",
        value=value,
        unit="reports/s",
        limit=LIMIT,
        ratio=value / measure,
        p50_ms=1000 * percentile(times, 0.5),
        p99_ms=1000 * percentile(times, 0.99),
        lost=len(set(codes) - kept),
        doubled=len(codes) - len(set(codes)),
        failed=sum(tally.failed for tally in [*ours, *bare]),
        extra={"bare_per_s": measure, "queries": _queries(), "pgbench": pgbench},
    )


def _queries() -> int:
    """How many statements one report costs, counted at the driver, whoever sends them."""
    import psycopg
    from django.conf import settings
    from django.test import Client

    from .browsers import FIELDS

    settings.ALLOWED_HOSTS = ["*"]
    sent, execute = [], psycopg.Cursor.execute

    def counted(cursor: Any, query: Any, *more: Any, **named: Any) -> Any:
        sent.append(query)
        return execute(cursor, query, *more, **named)

    for key, phone in (("a" * 22, "0912345678"), ("b" * 22, "0912345679")):
        sent.clear()
        psycopg.Cursor.execute = counted  # type: ignore[method-assign, assignment]
        try:
            Client().post("/phan-anh/", FIELDS | {"key": key, "phone": phone})
        finally:
            psycopg.Cursor.execute = execute  # type: ignore[method-assign]
    return len(sent)


def _pgbench(it: Cluster) -> float:
    """Transactions a second of the same statement by pgbench: 16 clients, durable."""
    import psycopg

    from tongdai.cases.actions.register import OPEN_A_CASE
    from tongdai.platform.database import postgres

    from .bare_wsgi_values import values

    with it.connect() as link:
        said = psycopg.ClientCursor(link).mogrify(OPEN_A_CASE, values("@code@") | {"key": "@key@", "phone": "@phone@"})
    said = said.replace("'@code@'", "lpad(:n::text, 11, '0')").replace("'@key@'", "'pgbench:' || :n")
    said = said.replace("'@phone@'", "'+84' || :n")
    script = Path(os.environ["TONGDAI_HOME"]) / "pgbench.sql"
    script.write_text(f"\\set n random(1, 99999999999)\n{said.strip()};\n".replace("\n\n", "\n"))
    where = it.settings(as_owner=True)
    run = subprocess.run(
        [postgres.binaries() / "pgbench", "-n", "-h", where["HOST"], "-U", where["USER"], "-c", "16", "-j", "2", "-T", "6",
         "-f", script, where["NAME"]],
        env=os.environ | {"PGPASSWORD": where["PASSWORD"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", run.stdout)
    return float(found[1]) if found else 0.0


def _city() -> None:
    """Today's demo city without its cases: topics, wards and agencies, as a real report meets them."""
    from tongdai.directory.places.loading import load_province
    from tongdai.platform.database.installation import install
    from tongdai.scenarios.today import city

    install()
    load_province("31")
    city.build()


def _bare(port: int) -> list[str]:
    from tongdai.platform.processes.services import WEB_THREADS, WEB_WORKERS

    same = ["--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS), "--backlog", "1024"]
    where = ["--host", "127.0.0.1", "--port", str(port), "--log-level", "error"]
    return ["-m", "granian", "--interface", "wsgi", *same, *where, "bench.bare_wsgi:application"]


@contextmanager
def _served(command: list[str], port: int, **environment: str) -> Iterator[None]:
    """A server of its own for as long as needed, listening when the block begins."""
    clean = {name: value for name, value in os.environ.items() if name != "TONGDAI_DATABASE_AS"}
    server = subprocess.Popen([sys.executable, *command], env=clean | environment, start_new_session=True)
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        time.sleep(1)
        yield
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=15)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
