"""A function of ours that reads a stranger's file, called in a process that can do nothing else.

`function` is named `module:name`, and is called with two open files, what was given and what it makes, and options that
JSON can carry. Its module must load all it will need: once confined, it opens no file, not even a module.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

from .confinement import Limits
from .connection import OverLimit, Pool, check, outcome_of, submit
from .memory import content_of, memory
from .server import Refusal

__all__ = ["Refusal", "call", "lines"]
POOL = Pool(at_once=4, patience=60.0)
LONGEST_LINE = 32 * 2**20  # octets


def call(function: str, given: bytes, *, limits: Limits, pool: Pool = POOL, **options: Any) -> bytes:
    """What the function has made.

    Raises:
        Refusal: the function says no, with a word of its own.
        CannotRead: and its kinds, see `connection`.
    """
    request = {"function": function, "options": options}
    with pool.place(), memory(given) as source, memory() as made, memory() as errors:
        with submit(request, limits=limits, files=[source.fileno(), made.fileno(), errors.fileno()]) as waiting:
            outcome = outcome_of(waiting)
        check(outcome, content_of(errors))
        return content_of(made)


def lines(function: str, given: int, *, limits: Limits, **options: Any) -> Iterator[Any]:
    """What the function writes, JSON line by line, as it comes. `given`: an open file. Stop early, and it is ended.

    Raises as `call` does.
    """
    request = {"function": function, "options": options}
    reading, writing = os.pipe()
    with open(reading, "rb") as made, POOL.place(), memory() as errors:
        try:
            waiting = submit(request, limits=limits, files=[given, writing, errors.fileno()])
        finally:
            os.close(writing)
        with waiting:
            while (line := made.readline(LONGEST_LINE)).endswith(b"\n"):
                yield json.loads(line)
            if len(line) == LONGEST_LINE:
                raise OverLimit
            outcome = outcome_of(waiting)
        check(outcome, content_of(errors))
