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


class Busy(CannotRead):
    """As many are being read as may be at once, and none was done in time."""


class NotConfined(CannotRead):
    """This machine doesn't let us put down root: nothing is read here (`tongdai doctor` says so)."""


class Pool:
    """How many decoders of a kind run at once for one process of the house. `patience`: seconds to wait for a place."""

    def __init__(self, *, at_once: int, patience: float) -> None:
        self._places, self._patience = threading.BoundedSemaphore(at_once), patience

    @contextmanager
    def place(self) -> Iterator[None]:
        """Raises Busy."""
        if not self._places.acquire(timeout=self._patience):
            raise Busy
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
                [sys.executable, "-m", "tongdai.platform.decoders.server", str(theirs.fileno())],
                stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], start_new_session=True,
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

    Closing what is returned ends the decoder.
    """
    message = json.dumps({**request, "limits": asdict(limits)}).encode()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(limits.wall + GRACE)
    with theirs:
        for _try in range(2):
            try:
                socket.send_fds(_running().requests, [message], [theirs.fileno(), *files])
                break
            except (BrokenPipeError, ConnectionResetError):
                continue  # it died just now: the next one gets it
    return ours


def outcome_of(waiting: socket.socket) -> Outcome:
    """Wait until it has ended."""
    try:
        said = waiting.recv(4096)
    except TimeoutError:
        return Outcome(status=SIGKILL, timed_out=True)
    return Outcome(**json.loads(said)) if said else Outcome(status=1)  # the server itself was killed


def check(outcome: Outcome, errors: bytes) -> None:
    """Raises Refusal (the function's own word), OverLimit, NotConfined or CannotRead, as it ended."""
    if outcome.status == 0:
        return
    said = errors.decode(errors="replace").strip()[-300:]
    if outcome.status == REFUSED:
        raise Refusal(said)
    if outcome.status == NOT_CONFINED:
        log.error("decoders.not_confined", why=said)
        raise NotConfined(said)
    if outcome.timed_out or outcome.status in (OUT_OF_MEMORY, SIGXCPU, SIGXFSZ, SIGKILL):
        raise OverLimit(said)
    raise CannotRead(said)


def warm_up() -> None:
    """Start the server before anybody waits for it."""
    _running()


def _running() -> _Server:
    global _server
    with _lock:
        if _server is None or not _server.runs():
            if _server is None and not all(walls().values()):
                log.warning("decoders.walls_missing", **walls())
            _server = _Server()
            atexit.register(_server.end)
        return _server
