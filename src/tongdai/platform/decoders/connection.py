"""To the server that forks the decoders: started when first needed, and anew when it has died."""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import structlog

from .confinement import Limits, walls
from .server import NOT_CONFINED, OUT_OF_MEMORY, REFUSED, Refusal

log = structlog.get_logger(__name__)
GRACE = 5.0  # seconds beyond the decoder's own time, in which the server says how it ended
SIGXCPU, SIGXFSZ, SIGKILL = -24, -25, -9  # statuses of one that came to a limit


class CannotRead(Exception):
    """The decoder ended without an answer: the file is broken or hostile, or no such program is here."""


class OverLimit(CannotRead):
    """Reading it takes more time, memory or room than a file may have."""


class Unavailable(CannotRead):
    """Nothing is wrong with the file: as many are being read as may be at once, or none can be read here now.

    So it is for good where this machine doesn't let us put down root (`tongdai doctor` says so).
    """


class Pool:
    """How many decoders of a kind run at once for one process of the house. `patience`: seconds to wait for a place."""

    def __init__(self, *, at_once: int, patience: float) -> None:
        self._places, self._patience = threading.BoundedSemaphore(at_once), patience

    @contextmanager
    def place(self) -> Iterator[None]:
        """Raises Unavailable."""
        if not self._places.acquire(timeout=self._patience):
            raise Unavailable("too many at once")
        try:
            yield
        finally:
            self._places.release()


@dataclass(frozen=True)
class Outcome:
    """How a decoder ended, and what it took."""

    status: int
    timed_out: bool = False
    cpu: float = 0.0  # seconds
    memory: int = 0  # octets, at most


class _Server:
    def __init__(self) -> None:
        self.pid = os.getpid()
        self.requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tongdai.platform.decoders", str(theirs.fileno())],
                stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], start_new_session=True, cwd="/",
                env={"PYTHONPATH": ":".join(map(os.path.abspath, sys.path)), "LC_ALL": "C.UTF-8"},  # and no secrets
            )  # fmt: skip

    def runs(self) -> bool:
        return self.pid == os.getpid() and self.process.poll() is None

    def end(self) -> None:
        self.requests.close()
        if self.pid == os.getpid():
            try:
                self.process.wait(timeout=GRACE)
            except subprocess.TimeoutExpired:
                self.process.kill()


_lock = threading.Lock()
_server: _Server | None = None


def submit(request: Mapping[str, Any], *, limits: Limits, files: Sequence[int]) -> socket.socket:
    """Have a decoder started with these as its input, output and errors; where `outcome_of` will be told of it.

    Closing what is returned ends the decoder. Raises Unavailable.
    """
    message = json.dumps({**request, "limits": asdict(limits)}).encode()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(limits.wall + GRACE)
    with theirs:
        for _try in range(2):
            try:
                socket.send_fds(_running().requests, [message], [theirs.fileno(), *files])
                return ours
            except (BrokenPipeError, ConnectionResetError):
                continue  # it died just now: the next one gets it
    raise Unavailable("no server")


def outcome_of(waiting: socket.socket) -> Outcome:
    """Wait until it has ended. Raises Unavailable: the server itself was killed, or is stuck."""
    try:
        received = waiting.recv(4096)
    except (TimeoutError, ConnectionResetError) as stuck:
        raise Unavailable("no answer") from stuck
    if not received:
        raise Unavailable("the server died")
    return Outcome(**json.loads(received))


def check(outcome: Outcome, errors: bytes) -> None:
    """Raises Refusal (the function's own word), OverLimit, Unavailable or CannotRead, as it ended."""
    if outcome.status == 0:
        return
    why = errors.decode(errors="replace").strip()[-300:]
    if outcome.status == REFUSED:
        raise Refusal(why)
    if outcome.status == NOT_CONFINED:
        log.error("decoders.not_confined", why=why)
        raise Unavailable(why)
    if outcome.timed_out or outcome.status in (OUT_OF_MEMORY, SIGXCPU, SIGXFSZ, SIGKILL):
        log.warning("decoders.over_limit", status=outcome.status, timed_out=outcome.timed_out, why=why)
        raise OverLimit(why)
    log.warning("decoders.failed", status=outcome.status, why=why)
    raise CannotRead(why)


def warm_up() -> None:
    """Start the server before anybody waits for it."""
    _running()


def stop() -> None:
    """For a process that becomes another program: that one would have a child it knows nothing of."""
    global _server
    with _lock:
        if _server is not None:
            atexit.unregister(_server.end)
            _server.end()
            _server = None


def _running() -> _Server:
    global _server
    with _lock:
        if _server is None or not _server.runs():
            if _server is None and not all(walls().values()):
                log.warning("decoders.walls_missing", **walls())
            _server = _Server()
            atexit.register(_server.end)
        return _server
