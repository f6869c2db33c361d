"""The models of this installation: trained when the package is built, or when one is first asked for where nobody has.

`make install` and the wheel train them (`tongdai triage train`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

from .model import FILE, Model, read
from .training import train

Made = TypeVar("Made")


@cache
def model() -> Model:
    """The one that judges danger, read once a process (a second). Trains it where nobody has: some minutes."""
    return trained(FILE, train=train, read=read)


def trained(file: Path, *, train: Callable[[], object], read: Callable[[Path], Made]) -> Made:
    """What stands in this file, trained first where nobody has.

    Raises:
        ImportError: it has not been trained, and scikit-learn isn't here to do it.
    """
    if not file.exists():
        train()
    return read(file)
