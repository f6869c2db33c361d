"""Plain text before the official one: what an editor wrote or the product ships is read, the official text stands beside it.

The columns of a procedure hold what citizens read. `Procedure.plain` says which of them are plain text:
field → {by, official, before, doubts}. `official`: what the source says of this field, where a file has said it; `before`:
what it said when the plain text was written or last looked at, where the source has changed since; `doubts`: what of the
official text could not be read with certainty. A field that is not there, or that an editor gave back to the source
(`Writer.OFFICIAL`), holds the official text itself. These functions change the row and save nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from ..models import Procedure

Trouble = dict[str, str]
FIELDS = ("name", "summary", "field", "levels", "audience", "agency", "place", "requirements", "steps", "papers", "ways",
          "result", "legal_basis", "decision", "source")  # fmt: skip
SHIPPED = frozenset(FIELDS) - {"field", "levels", "audience", "decision", "source"}  # words, no classification
FIELD_OF_PART = {"name": "name", "papers": "papers", "steps": "steps", "time": "ways", "fee": "ways", "where": "place"}


class Writer(TextChoices):
    """Whose words are read; OFFICIAL: an editor wants the source's, and shipped words stay away."""

    STARTER = "starter"
    EDITOR = "editor"
    OFFICIAL = "official"


def is_plain(row: Procedure, name: str) -> bool:
    """Whether plain text is read here in place of the official one."""
    return row.plain.get(name, {}).get("by") in {Writer.STARTER, Writer.EDITOR}


def plain_fields(row: Procedure) -> list[str]:
    return [name for name in FIELDS if is_plain(row, name)]


def official_of(row: Procedure, name: str) -> Any:
    """What the source says of this field; None: no file has said it yet, or what is read is all there is."""
    return row.plain[name].get("official") if is_plain(row, name) else getattr(row, name)


def doubts_beside(row: Procedure) -> list[Trouble]:
    """What of the official text beside plain text could not be read with certainty."""
    return [doubt for name in plain_fields(row) for doubt in row.plain[name].get("doubts", [])]


def to_review(row: Procedure) -> list[str]:
    """The plain texts whose official text has changed since they were written or last looked at."""
    return [name for name in plain_fields(row) if "before" in row.plain[name]]


def same(one: Any, other: Any) -> bool:
    """Whether two values of a field say the same: blanks, empty parts and `|` (a form's mark) make no difference."""
    return _lines(one) == _lines(other)


def take_official(
    row: Procedure, values: Mapping[str, Any], *, troubles: Iterable[Trouble], at: datetime
) -> dict[str, Any]:
    """What a source says now: read where there is no plain text, else kept beside it.

    Returns field → value of what stands beside plain text and wasn't known yet.
    """
    beside = {}
    for name, value in values.items():
        if not is_plain(row, name):
            setattr(row, name, value)
        elif _stands_beside(row, name, value, at=at):
            beside[name] = value
    unsettled = [each for each in row.troubles if is_plain(row, FIELD_OF_PART.get(each["at"], ""))]
    _share_out(row, troubles, spoken_of=values)
    row.troubles += unsettled  # an editor wrote there, and left the doubt open
    _settle_day(row)
    return beside


def put(row: Procedure, name: str, value: Any, *, by: Writer, official_known: bool) -> None:
    """Plain text from a file: over the official text and over shipped words, never over what an editor has decided."""
    entry = row.plain.get(name)
    if entry is None:
        _begin(row, name, by=by, official=getattr(row, name) if official_known else None)
        _share_out(row, row.troubles, spoken_of=[name])
    elif entry["by"] == Writer.STARTER:
        entry["by"] = by
    else:
        return
    setattr(row, name, value)


def written(row: Procedure, before: Procedure, *, read_at: datetime) -> None:
    """An editor's draft has become what the row says; `before`: the row until now, `read_at`: when she last read it.

    What she changed, and what she vouched for by settling its doubt, is plain text from now on; the official text word for
    word is the official text.
    """
    gone = [trouble for trouble in before.troubles if trouble not in row.troubles]
    vouched = {FIELD_OF_PART.get(trouble["at"], "") for trouble in gone}
    for name in FIELDS:
        old, new = getattr(before, name), getattr(row, name)
        if same(old, new) and name not in vouched:
            setattr(row, name, old)  # a form writes lists its own way: nothing was changed
            continue
        entry = row.plain.get(name)
        if entry is None or entry["by"] == Writer.OFFICIAL:
            _begin(row, name, by=Writer.EDITOR, official=old)
            row.plain[name]["doubts"] = [each for each in before.troubles if FIELD_OF_PART.get(each["at"]) == name]
        elif name not in vouched and "official" in entry and same(entry["official"], new):
            read_official(row, name)
        else:
            entry["by"] = Writer.EDITOR
            if row.official_changed_at is None or read_at >= row.official_changed_at:
                entry.pop("before", None)
    _settle_day(row)


def read_official(row: Procedure, name: str) -> None:
    """The official text is read again, with its doubts; shipped words stay away."""
    entry = row.plain[name]
    setattr(row, name, entry["official"])
    row.troubles += [doubt for doubt in entry["doubts"] if doubt not in row.troubles]
    row.plain[name] = {"by": Writer.OFFICIAL.value}
    _settle_day(row)


def still_right(row: Procedure) -> None:
    """All the plain text of it has been read beside what the source says now, and stands."""
    for name in to_review(row):
        del row.plain[name]["before"]
    _settle_day(row)


def _begin(row: Procedure, name: str, *, by: Writer, official: Any) -> None:
    entry: dict[str, Any] = {"by": by.value, "doubts": []}
    if official is not None:
        entry["official"] = official
    row.plain[name] = entry


def _stands_beside(row: Procedure, name: str, value: Any, *, at: datetime) -> bool:
    """Keep it beside; whether it says something else than what stood there."""
    entry = row.plain[name]
    known, old = "official" in entry, entry.get("official")
    entry["official"] = value
    if known and same(old, value):
        return False
    if known:
        entry.setdefault("before", old)
        if same(entry["before"], value) or same(getattr(row, name), value):
            del entry["before"]  # it was taken back, or says by now what the plain text does
        else:
            row.official_changed_at = at
    return True


def _share_out(row: Procedure, troubles: Iterable[Trouble], *, spoken_of: Iterable[str]) -> None:
    """A doubt about the official text goes with it: what a file says in its place is sure."""
    beside = {name: row.plain[name] for name in spoken_of if is_plain(row, name)}
    for entry in beside.values():
        entry["doubts"] = []
    read: list[Trouble] = []
    for trouble in troubles:
        name = FIELD_OF_PART.get(trouble["at"], "")
        (beside[name]["doubts"] if name in beside else read).append(trouble)
    row.troubles = read


def _settle_day(row: Procedure) -> None:
    if not to_review(row):
        row.official_changed_at = None


def _lines(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [{key: said for key, part in value.items() if (said := _lines(part))}]
    if isinstance(value, list):
        return [line for each in value for line in _lines(each) if line]
    text = "" if value in (None, 0) else str(value).replace("|", "/")
    return [line for each in text.splitlines() if (line := " ".join(each.split()))]
