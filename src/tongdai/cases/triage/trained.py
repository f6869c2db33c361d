"""The model of this installation: trained when the package is built, or when it is first asked for where nobody has.

`make install` and the wheel train it (`tongdai triage train`).
"""

from __future__ import annotations

from functools import cache

from .model import FILE, Model, read
from .training import train


@cache
def model() -> Model:
    """The one of this installation, read once a process (a second). Trains it where nobody has: some minutes.

    Raises:
        ImportError: it has not been trained, and scikit-learn isn't here to do it.
    """
    if not FILE.exists():
        train()
    return read(FILE)
