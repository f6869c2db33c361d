"""The embedded server: survives a kill, stops with its parent, lives in odd folders."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tongdai.platform.database import postgres
from tongdai.platform.errors import CannotStart

TALE = """
import os, sys, time
from tongdai.platform.database import postgres
it = postgres.cluster()
postgres.make(it)
server = postgres.launch(it)
postgres.prepare(it)
print(server.pid, it.data, flush=True)
time.sleep(60)
"""


def launch_in(home: Path, **more: object) -> tuple[subprocess.Popen[str], int, Path]:
    """A parent process with its embedded server; (parent, server's pid, data folder)."""
    environment = {**os.environ, "TONGDAI_HOME": str(home), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    parent = subprocess.Popen(
        [python_for_anybody() if more else sys.executable, "-c", textwrap.dedent(TALE)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        **more,
    )  # type: ignore[call-overload]
    line = parent.stdout.readline().split()
    return parent, int(line[0]), Path(line[1])


def python_for_anybody() -> str:
    """An interpreter that an ordinary user may run: this one may lie in a home of mode 700."""
    nobody = pwd.getpwnam("nobody")
    for found in (os.path.realpath(sys.executable), "/usr/bin/python3"):
        if Path(found).exists() and postgres.enters(Path(found).parent, nobody):
            return found
    pytest.skip("no Python here that an ordinary user may run")


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_the_server_stops_when_its_parent_is_killed_and_starts_again_with_every_row(open_folder: Path) -> None:
    parent, server, _ = launch_in(open_folder)
    with as_home(open_folder) as it, it.connect() as link:
        link.execute("CREATE TABLE kept AS SELECT 1022 AS number")
    parent.kill()
    parent.wait()
    assert gone(server)

    parent, server, _ = launch_in(open_folder)
    os.kill(server, signal.SIGKILL)  # the power fails
    parent.kill()
    parent.wait()
    assert gone(server)
    parent, server, _ = launch_in(open_folder)
    with as_home(open_folder) as it, it.connect() as link:
        assert link.execute("SELECT number FROM kept").fetchone() == (1022,)
    parent.kill()
    parent.wait()
    assert gone(server)


def test_a_home_with_a_long_path_will_do(open_folder: Path) -> None:
    home = open_folder / ("n" * 75) / ("m" * 75)
    assert len(str(home)) > 150
    parent, server, _ = launch_in(home)
    parent.kill()
    parent.wait()
    assert gone(server)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_it_runs_for_an_ordinary_user_too(open_folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    os.chown(open_folder, nobody.pw_uid, nobody.pw_gid)
    parent, server, data = launch_in(open_folder, user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[])
    assert Path(f"/proc/{server}").stat().st_uid == nobody.pw_uid
    assert open_folder in data.parents
    parent.kill()
    parent.wait()
    assert gone(server)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's own folders keep the server's user out")
def test_where_the_servers_user_cannot_enter_the_files_lie_elsewhere(tmp_path: Path) -> None:
    closed = tmp_path / "root"
    closed.mkdir(mode=0o700)
    with as_home(closed / "clone" / "var") as it:
        assert closed not in it.data.parents
        assert postgres.enters(Path(str(it.data.parents[1])), pwd.getpwnam("nobody"))


def test_a_disk_without_room_is_said_in_plain_words(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "FREE_BYTES_NEEDED", 2**60)
    with as_home(open_folder) as it, pytest.raises(CannotStart, match="Free some, or set TONGDAI_HOME"):
        postgres.make(it)


class as_home:
    """The cluster of another home, for the length of a block."""

    def __init__(self, home: Path) -> None:
        self.home, self.before = home, os.environ["TONGDAI_HOME"]

    def __enter__(self) -> postgres.Cluster:
        os.environ["TONGDAI_HOME"] = str(self.home)
        return postgres.cluster()

    def __exit__(self, *_: object) -> None:
        os.environ["TONGDAI_HOME"] = self.before


@pytest.fixture
def open_folder() -> Path:
    """A folder anybody may enter (pytest's own are closed to others)."""
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="tongdai-open-"))
    folder.chmod(0o755)
    return folder


def test_a_server_that_hears_nothing_does_not_hold_up_whoever_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "STOPS_BY", [(sent, patience / 100) for sent, patience in postgres.STOPS_BY])
    with subprocess.Popen(["sleep", "60"]) as server:
        server.send_signal(signal.SIGSTOP)
        while Path(f"/proc/{server.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "T":
            time.sleep(0.01)
        postgres.stop(server)
        assert server.wait(timeout=10) == -signal.SIGKILL
