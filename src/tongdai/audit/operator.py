"""The command line is on record as well: which command, by which login of the machine, and whether it came to its end."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import DatabaseError, InterfaceError

from .acting import Acting, acts
from .entries import record
from .models import Kind, Who

log = structlog.get_logger(__name__)


@contextmanager
def on_record(command: str) -> Iterator[None]:
    """Inside, the operator acts; at the end the command is put on record. `command`: `import staff`, without arguments.

    A database that isn't made yet, or is away, keeps no record, and stops no command: the log says so.
    """
    login = _login()
    with acts(lambda: Acting(Who.OPERATOR, login=login)):
        outcome = "failed"
        try:
            yield
            outcome = "done"
        except BaseException as ended:
            if getattr(ended, "exit_code", 1) == 0:  # typer.Exit, with nothing amiss
                outcome = "done"
            raise
        finally:
            try:
                record(Kind.COMMAND, command, detail={"outcome": outcome})
            except (DatabaseError, InterfaceError) as trouble:
                log.warning("audit.command_not_recorded", command=command, why=type(trouble).__name__)


def _login() -> str:
    """Whose shell it is; behind sudo, who called it."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # no such user in the container
        return str(os.getuid())
