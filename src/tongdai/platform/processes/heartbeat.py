"""Signs of life: each process gives one every two seconds, and who gives none for long is taken for hung.

A process that was stopped, or waits for ever on something, still has its number and its port; only that nothing comes
from it tells. Below `tongdai up` a sign is a file of the process's number, touched; under systemd it is `WATCHDOG=1`
(`Type=notify`, `WatchdogSec=`). The supervisor counts by its own steady clock, so that neither a clock that is set nor a
machine that slept makes anybody look dead.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

VARIABLE = "TONGDAI_HEARTBEAT"  # a folder, named by the supervisor
EVERY = 2.0  # seconds
HUNG_AFTER = 30.0  # seconds without a sign
STUCK_AFTER = 120.0  # seconds without a turn: a database that is away holds nobody half as long
STARTS_WITHIN = 180.0  # seconds until the first one: a slow disk, voices being spoken


def beat() -> None:
    """One sign of life. Alone and without systemd: nothing."""
    if folder := os.environ.get(VARIABLE):
        with contextlib.suppress(OSError):  # a full disk is said elsewhere; the folder may be going
            os.utime(_file(folder)) if _file(folder).exists() else _file(folder).touch()
    else:
        notify_systemd("WATCHDOG=1")


def beat_by_thread() -> None:
    """From now on, for as long as this process runs, and all of it that said so goes on turning (`turned`)."""
    beat()
    threading.Thread(target=_beat_for_ever, name="heartbeat", daemon=True).start()


def turned(name: str) -> None:
    """The work of this name goes on: from now on it says so again within `STUCK_AFTER`, or the process counts as hung."""
    _turns[name] = time.monotonic()


def turns_no_more(name: str) -> None:
    """It has ended: nothing is expected of it."""
    _turns.pop(name, None)


async def turn_by_loop(name: str) -> None:
    """`turned` for as long as this event loop turns, beside `beat_by_thread`."""
    try:
        while True:
            turned(name)
            await asyncio.sleep(EVERY)
    finally:
        turns_no_more(name)


async def beat_by_loop() -> None:
    """From now on, for as long as this event loop turns."""
    while True:
        beat()
        await asyncio.sleep(EVERY)


def notify_systemd(word: str) -> None:
    """sd_notify(3), where systemd wants to hear it."""
    if not (name := os.environ.get("NOTIFY_SOCKET")):
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.sendto(word.encode(), "\0" + name[1:] if name.startswith("@") else name)


class Pulse:
    """What the supervisor knows of one process and its children: who was seen alive when."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[int, tuple[int, float]] = {}  # number → its last sign, and when that was new to us
        self._begun = self._looked = time.monotonic()

    def begin(self) -> None:
        """A new process: signs of earlier ones count for nothing."""
        self._begun = time.monotonic()
        self._folder.mkdir(parents=True, exist_ok=True)
        for old in self._folder.iterdir():
            old.unlink(missing_ok=True)
        self._seen.clear()

    def hung(self, family: Callable[[], list[int]], *, at: float) -> list[int]:
        """Those of the family, itself first (asked only if somebody seems to hang), without a new sign for too long."""
        if at - self._looked > HUNG_AFTER / 2:  # we were away ourselves: nobody else is to blame
            self._seen, self._begun = {pid: (sign, at) for pid, (sign, _) in self._seen.items()}, at
        self._looked = at
        silent = []
        for file in self._folder.iterdir() if self._folder.exists() else ():
            pid, sign = int(file.name), _sign(file)
            if self._seen.get(pid, (None, 0.0))[0] != sign:
                self._seen[pid] = (sign, at)
            elif at - self._seen[pid][1] > HUNG_AFTER:
                silent.append(pid)
        if not self._seen and at - self._begun > STARTS_WITHIN:
            return family()[:1]
        return self._alive(silent, family()) if silent else []

    def _alive(self, silent: list[int], family: list[int]) -> list[int]:
        for gone in set(silent) - set(family):  # it ended, or its number is somebody else's now
            (self._folder / str(gone)).unlink(missing_ok=True)
            self._seen.pop(gone, None)
        return [pid for pid in silent if pid in family]


class Asking:
    """The pulse of a process that knows nothing of ours: asked from a thread, for it may not answer."""

    def __init__(self, answers: Callable[[], bool]) -> None:
        self._answers = answers
        self._thread: threading.Thread | None = None
        self._answered_at = self._looked = time.monotonic()

    def begin(self) -> None:
        """A new process."""
        self._answered_at = time.monotonic() + STARTS_WITHIN - HUNG_AFTER

    def is_silent(self, *, at: float) -> bool:
        """Whether it has not answered for too long."""
        if at - self._looked > HUNG_AFTER / 2:
            self._answered_at = max(self._answered_at, at)
        self._looked = at
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._ask, name="pulse", daemon=True)
            self._thread.start()
        return at - self._answered_at > HUNG_AFTER

    def _ask(self) -> None:
        if self._answers():
            self._answered_at = time.monotonic()
        time.sleep(EVERY)


_turns: dict[str, float] = {}  # work that must go on → its last turn


def _beat_for_ever() -> None:
    while True:
        if all(time.monotonic() - last < STUCK_AFTER for last in list(_turns.values())):
            beat()
        time.sleep(EVERY)


def _file(folder: str) -> Path:
    return Path(folder) / str(os.getpid())


def _sign(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
