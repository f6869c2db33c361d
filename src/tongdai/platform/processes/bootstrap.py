"""What every command stands on: the database running and Django set up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from .. import logs
from ..database import connection_settings, postgres
from . import registry

running: list[str] = []  # the command that was called, by its names: ["import", "staff"]; the command line says it


@contextmanager
def ready(*, as_owner: bool = False) -> Iterator[None]:
    """Inside: Django is set up, and the database answers (the embedded one is started for as long as needed)."""
    if as_owner:
        os.environ["TONGDAI_DATABASE_AS"] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdai.platform.settings")
    with nullcontext() if os.environ.get("DATABASE_URL") else postgres.running():
        import django

        django.setup()
        from django.db import connections

        from ..database import pooling

        try:
            if os.environ.get("DATABASE_URL"):
                pooling.check_owner() if as_owner else pooling.check_processes()
            with on_record():
                yield
        finally:
            connections.close_all()  # the server may stop now, and another one come


def set_up(*, directly: bool = False) -> None:
    """Django in a process of its own; the database is somebody else's to run. `directly`: past a pooler.

    Raises:
        CannotStart: the database is newer than this code, or another city's.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdai.platform.settings")
    if directly:
        os.environ[connection_settings.DIRECTLY] = "1"
    import django

    logs.set_up()
    django.setup()
    connection_settings.read_again()  # a process born of the nursery found them read, by the environment of that one
    from django.db import connection

    from ..database import machine_identity, pooling, version

    if os.environ.get("DATABASE_URL"):
        pooling.check_processes()
    version.refuse_a_newer_database()
    machine_identity.refuse_mismatches()
    connection.close()


def on_record() -> AbstractContextManager[Any]:
    """Puts the command that runs on record, at its end (`registry.command_on_record`). Nothing where no command runs."""
    if not running:
        return nullcontext()
    return registry.command_on_record(" ".join(running))
