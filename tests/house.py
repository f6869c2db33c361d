"""The whole house as somebody starts it: `tongdai up` in a folder of its own, on ports of its own."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from functools import cached_property
from pathlib import Path

from tests.inside import Inside
from tests.nursery import File, Process, nursery
from tongdai.channels.voice.asterisk.install import is_installed
from tongdai.platform.home import beside_the_code
from tongdai.platform.tests.made_once import made_once

READY_WITHIN = 240.0  # seconds, on a busy machine


OF_ITS_OWN = {"DATABASE_URL", "TONGDAI_SECRET_KEY", "TONGDAI_STORAGE"}  # a house given these begins with nothing


def _an_empty_city() -> Path:
    """A home whose database is made and migrated, and the machine's words spoken, once for this code, to be copied."""

    def make(to: Path) -> None:
        begun = House("migrate")
        assert begun.process.wait(timeout=READY_WITHIN) == 0, begun.printed()
        if is_installed(beside_the_code("asterisk")):
            _speak(begun.folder)
        begun.folder.rename(to)

    return made_once("empty-city", make=make)


def _speak(home: Path) -> None:
    """Have the menu's sounds made in a copy of this home, and keep them: a house whose telephone rings waits for none."""
    copy = open_folder()
    subprocess.run(["cp", "-a", f"{home}/var", copy], check=True)
    with House(home=copy) as house:
        made = Path(house.told(SPEAK))
        for spoken in made.glob("*/*.wav"):
            kept = home / spoken.relative_to(copy)
            kept.parent.mkdir(parents=True, exist_ok=True)
            spoken.rename(kept)


SPEAK = """
from tongdai.channels.voice.asterisk.exchange import exchange
from tongdai.channels.voice.menu.menu import load
load(exchange())
print(exchange().sounds)
"""
NEVER = "SynchronousOnlyOperation"  # a loop of ours waited for the database itself, and whatever it carries with it


class House:
    """A running house; `stop` it, or use it as a context."""

    def __init__(
        self, *command: str, home: Path | None = None, python: str = sys.executable, **environment: str
    ) -> None:
        self.folder = home or open_folder()
        if home is None and not command and not OF_ITS_OWN & environment.keys():
            subprocess.run(["cp", "-a", f"{_an_empty_city()}/var", self.folder], check=True)
        self.port = free_port()
        if (
            "TONGDAI_SIP_PORT" in environment
        ):  # else they are those a few numbers on, which another test may have been given
            for name in ("TONGDAI_PHONES_PORT", "TONGDAI_EXCHANGE_PORT"):
                environment.setdefault(name, str(free_port()))
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("TONGDAI_", "DATABASE_"))},
            "TONGDAI_HOME": str(self.folder / "var"),
            "TONGDAI_PORT": str(self.port),
            "TONGDAI_LIVE_PORT": str(free_port()),
            "TONGDAI_SECOND_FACTOR": "off",  # stories of the door turn it on
            "TONGDAI_UNDO": "off",  # nor do stories wait half a minute before a text leaves
            **environment,
        }
        self._is_born = home is None and not command and python == sys.executable
        self.log = self.folder / "up.log"
        self._begun = self.log.stat().st_size if self.log.exists() else 0  # an earlier run of the same home wrote that
        with self.log.open("ab") as out:
            self.process = self.begin(*(command or ("up",)), python=python, files=(None, out, out))

    def __enter__(self) -> House:
        self.wait_until_ready()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def printed(self) -> str:
        written = self.log.read_bytes()[self._begun :].decode(errors="replace")
        return re.sub(r"\x1b\[[0-9;]*m", "", written)

    def wait_until_ready(self) -> None:
        """Until the sentence that says how to stop it: every process is ready then."""
        self.wait_for(lambda: self.process.poll() is not None or "Ctrl-C" in self.printed())
        assert self.process.poll() is None, self.printed()

    def wait_for(self, truth, within: float = READY_WITHIN) -> None:  # type: ignore[no-untyped-def]
        deadline = time.monotonic() + within
        while not truth():
            assert time.monotonic() < deadline, self.printed()
            time.sleep(0.1)

    def answers(self, path: str = "/readyz") -> bool:
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def pids(self, name: str) -> list[int]:
        """Processes of this house whose command line holds `name`."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if name in command and int(entry.name) != os.getpid() and self._is_of_it(entry, command):
                    found.append(int(entry.name))
            except OSError:
                continue
        return sorted(found)

    def _is_of_it(self, process: Path, command: str) -> bool:
        """What is born has its parent's folder to work in; what is started names its own, or was told where home is."""
        folder = str(self.folder)
        return (
            folder in command or folder in os.readlink(process / "cwd") or folder in (process / "environ").read_text()
        )

    def begin(self, *arguments: str, files: tuple[File | None, File, File], python: str = sys.executable) -> Process:
        """`tongdai ARGUMENTS` in this home; `files`: its input, if any, output and errors. Born where its house is."""
        if self._is_born:
            return nursery().bear(*arguments, folder=self.folder, environment=self.environment, files=files)
        stdin, stdout, stderr = files
        return subprocess.Popen(
            [python, "-m", "tongdai", *arguments],
            cwd=self.folder, env=self.environment, stdin=stdin or subprocess.DEVNULL, stdout=stdout, stderr=stderr,
        )  # fmt: skip

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command in the same home."""
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
            status = self.begin(*arguments, files=(None, out, errors)).wait(timeout=600)
            out.seek(0)
            errors.seek(0)
            return subprocess.CompletedProcess(arguments, status, out.read(), errors.read())

    @cached_property
    def inside(self) -> Inside:
        return Inside(self.begin)

    def told(self, asked: str, **names: object) -> str:
        """What these lines of Python print inside; `names` fill their braces."""
        return self.inside.told(asked, **names)

    def stop(self) -> int:
        if "inside" in self.__dict__:
            self.inside.stop()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        status = self.process.wait(timeout=30)
        assert NEVER not in self.printed(), self.printed()
        return status


def open_folder() -> Path:
    """A folder anybody may enter, for the database's own user must."""
    folder = Path(tempfile.mkdtemp(prefix="tongdai-house-"))
    folder.chmod(0o755)
    return folder


def free_port(more: int = 0) -> int:
    """A port nobody listens at, and `more` after it, kept for this process: below those the system gives out by itself."""
    while True:
        port = random.randrange(*PORTS)
        keeps = [_kept(each) for each in range(port, port + 1 + more)]
        if all(keeps):
            _KEPT.extend(keep for keep in keeps if keep)
            return port


PORTS = 20000, 32000  # Linux gives out 32768 to 60999 by itself
_KEPT: list[socket.socket] = []


def _kept(port: int) -> socket.socket | None:
    """The sign that the port is ours among all tests of this machine: an abstract socket, gone when we are."""
    sign = socket.socket(socket.AF_UNIX)
    try:
        sign.bind(f"\0tongdai-test-port-{port}")
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(socket.AF_INET, kind) as probe:
                probe.bind(("", port))
    except OSError:
        sign.close()
        return None
    return sign
