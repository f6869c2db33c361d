"""What is written down of a topic and of an agency: their columns, as values that outlive the rows they name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

from ..models import Agency, Place, Topic

Row: TypeAlias = Topic | Agency
TABLES: dict[str, type[Topic] | type[Agency]] = {"topics": Topic, "agencies": Agency}
TOPIC = (
    "name", "parent", "agency", "by_place", "limit_hours", "wait_days", "legal_basis", "urgent", "confidential", "health",
    "anonymous_allowed", "proof_required", "approval_required", "hides_sender", "keywords", "valid_from",
    "valid_to",
)  # fmt: skip
AGENCY = ("name", "kind", "parent", "places", "phone", "handles_denunciations", "valid_from", "valid_to")
DAYS = ("valid_from", "valid_to")


class Gone(LookupError):
    """A row that a value names is there no more; its code."""


def table_of(row: Row) -> str:
    return "topics" if isinstance(row, Topic) else "agencies"


def columns_of(row: Row | type[Row]) -> tuple[str, ...]:
    """The columns that people change, in the order of the pages. The code is none of them: it never changes."""
    return TOPIC if row is Topic or isinstance(row, Topic) else AGENCY


def written(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of columns as they are written down: a row by its code, rows by their codes in order, a day as 2025-07-01."""
    return {name: _written(value) for name, value in values.items()}


def written_of(row: Row) -> dict[str, Any]:
    """All columns of a saved row, written down."""
    values = {name: getattr(row, name) for name in columns_of(row) if name != "places"}
    if isinstance(row, Agency):
        values["places"] = list(row.places.all()) if row.pk else []
    return {name: _written(values[name]) for name in columns_of(row)}


def read(model: type[Row], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Values of columns again, from what was written down.

    Raises:
        Gone: a code that no row has any more.
    """
    return {name: _read(model, name, value) for name, value in stored.items()}


def _written(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Topic | Agency | Place):
        return value.code
    if isinstance(value, list):
        return sorted(each.code for each in value)
    return value


def _read(model: type[Row], name: str, value: Any) -> Any:
    if name in DAYS:
        return date.fromisoformat(value) if value else None
    if name == "places":
        return [_named(Place, code) for code in value]
    if name == "agency":
        return _named(Agency, value) if value else None
    if name == "parent":
        return _named(model, value) if value else None
    return value


def _named(model: type[Topic | Agency | Place], code: str) -> Any:
    found = model._default_manager.filter(code=code).first()
    if found is None:
        raise Gone(code)
    return found
