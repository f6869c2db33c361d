"""Processes of ours are born of one that has everything loaded: each is there at once, in memory that all of them share.

That one is the fork server of Python's `multiprocessing`: with one thread and without a connection to anything, it only
forks. `tongdai up` forks the first from itself, when it has loaded what it needs anyway; where that one died, the next is
started anew and loads `preloaded`. A process that died is back in a fraction of a second, and eight of them cost little more
memory than one (docs/adr/0047).
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import runpy
import select
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing import forkserver, resource_tracker, util
from multiprocessing.context import ForkServerProcess
from typing import Any

from ..parent_death import die_with_parent
from .family import kill_with_all_below
from .heartbeat import STARTS_WITHIN

PRELOADED = "tongdai.platform.processes.preloaded"
ENDS_WITHIN = 10.0  # seconds, for one whose nursery is gone
SAYS_WITHIN = 5.0  # seconds, for the nursery to say how one ended; it may hang
ANSWERS_WITHIN = 30.0  # seconds, for a nursery that has borne before; until then it may be loading
UNKNOWN = 255  # how one ended of whom nobody knows it, as `multiprocessing` has it


class Born:
    """A process that was born here, as `subprocess.Popen` shows one it has started.

    Where the nursery itself was killed, its children are asked to end by the kernel; each counts as running until it has.
    """

    def __init__(self, process: ForkServerProcess) -> None:
        assert process.pid
        self._process, self.pid = process, process.pid
        self._orphaned_at = self._ended_at = 0.0
        try:
            self._handle = os.pidfd_open(self.pid)  # its number may be another's one day, this is not
        except ProcessLookupError:  # it has ended already
            self._handle = -1

    def __del__(self) -> None:
        self._close()

    @property
    def returncode(self) -> int | None:
        """How it ended: its exit code, or minus the signal that ended it; 255: nobody knows; None: it runs."""
        return self.poll()

    def poll(self) -> int | None:
        code = self._process.exitcode
        if self._is_there():
            if code is not None:
                self._hurry()
            return None
        if code is None:
            self._ended_at = self._ended_at or time.monotonic()
            return UNKNOWN if time.monotonic() - self._ended_at > SAYS_WITHIN else None
        self._close()
        return code

    def send_signal(self, number: int) -> None:
        if self._is_there():
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code.

        Raises:
            subprocess.TimeoutExpired: it still runs after `timeout` seconds.
        """
        if self._is_there():
            select.select([self._handle], [], [], timeout)
        if self._is_there():
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0.0)
        self._process.join(1.0)  # the nursery, or its end, says how
        code = self.poll()
        return UNKNOWN if code is None else code

    def _is_there(self) -> bool:
        return self._handle >= 0 and not select.select([self._handle], [], [], 0)[0]

    def _hurry(self) -> None:
        """Its nursery is gone; it has been asked to end, and may not be able to."""
        self._orphaned_at = self._orphaned_at or time.monotonic()
        if time.monotonic() - self._orphaned_at > ENDS_WITHIN:
            kill_with_all_below(self.pid)

    def _close(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def open_nursery() -> None:
    """Let it load, beside what the house does meanwhile. Call it from the main thread: it dies with the one that asked."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([PRELOADED])
    forkserver.ensure_running()


def open_nursery_here() -> None:
    """Fork it from this process, in which everything is loaded: it costs no processor and shares our memory.

    Call it while there is no connection to the database. Whoever has other threads gets one that is started anew: what they
    hold would stay locked in it for ever.
    """
    if threading.active_count() > 1:
        return open_nursery()
    resource_tracker.ensure_running()  # with a program of its own, as ever
    gc.collect()
    gc.freeze()  # pages that hold what is loaded stay shared: no round of the collector writes into them
    started_anew, util.spawnv_passfds = util.spawnv_passfds, _forked
    try:
        open_nursery()
    finally:
        util.spawnv_passfds = started_anew


def _forked(path: bytes, args: Sequence[Any], passfds: Sequence[int]) -> int:
    """What `multiprocessing` has a fresh Python do, the last of its arguments, done in a fork of this process; its number."""
    if pid := os.fork():
        return pid
    try:
        for each in {int(name) for name in os.listdir("/proc/self/fd")} - {0, 1, 2, *passfds}:
            with contextlib.suppress(OSError):
                os.close(each)  # the lock of this home is not its own, nor is anything else that is open here
        exec(args[-1], {})
    except Exception:  # noqa: BLE001 -- nobody above catches it, and nobody is to go on there
        traceback.print_exc()
    finally:
        os._exit(1)


def bear(arguments: Sequence[str], environment: Mapping[str, str]) -> Born:
    """`tongdai ARGUMENTS` in a process of its own, with this environment and a session of its own.

    Raises:
        OSError, EOFError: the nursery did not come up, or ended meanwhile; the next call opens another.
    """
    open_nursery()
    process = multiprocessing.get_context("forkserver").Process(
        target=live, args=(tuple(arguments), dict(environment)), name=" ".join(arguments)
    )
    with _answering():
        process.start()
    return Born(process)


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    """A nursery that hangs is killed, so that nobody waits for it."""
    global _has_borne
    nursery: int = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]  # nothing else tells it
    patience = ANSWERS_WITHIN if _has_borne == nursery else STARTS_WITHIN
    hurry = threading.Timer(patience, os.kill, (nursery, signal.SIGKILL))
    hurry.daemon = True
    hurry.start()
    try:
        yield
    finally:
        hurry.cancel()
    _has_borne = nursery


_has_borne = 0  # the nursery that has borne somebody, by its number


def keep_house() -> None:
    """What the nursery itself does when all is loaded: it dies with the house, and is known by its name."""
    die_with_parent(signal.SIGKILL)  # it has nothing to put away
    set_title("tongdai nursery")
    gc.collect()
    gc.freeze()


def title(*arguments: str) -> str:
    """What `ps` shows of `tongdai ARGUMENTS`, however it was started."""
    return " ".join([sys.executable, "-m", "tongdai", *arguments])


def set_title(shown: str) -> None:
    """`ps` shows this process so."""
    from setproctitle import setproctitle

    setproctitle(shown)


def live(arguments: tuple[str, ...], environment: dict[str, str]) -> None:
    """Be `tongdai ARGUMENTS`, in the process that was just born."""
    die_with_parent()
    os.setsid()  # Ctrl-C is the supervisor's to pass on, once
    os.environ.clear()
    os.environ.update(environment)
    set_title(title(*arguments))
    multiprocessing.set_start_method("fork", force=True)  # as where nothing of this has happened
    sys.argv = ["tongdai", *arguments]
    runpy.run_module("tongdai", run_name="__main__", alter_sys=True)
