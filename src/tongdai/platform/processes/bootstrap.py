"""What every command stands on: the database running and Django set up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from ..database import postgres

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


def on_record() -> AbstractContextManager[Any]:
    """Puts the command that runs on record, at its end (settings.COMMANDS_ON_RECORD). Nothing where no command runs."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    if not running:
        return nullcontext()
    return import_string(settings.COMMANDS_ON_RECORD)(" ".join(running))  # type: ignore[no-any-return]
