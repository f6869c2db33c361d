"""`make soak N=20`: the tests with real peers, that often, then 500 calls of random actions; it goes on where it was stopped.

What passed is kept in `.soak/`, by commit; of what failed the whole output, with its seed. 0 when all has passed that often.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HOME = Path(".soak")
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
RANDOM_CALLS = "500 calls of random actions"
FOLDERS = (Path("tests/peers"), Path("tests/journeys"))
MORE = (  # what takes longer than `make test` may: the trial with other dice, a table of 200,000 rows
    "src/tongdai/scenarios/tests/test_the_trial.py",
    "src/tongdai/knowledge/tests/test_tables.py",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--only", help="part of a file's name")
    parser.add_argument(
        "--beside", type=int, default=3, help="files that run at once: who waits for telephones needs no core"
    )
    parser.add_argument("--folder", type=Path, action="append", help="of the tests' folders this one; else all of them")
    times, only, beside, folders = vars(parser.parse_args()).values()
    found = sorted(str(file) for folder in folders or FOLDERS for file in folder.glob("test_*.py"))
    files = [file for file in (*found, *(() if folders else MORE)) if not only or only in Path(file).name]
    book = Book()
    turns = [name for turn in range(1, times + 1) for name in files if book.runs(name) < turn]
    with ThreadPoolExecutor(beside) as at_once:
        begun = [at_once.submit(book.run, name, [*PYTEST, name], of=times) for name in turns]
        try:
            for each in begun:
                each.result()
        except KeyboardInterrupt:
            at_once.shutdown(wait=False, cancel_futures=True)
            raise
    if not (only or folders) and book.runs(RANDOM_CALLS) < 1:
        book.run(
            RANDOM_CALLS, [sys.executable, "-m", "bench.random_calls", "--callers", "500", "--seconds", "1200"], of=1
        )
    return book.tell()


class Book:
    """How often each has been run at this commit, and how often it failed."""

    def __init__(self) -> None:
        self._one_writes = threading.Lock()
        HOME.mkdir(exist_ok=True)
        commit = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False
        ).stdout.strip()
        self._file = HOME / f"{commit[:12] or 'here'}.json"
        self._kept: dict[str, dict[str, int]] = json.loads(self._file.read_text()) if self._file.exists() else {}

    def runs(self, name: str) -> int:
        return self._kept.get(name, {}).get("runs", 0)

    def run(self, name: str, command: Sequence[str], *, of: int) -> None:
        begun = time.monotonic()
        # a session of its own: Ctrl-C reaches the soak alone, which then begins no more, and waits for those under way
        done = subprocess.run(command, capture_output=True, text=True, check=False, start_new_session=True)
        with self._one_writes:
            self._write_down(name, done, of=of, took=time.monotonic() - begun)

    def _write_down(self, name: str, done: subprocess.CompletedProcess[str], *, of: int, took: float) -> None:
        row = self._kept.setdefault(name, {"runs": 0, "failed": 0})
        row["runs"] += 1
        if done.returncode:
            row["failed"] += 1
            log = HOME / f"{Path(name).stem.replace(' ', '-')}-{row['failed']}.log"
            log.write_text(done.stdout + done.stderr)
            print(f"FAILED  {name}: {log}", flush=True)
        else:
            print(f"passed  {name}, {row['runs']} of {of}, {took:.0f} s", flush=True)
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(self._kept, indent=1))
        os.replace(fresh, self._file)

    def tell(self) -> int:
        failed = {name: row["failed"] for name, row in self._kept.items() if row["failed"]}
        print(f"failed: {failed}" if failed else "all passed, every time", flush=True)
        return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
