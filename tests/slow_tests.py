"""`make slow-tests`: measure each test of the rooms and write down those that `make test-fast` leaves to `make test`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

LISTED = Path(__file__).with_name("slow_tests.txt")
SLOW_FROM = 0.15  # seconds, beside one other


class Stopwatch:
    """How long each test took: what it asks for, itself, and what it puts away; of several examples the longest."""

    def __init__(self) -> None:
        self._phases: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._phases[report.nodeid] += report.duration

    def slow(self) -> list[str]:
        return sorted({name.split("[")[0] for name, seconds in self._phases.items() if seconds >= SLOW_FROM})


def listed() -> frozenset[str]:
    """Names of tests, without those of their examples: `src/…/test_x.py::test_y`."""
    return frozenset(LISTED.read_text().splitlines())


def main() -> int:
    stopwatch = Stopwatch()
    status = pytest.main(["-q", "-n", "2", "--dist", "loadfile", "-m", "not soak", "src"], plugins=[stopwatch])
    if status == pytest.ExitCode.OK:
        LISTED.write_text("".join(f"{name}\n" for name in stopwatch.slow()))
    return status


if __name__ == "__main__":
    sys.exit(main())
