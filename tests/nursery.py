"""Houses of tests are born: the product is loaded once for each process of pytest, and what a house runs is forked from that.

To start a house costs some five seconds of a processor, most of them to load the same code. What is born reads its settings
anew, by its own environment, and is then whatever `tongdai ARGUMENTS` is. The stories of starting (a home of its own, another
Python, the demo) start theirs as somebody would (`House`).
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any, NoReturn, Protocol

File = IO[Any] | int
MOST_REQUEST = 256 * 1024  # octets


class Process(Protocol):
    """What a house needs of `subprocess.Popen`, and has of one that was born."""

    pid: int

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, number: int) -> None: ...
    def kill(self) -> None: ...


class Born:
    """`tongdai ARGUMENTS`, forked from the nursery; to be used as a `subprocess.Popen`."""

    def __init__(self, pid: int, nursery: Nursery) -> None:
        self.pid, self._nursery, self._code = pid, nursery, None
        self._handle = os.pidfd_open(pid)

    _code: int | None

    def poll(self) -> int | None:
        if self._code is None and select.select([self._handle], [], [], 0)[0]:
            self._code = self._nursery.how_ended(self.pid)
            os.close(self._handle)
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        deadline = time.monotonic() + timeout if timeout is not None else float("inf")
        while (code := self.poll()) is None:
            left = min(60.0, deadline - time.monotonic())
            if left <= 0:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0.0)
            select.select([self._handle], [], [], left)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Nursery:
    """Ours, until this process of pytest ends."""

    def __init__(self) -> None:
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._one_at_a_time = threading.Lock()
        self._home = tempfile.TemporaryDirectory(prefix="tongdai-nursery-")
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.nursery", str(theirs.fileno())], pass_fds=[theirs.fileno()],
                cwd=Path(__file__).parent.parent,
                env={**os.environ, "TONGDAI_HOME": self._home.name, "TONGDAI_SECRET_KEY": "of nobody"},
            )  # fmt: skip
        atexit.register(self.close)

    def bear(
        self, *arguments: str, folder: Path, environment: Mapping[str, str], files: tuple[File | None, File, File]
    ) -> Born:
        """`tongdai ARGUMENTS` in this folder, with this environment alone; `files`: its input, output and errors."""
        request = {"arguments": arguments, "folder": str(folder), "environment": dict(environment)}
        with open(os.devnull) as nothing:
            given = [nothing if each is None else each for each in files]
            handed = [each if isinstance(each, int) else each.fileno() for each in given]
            return Born(self._asked(request, handed), self)

    def how_ended(self, pid: int) -> int:
        """Its exit code, or minus the signal that ended it."""
        return self._asked({"ended": pid}, [])

    def close(self) -> None:
        self._requests.close()
        self._process.wait(10)
        self._home.cleanup()

    def _asked(self, request: dict[str, Any], files: list[int]) -> int:
        with self._one_at_a_time:
            message = json.dumps(request).encode()
            assert len(message) < MOST_REQUEST
            socket.send_fds(self._requests, [message], files)
            said = self._requests.recv(64)
        assert said, "the nursery of tests has ended"
        return int(said)


@cache
def nursery() -> Nursery:
    """The one of this process."""
    return Nursery()


# --- in the nursery -----------------------------------------------------------------------------------------------------


def _serve(requests: socket.socket) -> None:
    """Until the other end is closed."""
    while True:
        message, files, _flags, _sender = socket.recv_fds(requests, MOST_REQUEST, 3)
        if not message:
            return
        request = json.loads(message)
        if "ended" in request:
            answer = os.waitstatus_to_exitcode(os.waitpid(request["ended"], 0)[1])
        else:
            answer = os.fork()
            if answer == 0:
                requests.close()
                _be(request, files)
        for each in files:
            os.close(each)
        requests.send(str(answer).encode())


def _be(request: dict[str, Any], files: list[int]) -> NoReturn:
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for wanted, file in enumerate(files):
            os.dup2(file, wanted)
        for file in files:
            os.close(file)
        os.chdir(request["folder"])
        _live(request["arguments"], request["environment"])
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
    except BaseException:  # noqa: BLE001 -- said as Python says it at the end of a program
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            threading._shutdown()  # type: ignore[attr-defined]
            atexit._run_exitfuncs()
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _live(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    import runpy

    from tongdai.platform.processes.nursery import set_title, title

    os.environ.clear()
    os.environ.update(environment)
    set_title(title(*arguments))
    _forget_settings()
    sys.argv = ["tongdai", *arguments]
    runpy.run_module("tongdai", run_name="__main__", alter_sys=True)


def _forget_settings() -> None:
    """They are read when they are asked for, as the environment says then; what was made of the nursery's own is made anew."""
    from django.conf import settings
    from django.core.files.storage import default_storage, storages
    from django.db import connections
    from django.utils.functional import empty

    del sys.modules["tongdai.platform.settings"]
    for lazy in (settings, default_storage):
        vars(lazy).clear()
        vars(lazy)["_wrapped"] = empty
    storages.__init__()  # type: ignore[misc]
    connections.__init__()  # type: ignore[misc]
    for handler, made in ((storages, "backends"), (connections, "settings")):
        vars(handler).pop(made, None)


def _main() -> None:
    from tongdai.platform.processes import everything  # noqa: F401
    from tongdai.platform.processes.nursery import set_title

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for pytest, which closes its end
    set_title("tests' nursery")
    _serve(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    _main()
