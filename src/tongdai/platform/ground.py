"""What every command stands on: the database running and Django set up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from . import postgres


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

        from . import pooling

        try:
            if os.environ.get("DATABASE_URL"):
                pooling.check_owner() if as_owner else pooling.check_processes()
            yield
        finally:
            connections.close_all()  # the server may stop now, and another one come
