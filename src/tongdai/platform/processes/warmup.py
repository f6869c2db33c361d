"""Load before the first citizen comes what would make them wait: the calendar's law, the directory's copy in memory."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import Error, connection
from django.utils.module_loading import import_string


def warm_up(*, also: Iterable[str] = ()) -> None:
    """Call what the rooms name in settings.WARMED_UP, and these; a database that is away is asked again later."""
    try:
        for name in [*settings.WARMED_UP, *also]:
            import_string(name)()
    except Error:
        pass
    finally:
        connection.close()
