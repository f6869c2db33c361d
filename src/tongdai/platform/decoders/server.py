"""The process that forks the decoders: it has one thread, has loaded what they need, and reads no stranger's file itself.

Started by `connection`, one for each process of the house that reads files; it ends when that process ends, and all of
its decoders with it. A request is a line of JSON with four open files: where the outcome goes, and the decoder's
input, output and errors.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass
from typing import Any, NoReturn

from .confinement import CannotConfine, Limits, confine

REFUSED, OUT_OF_MEMORY, NOT_CONFINED, BROKEN = 40, 41, 42, 43  # a decoder's exit status
MOST_REQUEST = 64 * 1024  # octets
LOOKS_EVERY = 1.0  # seconds: whether our parent lives


class Refusal(Exception):
    """A function says no to what it was given; the message is a word that our own code knows."""


@dataclass
class _Decoder:
    pid: int
    outcome: socket.socket  # to whoever waits for it; closed there: nobody waits any more
    until: float
    timed_out: bool = False


def serve(requests: socket.socket) -> None:
    """Until the other end is closed."""
    parent, woken = os.getppid(), _woken_by_children()
    decoders: dict[int, _Decoder] = {}
    while os.getppid() == parent:
        watched: list[Any] = [requests, woken, *(each.outcome for each in decoders.values())]
        soonest = min((each.until for each in decoders.values()), default=float("inf"))
        pause = max(0.0, min(LOOKS_EVERY, soonest - time.monotonic()))
        ready, _, _ = select.select(watched, [], [], pause)
        if woken in ready:
            os.read(woken, 512)
        _bury(decoders)
        for each in list(decoders.values()):
            each.timed_out = each.timed_out or time.monotonic() >= each.until
            if each.timed_out or each.outcome in ready:
                _kill(each.pid)
        if requests in ready:
            message, files, _flags, _sender = socket.recv_fds(requests, MOST_REQUEST, 4)
            if not message:
                break
            begun = _begin(json.loads(message), files)
            decoders[begun.pid] = begun
    for each in decoders.values():
        _kill(each.pid)


def _woken_by_children() -> int:
    reading, writing = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return reading


def _begin(request: dict[str, Any], files: list[int]) -> _Decoder:
    outcome, *own = files
    limits = Limits(**request["limits"])
    if "function" in request:
        importlib.import_module(request["function"].partition(":")[0])  # here, so that it is loaded once for all
    pid = os.fork()
    if pid == 0:
        _decode(request, limits, own)
    for file in own:
        os.close(file)
    return _Decoder(pid, socket.socket(fileno=outcome), time.monotonic() + limits.wall)


def _bury(decoders: dict[int, _Decoder]) -> None:
    """Say of each that has ended how it ended."""
    while decoders:
        found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if found is None:
            return
        _kill(found.si_pid)  # the rest of its group too, where it could begin any
        pid, status, used = os.wait4(found.si_pid, 0)
        ended = decoders.pop(pid)
        outcome = {
            "status": os.waitstatus_to_exitcode(status),
            "timed_out": ended.timed_out,
            "cpu": used.ru_utime + used.ru_stime,
            "memory": used.ru_maxrss * 1024,
        }
        with contextlib.suppress(OSError):  # nobody waits any more
            ended.outcome.send(json.dumps(outcome).encode())
        ended.outcome.close()


def _kill(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


# ── in the decoder ───────────────────────────────────────────────────────────────────────────────────────────────────
def _decode(request: dict[str, Any], limits: Limits, files: list[int]) -> NoReturn:
    status = BROKEN
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGPIPE, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        for wanted, file in enumerate(files):
            os.dup2(file, wanted)
        os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        os.environ.clear()
        os.umask(0o077)
        status = _call(request, limits) if "function" in request else _run(request, limits)
    except CannotConfine as trouble:
        os.write(2, str(trouble).encode())
        status = NOT_CONFINED
    except MemoryError:
        status = OUT_OF_MEMORY
    except Refusal as word:
        os.write(2, str(word).encode())
        status = REFUSED
    except BaseException as trouble:  # noqa: BLE001 - whatever it is, this process ends here and says it
        os.write(2, f"{type(trouble).__name__}: {trouble}"[:2000].encode(errors="replace"))
    finally:
        os._exit(status)


def _call(request: dict[str, Any], limits: Limits) -> int:
    module, _, name = request["function"].partition(":")
    function = getattr(sys.modules[module], name)
    os.chdir("/")
    confine(limits)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # it becomes an OSError, which says more
    with open(0, "rb", closefd=False) as given, open(1, "wb", closefd=False) as made:
        function(given, made, **request["options"])
    return 0


def _run(request: dict[str, Any], limits: Limits) -> NoReturn:
    os.chdir(request["folder"])
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    confine(limits, reads=request["reads"], writes=request["writes"], executes=True)
    os.execve(request["command"][0], request["command"], request["environment"])
