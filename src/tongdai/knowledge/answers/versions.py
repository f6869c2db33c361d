"""What an answer said before each save, with who saved it: for the editors' history, and to bring it back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models

from tongdai.accounts.models import User

from ..models import EditedAnswer, LookupTable, Version
from . import aliases

NOT_CONTENT = frozenset({"id", "version", "chosen", "updated_at", "digest", "twin_of", "plain", "official_changed_at"}) | {
    "generation", "pulled_at", "pull_trouble"}  # fmt: skip


def content_of(row: EditedAnswer) -> dict[str, Any]:
    """Its columns as JSON holds them, and what people call it."""
    found: dict[str, Any] = {} if isinstance(row, LookupTable) else {"aliases": aliases.aliases_of(row)}
    for column in row._meta.concrete_fields:
        if column.name not in NOT_CONTENT:
            value = getattr(row, column.attname)
            found[column.attname] = value.isoformat() if isinstance(value, date) else value
    return found


def record_version(row: EditedAnswer, *, by: User | None, at: datetime) -> None:
    """Record what the row says in the database now, under its present number; once."""
    stored = type(row)._default_manager.get(pk=row.pk) if isinstance(row, models.Model) else row
    Version.objects.get_or_create(
        kind=row.KIND,
        row=row.pk,
        version=stored.version,
        defaults={"state": stored.state, "content": content_of(stored), "by": by, "at": at},
    )


def versions_of(row: EditedAnswer) -> models.QuerySet[Version]:
    """The newest first."""
    return Version.objects.of(row.answer_key).select_related("by")


def content_to_restore(earlier: Version) -> dict[str, Any]:
    """What it said, as a draft takes it: all but whether citizens saw it, and the day of a table's rows."""
    return {name: value for name, value in earlier.content.items() if name not in {"state", "as_of"}}
