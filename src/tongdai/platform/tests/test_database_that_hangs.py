"""A database that hangs: the page says so within five seconds, whatever it is that hangs, and works again afterwards."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import close_old_connections, connection
from django.http import HttpResponse
from django.test import Client

from tongdai.platform.commands import WEB_PATIENCE
from tongdai.platform.database import postgres
from tongdai.platform.database.backend import base

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/anh/1/"  # a photo that is none: the database is asked, and the page says so


@pytest.fixture(autouse=True)
def patience_of_the_web(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "PATIENCE", float(WEB_PATIENCE))
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"connect_timeout": "3"})
    monkeypatch.setattr(base, "_hangs_until", 0.0)
    yield
    connection.close()


def ask() -> HttpResponse:
    """As a process does; the test client leaves out the look at the connection with which each request begins."""
    close_old_connections()
    return Client(raise_request_exception=False).get(PAGE)


def is_said_in_time() -> None:
    began = time.monotonic()
    answer = ask()
    took = time.monotonic() - began
    assert answer.status_code == 503
    assert "Hệ thống đang tạm ngừng" in answer.content.decode()
    assert answer.headers["Retry-After"] == "10"
    assert took < 5, took


def works_again() -> None:
    deadline = time.monotonic() + 10
    while ask().status_code != 404:
        assert time.monotonic() < deadline
        time.sleep(0.2)


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_a_backend_that_hangs_makes_no_page_wait() -> None:
    assert ask().status_code == 404
    with stopped(backend()):
        is_said_in_time()
    works_again()


def test_a_server_that_takes_nobody_in_makes_no_page_wait() -> None:
    connection.close()
    with stopped(postgres.cluster().pid or 0):
        is_said_in_time()
        began = time.monotonic()
        is_said_in_time()
        assert time.monotonic() - began < 2  # of three seconds: nobody else waits for what was just found to hang
    works_again()


def test_a_session_that_cannot_be_saved_is_a_database_away_not_a_broken_page(settings) -> None:
    """Beyond the view, where no middleware of ours looks."""
    settings.SESSION_SAVE_EVERY_REQUEST = True
    client = Client(raise_request_exception=False)
    session = client.session
    session["a"] = 1
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    assert client.get("/quy-tac/").status_code == 200  # asks nothing itself
    with stopped(backend()):
        assert client.get("/quy-tac/").status_code == 503
    connection.close()
    base._hangs_until = 0.0


def test_a_network_that_swallows_everything_makes_no_page_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    with Valve(Path(connection.settings_dict["HOST"])) as valve:
        monkeypatch.setitem(connection.settings_dict, "HOST", str(valve.folder))
        assert ask().status_code == 404
        valve.shut()
        is_said_in_time()
        base._hangs_until = 0.0
        is_said_in_time()  # and who connects anew
        valve.open()
        works_again()
        connection.close()


def test_a_statement_that_works_is_not_cut_short_where_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "PATIENCE", 0)
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'done' FROM pg_sleep(4)")
        assert cursor.fetchone() == ("done",)


def test_what_took_too_long_does_not_go_on_in_the_server() -> None:
    from django.db import OperationalError

    pid = backend()
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(60)")
    connection.close()
    base._hangs_until = 0.0
    with postgres.cluster().connect() as link:
        deadline = time.monotonic() + 5
        while link.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone():
            assert time.monotonic() < deadline
            time.sleep(0.1)


class Valve:
    """A socket before the server's that can be shut: connections stand, nothing passes."""

    def __init__(self, behind: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="valve-"))
        self._behind = behind / ".s.PGSQL.5432"
        self._open = threading.Event()
        self._open.set()
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(self.folder / ".s.PGSQL.5432"))
        self._door.listen(50)

    def __enter__(self) -> Valve:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.set()
        self._door.close()

    def shut(self) -> None:
        self._open.clear()

    def open(self) -> None:
        self._open.set()

    def _accept(self) -> None:
        while True:
            try:
                ours, _ = self._door.accept()
            except OSError:
                return
            theirs = socket.socket(socket.AF_UNIX)
            theirs.connect(str(self._behind))
            for one, other in ((ours, theirs), (theirs, ours)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while octets := one.recv(65536):
                self._open.wait()
                other.sendall(octets)
        except OSError:
            pass
        for each in (one, other):
            each.close()
