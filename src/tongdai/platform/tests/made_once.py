"""What many tests begin with and what takes seconds to make: made once for this code, then copied."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import tongdai

A_DAY = 24 * 3600.0  # seconds


def made_once(name: str, *more: str, make: Callable[[Path], None]) -> Path:
    """What `make` has put there, once for this code of the product (and `more` it depends on), for all tests of the machine.

    A test changes nothing of it, so whoever writes one doesn't wait for another.
    """
    code = hashlib.sha256("\0".join(more).encode())
    for file in sorted(Path(tongdai.__file__).parent.rglob("*.py")):
        if not file.name.startswith("test_"):
            code.update(file.read_bytes())
    folder = Path(tempfile.gettempdir()) / f"tongdai-{name}-{code.hexdigest()[:16]}"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _sweep(name)
            make(folder)
    return folder


def _sweep(name: str) -> None:
    """Away with those of earlier states of the code: nobody has begun with one for a day."""
    for old in Path(tempfile.gettempdir()).glob(f"tongdai-{name}-*"):
        if old.is_dir() and old.stat().st_mtime < time.time() - A_DAY:
            shutil.rmtree(old, ignore_errors=True)
