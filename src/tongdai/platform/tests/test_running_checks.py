"""What doctor says of a house that runs, and of one whose database is newer than it."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from tongdai.platform import jobs
from tongdai.platform.database import installation, postgres
from tongdai.platform.database.version import product_version, unknown_migrations
from tongdai.platform.errors import CannotStart
from tongdai.platform.monitoring import doctor, health, running_checks
from tongdai.platform.processes import supervisor

pytestmark = pytest.mark.django_db


def waited(seconds: int) -> None:
    """A job that was queued that long ago."""
    with postgres.cluster().connect() as link:
        job = link.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('notify', 'channels.notify.x') RETURNING id"
        ).fetchone()
        link.execute(
            "UPDATE procrastinate_events SET at = now() - make_interval(secs => %s) WHERE job_id = %s",
            [seconds, job[0]],
        )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("seconds", "verdict"), [(5, "ok"), (90, "note"), (700, "wrong")])
def test_a_queue_that_nobody_works_on_is_seen_by_how_old_it_is(seconds: int, verdict: str) -> None:
    waited(seconds)
    jobs.defer("channels.notify.x", schedule_in=timedelta(days=1))  # not due: it waits for nothing
    found, _what, words = running_checks.queue()
    assert found == verdict and words.startswith("1 việc")


def test_jobs_that_were_given_up_are_named() -> None:
    assert running_checks.failed_jobs()[0] == "ok"
    for _ in range(2):
        jobs.defer("channels.notify.tell_the_citizen", event_id=1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    verdict, _what, words = running_checks.failed_jobs()
    assert verdict == "note" and "channels.notify.tell_the_citizen × 2" in words and "tongdai jobs retry" in words


def test_jobs_that_fail_again_and_again_are_named_before_they_are_given_up() -> None:
    jobs.defer("channels.duty.sweep", timestamp=1)
    assert running_checks.failing_jobs()[0] == "ok"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 4")
    verdict, _what, words = running_checks.failing_jobs()
    assert verdict == "wrong" and "channels.duty.sweep × 1 (4 lần / tries)" in words
    assert 'tongdai_jobs_failing{task="channels.duty.sweep"} 1.0' in Client().get("/metrics").content.decode()


@pytest.mark.parametrize(("seconds", "verdict"), [(0, "ok"), (5, "note"), (-5, "note"), (120, "wrong")])
def test_a_clock_that_differs_from_the_databases_is_wrong(
    monkeypatch: pytest.MonkeyPatch, seconds: int, verdict: str
) -> None:
    import time

    real = time.time
    monkeypatch.setattr(running_checks.time, "time", lambda: real() + seconds)
    assert running_checks.clocks()[0] == verdict


def certificate(folder: Path, *, days: int) -> Path:
    """Self-made, for localhost; its key lies beside it."""
    file = folder / f"{days}.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", str(days),
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", file.with_suffix(".key"), "-out", file],
        check=True, capture_output=True,
    )  # fmt: skip
    return file


@contextmanager
def served(file: Path) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, file.with_suffix(".key"))
    with socket.create_server(("127.0.0.1", 0)) as door:

        def answer() -> None:
            try:
                with context.wrap_socket(door.accept()[0], server_side=True) as link:
                    link.recv(1)
            except OSError:
                pass

        threading.Thread(target=answer, daemon=True).start()
        yield door.getsockname()[1]


@pytest.mark.parametrize(("days", "verdict"), [(3, "wrong"), (15, "note"), (90, "ok")])
def test_a_certificate_that_ends_soon_is_said_in_time(
    settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, verdict: str
) -> None:
    file = certificate(tmp_path, days=days)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    settings.CERTIFICATES = [str(file)]
    with served(file) as port:
        settings.PUBLIC_URL = f"https://localhost:{port}"
        seen, filed = running_checks.certificates()
    assert seen[0] == filed[0] == verdict
    assert f"({days - 1} ngày" in seen[2]


def test_a_certificate_that_browsers_refuse_and_a_file_that_is_none_are_wrong(settings, tmp_path: Path) -> None:
    (tmp_path / "none.pem").write_text("Dear Sir")
    settings.CERTIFICATES = [str(tmp_path / "none.pem"), str(tmp_path / "gone.pem")]
    with served(certificate(tmp_path, days=90)) as port:
        settings.PUBLIC_URL = f"https://localhost:{port}"
        assert [verdict for verdict, _what, _words in running_checks.certificates()] == ["wrong", "wrong", "wrong"]


# ── a database that is newer ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def newer() -> Iterator[None]:
    """A later edition has been here."""
    with postgres.cluster().connect() as link:
        link.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '9042_from_tomorrow', now())")
        link.execute("UPDATE platform_installation SET edition = '9.9'")
        yield
        link.execute("DELETE FROM django_migrations WHERE name = '9042_from_tomorrow'")
        link.execute("UPDATE platform_installation SET edition = %s", [product_version()])


def tongdai(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "400", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.run(
        [sys.executable, "-m", "tongdai", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", [("run", "web"), ("migrate",), ("doctor",)])
def test_old_code_refuses_a_newer_database_in_words(newer: None, command: tuple[str, ...]) -> None:
    refused = tongdai(*command)
    assert refused.returncode == 1
    said = refused.stdout + refused.stderr
    assert "edition 9.9" in said and "cases.9042_from_tomorrow" in said and "Nothing was written" in said
    assert "Traceback" not in said


@pytest.mark.django_db(transaction=True)
def test_a_process_that_runs_old_code_on_a_newer_database_is_never_ready(
    newer: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    answer = Client().get("/readyz")
    assert answer.status_code == 503 and "edition" in answer.json()["missing"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_migrated_in_a_newer_database(newer: None) -> None:
    with pytest.raises(CannotStart, match="newer than this program"):
        installation.install()


def test_the_database_knows_which_edition_migrated_it() -> None:
    assert unknown_migrations() == []
    assert installation.Installation.objects.get().edition == product_version()


def test_the_edition_is_said() -> None:
    said = tongdai("--version")
    assert said.returncode == 0 and said.stdout.strip() == f"tongdai {product_version()}"


def test_the_files_of_another_postgresql_are_never_taken_for_an_empty_home(tmp_path: Path) -> None:
    (tmp_path / "17").mkdir()
    (tmp_path / "17" / "PG_VERSION").write_text("17")
    run = postgres.Cluster(data=tmp_path / "18", run=tmp_path / "run", runs_as=None)
    with pytest.raises(CannotStart, match="files of PostgreSQL 17"):
        postgres.make(run)
    assert not (tmp_path / "18").exists()


def test_a_house_without_its_database_is_not_taken_for_another_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "answers", lambda url: url.endswith("/healthz"))
    monkeypatch.setattr(supervisor, "is_taken", lambda _host, _port: True)
    (web,) = [each for each in doctor._addresses() if each.what == "web"]
    assert web.verdict == "wrong" and "it runs, but can't serve" in web.words and "TONGDAI_PORT" not in web.words
