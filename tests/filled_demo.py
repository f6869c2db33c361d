"""The demo's city as `tongdai demo` fills it, once for all tests that look at it: interrupted on the way, then gone on with."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import tongdai
from tests.house import House, free_port, open_folder
from tongdai.platform.database import postgres
from tongdai.platform.tests.made_once import made_once

FILLED_FROM = (".csv", ".json", ".jsonl", ".txt")  # what the city is made of beside code


class Demo(House):
    """`tongdai demo` on seven ports in a row."""

    def __init__(self, **how: object) -> None:
        port = free_port(more=6)
        super().__init__("demo", DEMO_PORT=str(port), **how)  # type: ignore[arg-type]
        self.port = port


def a_filled_home() -> Path:
    """A home of one's own with the filled city, its house not running. It is the caller's to remove."""
    sizes = (f"{file} {file.stat().st_size}" for file in sorted(Path(tongdai.__file__).parent.rglob("*.*"))
             if file.suffix in FILLED_FROM)  # fmt: skip
    made = made_once("filled-demo", *sizes, make=_fill)
    folder = open_folder()
    subprocess.run(["cp", "-a", f"{made}/var", folder], check=True)
    return folder


@contextmanager
def database_of(folder: Path) -> Iterator[postgres.Cluster]:
    """The database of a home whose house isn't running, while this lasts."""
    with pytest.MonkeyPatch.context() as here:
        here.setenv("TONGDAI_HOME", str(folder / "var"))
        here.delenv("TONGDAI_POSTGRES_BIN", raising=False)  # it was filled by the embedded one
        it = postgres.cluster()
        server = postgres.launch(it, quick=True)
        try:
            yield it
        finally:
            postgres.stop(server)
            shutil.rmtree(it.run, ignore_errors=True)


def _fill(to: Path) -> None:
    first = Demo()
    first.wait_for(lambda: "thí điểm" in first.printed(), within=900)
    for pid in first.pids("tongdai demo"):
        os.kill(pid, signal.SIGINT)  # as Ctrl-C does: to every process of the terminal
    assert first.process.wait(timeout=180) == 130, first.printed()  # the database puts away what was written
    assert "Traceback" not in first.printed()
    assert "Đã dừng. Lần sau tiếp tục từ đây." in first.printed()
    again = Demo(home=first.folder)
    again.wait_until_ready()
    assert again.stop() == 0, again.printed()
    shutil.move(first.folder, to)
