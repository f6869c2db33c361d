"""What a draft says otherwise than what citizens read now, line by line: whoever approves sees what she approves."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import ndiff
from typing import Any

from django import forms

from tongdai.knowledge.answers import publishing, versions
from tongdai.knowledge.models import Draft, EditedAnswer

from .forms import LinesField

FORMS_NAME: dict[str, str] = {"owner_id": "owner"}  # column of the row → its field on the form, where they differ


@dataclass(frozen=True)
class Change:
    """`gone`, `new`: the lines of this part that stand in one of the two alone."""

    label: str
    gone: tuple[str, ...]
    new: tuple[str, ...]


def changes(row: EditedAnswer, held: Draft | None, form: forms.Form) -> list[Change]:
    """In the order of the form; none where there is no draft."""
    if held is None:
        return []
    before, after = _flat(versions.content_of(row)), _flat(publishing.content_of(held, row))
    found = []
    for name, field in form.fields.items():
        if name in after and before.get(name) != after[name]:
            lines = list(ndiff(_lines(field, before.get(name)), _lines(field, after[name])))
            gone, new = (tuple(line[2:] for line in lines if line.startswith(sign)) for sign in ("- ", "+ "))
            if gone or new:
                found.append(Change(str(field.label or name), gone, new))
    return found


def _flat(content: dict[str, Any]) -> dict[str, Any]:
    """Its columns by the names of the form's fields; where a table is fetched from stands beside them."""
    flat: dict[str, Any] = {**content, **(content.get("pull") or {})}
    return {FORMS_NAME.get(name, name): value for name, value in flat.items()}


def _lines(field: forms.Field, value: Any) -> list[str]:
    shown = field.prepare_value(value) if isinstance(field, LinesField) else value
    return str(shown).splitlines() if shown not in (None, "", []) else []
