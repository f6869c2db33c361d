"""The official text beside the plain one, and what the law changed of it, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django import forms

from tongdai.knowledge.answers.plain_text import official_of, plain_fields, same, to_review
from tongdai.knowledge.models import EditedAnswer, Procedure

from .forms import LinesField
from .procedures import FIELDS

MOST_WORDS = 1500  # of a passage compared word by word; a longer one is shown whole, as it was and as it is
_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True)
class Piece:
    """`sign`: gone, new, or nothing where both say it."""

    sign: str
    text: str


@dataclass(frozen=True)
class Official:
    """A field that has plain text. `official`: the source's, empty where none is known; `changed`: passage by passage, what

    the source has changed since the plain text was written or looked at; `may_return`: it can be read again.
    """

    name: str
    label: str
    by: str
    plain: str
    official: str
    changed: list[list[Piece]]
    may_return: bool


def official_texts(row: EditedAnswer, form: forms.Form) -> list[Official]:
    """One for each plain text of it, in the order of its fields."""
    if not isinstance(row, Procedure):
        return []
    due = to_review(row)
    found = []
    for name in plain_fields(row):
        entry, field = row.plain[name], form.fields.get(name)
        plain, official = getattr(row, name), official_of(row, name)
        text = _text(field, official)
        found.append(
            Official(
                name=name,
                label=str(FIELDS[name]),
                by=entry["by"],
                plain=_text(field, plain),
                official=text,
                changed=difference(_text(field, entry["before"]), text) if name in due else [],
                may_return=bool(official) and not same(plain, official),
            )
        )
    return found


def difference(before: str, now: str) -> list[list[Piece]]:
    """The passages that differ, each with what is gone and what is new in it; lines that stayed are left out."""
    old, new = before.splitlines(), now.splitlines()
    found: list[list[Piece]] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "replace" and b - a == d - c:
            found += [_in_words(*pair) for pair in zip(old[a:b], new[c:d], strict=True)]
        elif what != "equal":
            found.append(_in_words("\n".join(old[a:b]), "\n".join(new[c:d])))
    return found


def _in_words(before: str, now: str) -> list[Piece]:
    old, new = _WORD.findall(before), _WORD.findall(now)
    if len(old) + len(new) > MOST_WORDS:
        return [Piece("gone", before), Piece("new", now)]
    pieces = []
    compared = SequenceMatcher(None, [each.strip() for each in old], [each.strip() for each in new], autojunk=False)
    for what, a, b, c, d in compared.get_opcodes():
        if what == "equal":
            pieces.append(Piece("", "".join(new[c:d])))
        else:
            pieces += [Piece("gone", "".join(old[a:b])), Piece("new", "".join(new[c:d]))]
    return [piece for piece in pieces if piece.text]


def _text(field: forms.Field | None, value: Any) -> str:
    """As the form writes it."""
    shown = field.prepare_value(value) if isinstance(field, LinesField) else value
    return "\n".join(map(str, shown)) if isinstance(shown, list) else str(shown or "")
