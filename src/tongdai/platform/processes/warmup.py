"""Load before the first citizen comes what would make them wait: the calendar's law, the directory's copy in memory."""

from __future__ import annotations

import gc

from django.db import Error, connection

from . import registry


def warm_up(*, web: bool = False) -> None:
    """Call what the rooms have registered, `web`: for pages too; a database that is away is asked again later."""
    of_the_web = registry.warm_ups_of_the_web.all() if web else ()
    try:
        for load in [*registry.warm_ups_at_birth.all(), *registry.warm_ups.all(), *of_the_web]:
            load()
    except Error:
        pass
    finally:
        connection.close()
    freeze()


def freeze() -> None:
    """Leave what is loaded out of the rounds of Python's garbage collector, for it stays as long as the process does.

    A round over the 150,000 objects that a process begins with stops all of its threads for 150 ms; over what comes after
    them it takes less than one. The source is CPython's documentation of `gc.freeze`.
    """
    gc.collect()
    gc.freeze()
