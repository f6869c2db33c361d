"""What was changed of a topic or an agency, newest first, and what it looked like before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from ..models import Change
from .columns import Row, table_of, written_of


def of(row: Row) -> QuerySet[Change]:
    """All changes of a row, the newest first."""
    return Change.objects.filter(table=table_of(row), row=row.pk).order_by("-pk")


def newest(row: Row) -> int:
    """The id of its newest change; 0: it has none on record."""
    return of(row).values_list("pk", flat=True).first() or 0


def since(row: Row, seen: int) -> list[Change]:
    """The changes after this one, the oldest first."""
    return list(of(row).filter(pk__gt=seen).reverse())


def merged(row: Row, typed: dict[str, Any], changes: Iterable[Change]) -> dict[str, Any]:
    """What was typed on a row as it was before these changes (oldest first), with what the others changed and the typist didn't.

    Values as they are written down. A column that both changed stays as it was typed.
    """
    now, changes = written_of(row), list(changes)
    base = dict(now)
    for change in reversed(changes):
        base |= change.before
    theirs = {name for change in changes for name in change.after}
    return {name: now[name] if name in theirs and value == base[name] else value for name, value in typed.items()}
