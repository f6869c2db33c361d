"""The processes of the house, and how each is run: `tongdai up` starts all of them, `tongdai run NAME` one."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import IO

from django.conf import settings

from ..database import postgres
from ..home import home
from ..network import addresses
from . import registry
from .heartbeat import beat_by_thread
from .nursery import title
from .supervisor import Spec
from .warmup import warm_up

WEB_WORKERS, WEB_THREADS, UPLOAD_THREADS = 2, 8, 2
CONNECTIONS = 4096  # of one process, most of them idle or slow: none takes a thread
HEADERS_WITHIN = 15_000  # milliseconds, for the first line to the last; an idle connection ends then too


class AlreadyUp(Exception):
    """This home is up already, by the process named."""


def specs(*, host: str, port: int, live_port: int) -> list[Spec]:
    """The product's own processes, and those of the rooms above that this city has (`registry.services`)."""
    return [
        Spec("web", ("run", "web"), ready_url=f"{addresses.url(host, port)}/readyz"),
        Spec("live", ("run", "live"), ready_url=f"{addresses.url(host, live_port)}/readyz"),
        Spec("worker", ("run", "worker")),
        *(spec for of_room in registry.services.all() for spec in of_room()),
    ]


def database(it: postgres.Cluster, *, already: subprocess.Popen[bytes]) -> Spec:
    """The embedded server as one of the supervised: the one that runs `already`, and a new one whenever it dies."""
    first = [already]

    def start() -> subprocess.Popen[bytes]:
        return first.pop() if first else postgres.launch(it)

    return Spec("postgres", start=start, stops_last=True, stop_signal=signal.SIGINT, answers=it.answers)


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else brings this home up meanwhile.

    Raises:
        AlreadyUp: somebody does.
    """
    folder = home() / "run"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyUp(_holder(lock)) from None
        lock.seek(0)
        lock.truncate()
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _holder(lock: IO[str]) -> str:
    lock.seek(0)
    return lock.read().strip() or "?"


def run_web(*, host: str, port: int) -> None:
    """HTTP, by Granian: a few processes of a few threads each. The front end is part of the package.

    What they answer from is loaded before they are forked: once, in memory they share, and at hand at the first request.
    """
    import_module(settings.ROOT_URLCONF)
    warm_up()
    _serve(
        "tongdai.platform.web.server:application",
        "rsgi",
        name="web",
        host=host,
        port=port,
        workers=WEB_WORKERS,
        ends_within=5,
    )


def run_live(*, host: str, port: int) -> None:
    """Server-sent events and WebSockets, by Granian: one process holds all streams."""
    _serve(
        "tongdai.platform.live.server:application", "asgi", name="live", host=host, port=port, workers=1, ends_within=2
    )


def _serve(target: str, interface: str, *, name: str, host: str, port: int, workers: int, ends_within: int) -> None:
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))  # a socket each for those who only wait
    beat_by_thread()
    Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces(interface),
        workers=workers,
        backlog=1024,
        backpressure=CONNECTIONS,
        http=HTTPModes.http1,  # a proxy speaks it, and its idle connections end
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN),
        websockets=interface == "asgi",  # the live process carries browsers' telephones (live/registry.py)
        respawn_failed_workers=True,
        workers_kill_timeout=ends_within,
        process_name=title("run", name),
        log_access=False,
        log_level=LogLevels.error,
    ).serve()
