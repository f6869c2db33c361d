"""Start several processes as one, restart those that die, and stop all of them together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from ..home import home
from ..parent_death import between_fork_and_exec
from . import heartbeat, nursery, readiness
from .family import family, kill_with_all_below

log = structlog.get_logger(__name__)

TICK = 0.1  # seconds
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0  # before a process that died is started again
SOUND_AFTER = 30.0  # a process that lived that long starts the pauses anew
STOPS_WITHIN = 10.0
FEELS_EVERY = 1.0


@dataclass(frozen=True)
class Spec:
    """A process to keep running: `tongdai ARGUMENTS`, or a `command` of somebody else's.

    `ready_url`: asked until it answers 200; without, the process says so by a file. The database starts by a function of
    its own, and others stand on it: `stops_last`.
    """

    name: str
    arguments: Sequence[str] = ()
    command: Sequence[str] = ()
    ready_url: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    start: Callable[[], subprocess.Popen[bytes]] | None = None
    stops_last: bool = False
    waited_for: bool = True  # the house is ready without it, where not
    beats: bool = True  # it gives signs of life (heartbeat.py) …
    answers: Callable[[], bool] | None = None  # … or it knows nothing of ours, and is asked whether it lives
    stop_signal: signal.Signals = signal.SIGTERM


def tongdai(*arguments: str) -> list[str]:
    """The command line of this very installation."""
    return [sys.executable, "-m", "tongdai", *arguments]


class Supervisor:
    """Holds the processes; `supervise` below is what others call."""

    def __init__(self, specs: Sequence[Spec], *, on_ready: Callable[[], None], before_stop: Callable[[], None]) -> None:
        self.processes = [_Process(spec) for spec in specs]
        self._on_ready, self._before_stop = on_ready, before_stop
        self._stopping = False

    def run(self) -> None:
        """Until SIGTERM, SIGINT or SIGHUP. Call it from the main thread: children die with the thread that made them."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            self._keep_running()
            self._before_stop()
        finally:
            self._end_all()

    def _keep_running(self) -> None:
        reported, felt = False, 0.0
        while not self._stopping:
            for process in self.processes:
                process.look()
            if time.monotonic() - felt > FEELS_EVERY:
                felt = time.monotonic()
                heartbeat.beat()
                for process in self.processes:
                    process.feel_the_pulse(at=felt)
            if not reported and all(process.is_ready() for process in self.processes):
                reported = True
                heartbeat.notify_systemd("READY=1")
                self._on_ready()
            time.sleep(TICK)

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _end_all(self) -> None:
        for last in (False, True):
            together = [process for process in self.processes if process.spec.stops_last is last]
            for process in together:
                process.ask_to_stop()
            deadline = time.monotonic() + STOPS_WITHIN
            for process in together:
                process.wait(until=deadline)


class _Process:
    """One process, and when it may be started again."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.child: subprocess.Popen[bytes] | nursery.Born | None = None
        self.started = 0.0
        self.pause = FIRST_PAUSE
        self.next_start = 0.0
        self.file = home() / "run" / f"{spec.name}.ready"
        self.beats = home() / "run" / f"{spec.name}.beats"
        self.pulse = heartbeat.Pulse(self.beats)
        self.asking = heartbeat.Asking(spec.answers) if spec.answers else None

    def look(self) -> None:
        if self.child is not None and self.child.poll() is not None:
            log.error("process.died", process=self.spec.name, status=self.child.returncode)
            lived = time.monotonic() - self.started
            self.pause = FIRST_PAUSE if lived > SOUND_AFTER else min(self.pause * 2, LONGEST_PAUSE)
            self.next_start = time.monotonic() + self.pause
            self.child = None
        if self.child is None and time.monotonic() >= self.next_start:
            self._start()

    def feel_the_pulse(self, *, at: float) -> None:
        """Whoever hangs is killed: the process itself with all below it, or one of its workers, which it replaces."""
        if self.child is None or self.child.poll() is not None:
            return
        child = self.child.pid
        if self.asking:
            hung = [child] if self.asking.is_silent(at=at) else []
        else:
            hung = self.pulse.hung(lambda: family(child), at=at) if self.spec.beats else []
        for pid in hung:
            log.error("process.hung", process=self.spec.name, pid=pid, silent_for=heartbeat.HUNG_AFTER)
            kill_with_all_below(pid)

    def is_ready(self) -> bool:
        if self.child is None or self.child.poll() is not None:
            return False
        if self.spec.start or not self.spec.waited_for:
            return True  # it returns when the process answers
        if not self.spec.ready_url:
            return readiness.is_ready(self.file, self.child.pid)
        return answers(self.spec.ready_url)

    def ask_to_stop(self) -> None:
        if self.child is not None and self.child.poll() is None:
            self.child.send_signal(self.spec.stop_signal)

    def wait(self, *, until: float) -> None:
        if self.child is None:
            return
        try:
            self.child.wait(timeout=max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.error("process.killed", process=self.spec.name)
            kill_with_all_below(self.child.pid)
            self.child.wait()
        self.file.unlink(missing_ok=True)

    def _start(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.unlink(missing_ok=True)
        self.started = time.monotonic()
        self.pulse.begin()
        try:
            self.child = self._begin()
        except Exception as trouble:  # noqa: BLE001 - it is tried again, more slowly
            log.error("process.not_started", process=self.spec.name, why=str(trouble) or type(trouble).__name__)
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
            self.next_start = time.monotonic() + self.pause
            return
        if self.asking:
            self.asking.begin()

    def _begin(self) -> subprocess.Popen[bytes] | nursery.Born:
        if self.spec.start:
            return self.spec.start()
        environment = {
            **os.environ,
            **self.spec.environment,
            readiness.VARIABLE: str(self.file),
            heartbeat.VARIABLE: str(self.beats),
        }
        if self.spec.arguments:
            return nursery.bear(self.spec.arguments, environment)
        return subprocess.Popen(
            self.spec.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is the supervisor's to pass on, once
            env=environment,
            preexec_fn=between_fork_and_exec(),
        )


def supervise(
    specs: Sequence[Spec],
    *,
    on_ready: Callable[[], None] = lambda: None,
    before_stop: Callable[[], None] = lambda: None,
) -> None:
    """Keep these processes running until told to stop; `on_ready` is called once, when every one of them is ready."""
    Supervisor(specs, on_ready=on_ready, before_stop=before_stop).run()


def replies(url: str) -> bool:
    """Whether anything at all comes back, be it a refusal."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except (urllib.error.URLError, OSError, ValueError):
        return False


def answers(url: str) -> bool:
    """Whether it answers 200 now."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def is_taken(host: str, port: int) -> bool:
    """Whether nothing of ours can listen there."""
    return why_not(host, port) is not None


def why_not(host: str, port: int) -> int | None:
    """Why nothing can listen there: the `errno` of trying; None: it can."""
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as trouble:
            return trouble.errno or -1
    return None


def ready_file(name: str) -> Path:
    """Where the process of this name says that it is ready."""
    return home() / "run" / f"{name}.ready"
