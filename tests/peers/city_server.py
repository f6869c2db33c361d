"""A PostgreSQL of the city's own: Debian's, on a port, with TLS of a CA made for this run."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest

from tests.house import free_port
from tongdai.platform.database import provisioning

DEBIANS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
ADMIN, SECRET = "chief", "only for an afternoon"


class CityServer:
    """Started with the object; `stop` it. `admin`, `app` and `owner` are addresses without parameters."""

    def __init__(self) -> None:
        if not DEBIANS:
            pytest.skip("no PostgreSQL of Debian's here")
        self.binaries, self.port = DEBIANS[-1], free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="tongdai-city-"))
        self.folder.chmod(0o755)
        self.user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._make_certificates()
        self._make()
        self.process = self._start()
        self.admin = f"postgresql://{ADMIN}:{SECRET.replace(' ', '%20')}@localhost:{self.port}/postgres"
        self.addresses = provisioning.prepare(f"{self.admin}?{self.guarded}", provisioning.Plan())

    @property
    def guarded(self) -> str:
        return f"sslmode=verify-full&sslrootcert={self.folder}/ca.pem"

    @property
    def app(self) -> str:
        return self.addresses["DATABASE_URL"].split("?")[0]

    @property
    def owner(self) -> str:
        return self.addresses["TONGDAI_OWNER_DATABASE_URL"].split("?")[0]

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.admin, dbname=database, autocommit=True)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)  # fast: whoever is still connected is cut off
        self.process.wait(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self) -> subprocess.Popen[bytes]:
        tls = [
            "-c",
            "ssl=on",
            "-c",
            f"ssl_cert_file={self.folder}/server.pem",
            "-c",
            f"ssl_key_file={self.folder}/server.key",
        ]
        place = [
            "-c",
            f"port={self.port}",
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            f"unix_socket_directories={self.folder}",
        ]
        quick = ["-c", "fsync=off", "-c", "synchronous_commit=off"]
        process = subprocess.Popen(
            [self.binaries / "postgres", "-D", self.folder / "data", *tls, *place, *quick],
            stdout=subprocess.DEVNULL, stderr=(self.folder / "log").open("wb"), **self._as(),
        )  # fmt: skip
        subprocess.run(
            [self.binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-t", "30"], check=False
        )
        for _ in range(300):
            try:
                psycopg.connect(
                    host="127.0.0.1", port=self.port, user=ADMIN, password=SECRET, dbname="postgres"
                ).close()
            except psycopg.OperationalError:
                subprocess.run(["sleep", "0.1"], check=True)
            else:
                return process
        raise AssertionError((self.folder / "log").read_text())

    def _make(self) -> None:
        password = self.folder / "password"
        password.write_text(SECRET)
        (self.folder / "data").mkdir(mode=0o700)
        self._own(self.folder, self.folder / "data", password)
        subprocess.run(
            [self.binaries / "initdb", "-D", self.folder / "data", "-U", ADMIN, "-E", "UTF8", "--no-locale",
             "-A", "scram-sha-256", f"--pwfile={password}", "--no-sync"],
            check=True, capture_output=True, **self._as(),
        )  # fmt: skip

    def _make_certificates(self) -> None:
        for name in ("ca", "stranger"):
            self._openssl(name, "-addext", "basicConstraints=critical,CA:TRUE", "-subj", f"/CN={name}")
        signed = ["-CA", f"{self.folder}/ca.pem", "-CAkey", f"{self.folder}/ca.key"]
        self._openssl("server", *signed, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
        (self.folder / "server.key").chmod(0o600)
        self._own(self.folder / "server.key")

    def _openssl(self, name: str, *more: str) -> None:
        files = ["-keyout", f"{self.folder}/{name}.key", "-out", f"{self.folder}/{name}.pem"]
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        subprocess.run(["openssl", "req", "-x509", *key, *files, *more], check=True, capture_output=True)

    def _own(self, *paths: Path) -> None:
        for path in paths if self.user else ():
            os.chown(path, self.user.pw_uid, self.user.pw_gid)  # type: ignore[union-attr]

    def _as(self) -> dict[str, object]:
        found = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        return {"cwd": "/", **found}


def environment(home: Path, **given: str) -> Mapping[str, str]:
    """Of a process in that home, with nothing of the tests' own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TONGDAI_", "DATABASE_", "PG"))}
    clean["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    return {**clean, "TONGDAI_HOME": str(home), "COLUMNS": "400", **given}


def tongdai(*arguments: str, home: Path, within: float = 600, **given: str) -> subprocess.CompletedProcess[str]:
    """A command of ours in that home."""
    return subprocess.run(
        [sys.executable, "-m", "tongdai", *arguments],
        env=environment(home, **given), capture_output=True, text=True, timeout=within, check=False,
    )  # fmt: skip
