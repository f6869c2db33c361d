"""A process that hangs is noticed and replaced; one that only starts slowly, or slept with its machine, is left alone."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tongdai.channels.voice import processes
from tongdai.platform.processes import heartbeat, services, supervisor
from tongdai.platform.processes.heartbeat import Asking, Pulse
from tongdai.platform.processes.supervisor import Spec

BEATS = """
import os, signal, subprocess, sys, time
from tongdai.platform.processes import heartbeat
from tongdai.platform.parent_death import die_with_parent
if "child" in sys.argv:
    die_with_parent(signal.SIGKILL)
else:
    child = subprocess.Popen([sys.executable, "-c", os.environ["TALE"], "child"])
heartbeat.beat_by_thread()
while True:
    time.sleep(0.1)
    if "child" not in sys.argv and child.poll() is not None:
        child = subprocess.Popen([sys.executable, "-c", os.environ["TALE"], "child"])
"""


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "HUNG_AFTER", 4.0)


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quickly: None):  # type: ignore[no-untyped-def]
    """Supervise this spec from the main thread while the story runs in another."""
    monkeypatch.setattr(supervisor, "home", lambda: tmp_path)

    def run(spec: Spec, story: Callable[[Path], None]) -> None:
        it = supervisor.Supervisor([spec], on_ready=lambda: None, before_stop=lambda: None)
        failed: list[BaseException] = []

        def tell() -> None:
            try:
                story(tmp_path / "run" / f"{spec.name}.beats")
            except BaseException as error:  # noqa: BLE001 - said below
                failed.append(error)
            it._stop()

        before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
        threading.Thread(target=tell, daemon=True).start()
        try:
            it.run()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        if failed:
            raise failed[0]

    return run


def until(truth: Callable[[], bool], within: float = 25) -> None:
    deadline = time.monotonic() + within
    while not truth():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def seen(beats: Path) -> set[int]:
    return {int(file.name) for file in beats.iterdir()} if beats.exists() else set()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


def spec() -> Spec:
    tale = textwrap.dedent(BEATS)
    here = {"TALE": tale, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return Spec("web", command=[sys.executable, "-c", tale], environment=here, waited_for=False)


def test_a_process_that_is_stopped_is_replaced_with_all_below_it(running) -> None:  # type: ignore[no-untyped-def]
    def story(beats: Path) -> None:
        until(lambda: len(seen(beats)) == 2)
        main = next(pid for pid in seen(beats) if parent_of(pid) == os.getpid())
        worker = (seen(beats) - {main}).pop()
        for pid in (main, worker):
            os.kill(pid, signal.SIGSTOP)
        until(lambda: not alive(main) and not alive(worker))  # a stopped worker would hold its port
        until(lambda: len(seen(beats) - {main, worker}) == 2)

    running(spec(), story)


def test_a_worker_that_is_stopped_is_replaced_by_its_own_parent(running) -> None:  # type: ignore[no-untyped-def]
    def story(beats: Path) -> None:
        until(lambda: len(seen(beats)) == 2)
        main = next(pid for pid in seen(beats) if parent_of(pid) == os.getpid())
        worker = (seen(beats) - {main}).pop()
        os.kill(worker, signal.SIGSTOP)
        until(lambda: len(seen(beats) - {main, worker}) == 1)
        assert alive(main) and not alive(worker)

    running(spec(), story)


def test_a_program_that_knows_no_heartbeat_is_asked_and_replaced_when_it_does_not_answer(
    running, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    """So are Asterisk and PostgreSQL watched."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]))
        return started[-1]

    monkeypatch.setattr(heartbeat, "EVERY", 0.1)
    monkeypatch.setattr(heartbeat, "STARTS_WITHIN", 8.0)
    stuck = threading.Event()

    def story(_beats: Path) -> None:
        until(lambda: len(started) == 1)
        time.sleep(0.5)
        stuck.set()
        until(lambda: len(started) == 2)
        assert started[0].returncode == -signal.SIGKILL
        stuck.clear()

    running(Spec("postgres", start=start, answers=lambda: not stuck.is_set()), story)


def test_every_process_of_the_house_shows_signs_of_life_or_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGDAI_SMSC", "smpp://127.0.0.1:2775")
    monkeypatch.setattr(processes, "is_here", lambda: True)
    specs = services.specs(host="127.0.0.1", port=1, live_port=2)
    assert [each.name for each in specs if not (each.beats or each.answers)] == []
    assert [each.name for each in specs if each.answers] == ["exchange"]
    assert {"web", "live", "worker", "sms", "voice", "archive"} <= {each.name for each in specs}


def test_a_process_whose_work_stands_still_gives_no_sign_though_its_threads_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A main thread in a deadlock, an event loop that waits for ever: nothing tells but that no turn is taken."""
    monkeypatch.setenv(heartbeat.VARIABLE, str(tmp_path))
    monkeypatch.setattr(heartbeat, "EVERY", 0.05)
    monkeypatch.setattr(heartbeat, "STUCK_AFTER", 1.5)
    loop = asyncio.new_event_loop()
    running = threading.Thread(target=loop.run_forever)
    running.start()
    heartbeat.beat_by_thread()
    assert _beats_now(tmp_path)
    turning = asyncio.run_coroutine_threadsafe(heartbeat.turn_by_loop("work"), loop)
    time.sleep(2)
    assert _beats_now(tmp_path)
    free = threading.Event()
    loop.call_soon_threadsafe(free.wait)  # deadlocked
    until(lambda: not _beats_now(tmp_path))
    free.set()
    until(lambda: _beats_now(tmp_path))
    turning.cancel()
    until(lambda: not heartbeat._turns)  # what has ended is not waited for
    loop.call_soon_threadsafe(loop.stop)
    running.join()
    assert _beats_now(tmp_path)


def _beats_now(folder: Path) -> bool:
    """Whether a sign comes within a second."""
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        if {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} != before:
            return True
        time.sleep(0.05)
    return False


class Watched:
    """A pulse whose files are written by hand, and whose time is ours."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.pulse, self.turn = folder, Pulse(folder), 0
        self.pulse.begin()
        self.at = time.monotonic()

    def beats(self, pid: int) -> None:
        self.turn += 1
        (self.folder / str(pid)).touch()
        os.utime(self.folder / str(pid), ns=(self.turn, self.turn))

    def hung_after(self, seconds: float, *, step: float = 1.0) -> list[int]:
        found: list[int] = []
        end = self.at + seconds
        while self.at < end:
            self.at += step
            found = self.pulse.hung(lambda: [7, 8], at=self.at)
        return found


def test_thirty_seconds_without_a_sign_and_not_one_less(tmp_path: Path) -> None:
    it = Watched(tmp_path)
    it.beats(7)
    assert it.hung_after(30) == []
    it.beats(7)
    assert it.hung_after(30) == []
    assert it.hung_after(2) == [7]


def test_nobody_is_killed_because_the_machine_slept(tmp_path: Path) -> None:
    it = Watched(tmp_path)
    it.beats(7)
    it.hung_after(5)
    assert it.hung_after(3600, step=3600) == []
    assert it.hung_after(25) == []


def test_a_clock_that_is_set_back_by_a_day_kills_nobody(tmp_path: Path) -> None:
    it = Watched(tmp_path)
    it.turn = 10**18
    it.beats(7)
    it.hung_after(25)
    it.turn = 0
    it.beats(7)
    assert it.hung_after(25) == []


def test_the_number_of_one_that_ended_is_nobody_elses(tmp_path: Path) -> None:
    it = Watched(tmp_path)
    it.beats(7)
    it.beats(99)  # a worker that was replaced; its number may be anybody's by now
    for _ in range(5):
        it.beats(7)
        assert it.hung_after(10) == []
    assert not (tmp_path / "99").exists()


def test_one_that_hangs_before_its_first_sign_is_noticed_too(tmp_path: Path) -> None:
    it = Watched(tmp_path)
    assert it.hung_after(heartbeat.STARTS_WITHIN - 1) == []
    assert it.hung_after(3) == [7]


def test_what_starts_slowly_is_not_asked_for_an_answer_yet() -> None:
    asking = Asking(lambda: False)
    asking.begin()
    at = time.monotonic()
    silent = [asking.is_silent(at=at + second) for second in range(1, int(heartbeat.STARTS_WITHIN) + 30)]
    assert not any(silent[: int(heartbeat.STARTS_WITHIN) - 1]) and silent[-1]


def test_systemd_hears_that_a_process_is_ready_and_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tongdai.platform.processes import readiness

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.delenv(heartbeat.VARIABLE, raising=False)
        monkeypatch.delenv(readiness.VARIABLE, raising=False)
        readiness.report_ready()
        heartbeat.beat()
        assert [systemd.recv(99), systemd.recv(99)] == [b"READY=1", b"WATCHDOG=1"]
