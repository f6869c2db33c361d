"""A process and all below it."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path


def family(pid: int) -> list[int]:
    """This process and all below it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                parents.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for each in found:
        found += parents.get(each, [])
    return found


def kill_with_all_below(pid: int) -> None:
    """Stop it, then end its children and itself at once: a stopped child hears no other signal, and holds its port."""
    for signal_ in (signal.SIGSTOP, signal.SIGKILL):
        for each in reversed(family(pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal_)
