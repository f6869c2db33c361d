"""The lists of topics and agencies: a tree, those that ended apart; or what a search finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tongdai.directory.changes.columns import Row
from tongdai.directory.changes.rules import is_over
from tongdai.directory.models import Topic
from tongdai.directory.registry import Use
from tongdai.language.text import fold
from tongdai.platform.clock import today

DEEPEST = 4  # steps that a row is moved to the right at most


@dataclass(frozen=True)
class Line:
    """One row of the list."""

    row: Any
    depth: int
    uses: list[Use]
    path: str = ""  # what it lies under, where its place in the list doesn't say so

    @property
    def over(self) -> bool:
        return is_over(self.row)

    @property
    def to_come(self) -> bool:
        return self.row.valid_from is not None and self.row.valid_from > today()

    @property
    def resting(self) -> list[Use]:
        """What would have nobody, if it is over."""
        return [use for use in self.uses if use.remedy] if self.over else []


@dataclass
class Listed:
    """Those that hold or will, those that ended, and how many there are in all."""

    holding: list[Line] = field(default_factory=list)
    ended: list[Line] = field(default_factory=list)

    @property
    def resting(self) -> list[Line]:
        return [line for line in self.ended if line.resting]


def listed(rows: Iterable[Row], uses: dict[int, list[Use]], *, words: str = "") -> Listed:
    """All of them as a tree; with words those whose name, code, agency or legal basis hold every one, accents or none."""
    every, result = list(rows), Listed()
    wanted = fold(words).split()
    if wanted:
        for row in every:
            text = _text_of(row)
            if all(word in text for word in wanted):
                _add(result, Line(row, 0, uses[row.pk], _path(row)))
        return result
    inside = {row.pk: row for row in every if not is_over(row)}
    below: dict[int | None, list[Row]] = {}
    for row in inside.values():
        below.setdefault(row.parent_id if row.parent_id in inside else None, []).append(row)
    for row in below.get(None, []):
        _grow(result, row, below, uses, depth=0, seen=set())
    shown = {line.row.pk for line in result.holding}
    for row in every:
        if row.pk not in shown:  # over; or in a circle, which older rules let be
            _add(result, Line(row, 0, uses[row.pk], _path(row)))
    return result


def _grow(
    result: Listed,
    row: Row,
    below: dict[int | None, list[Row]],
    uses: dict[int, list[Use]],
    *,
    depth: int,
    seen: set[int],
) -> None:
    above_is_over = depth == 0 and row.parent is not None
    result.holding.append(Line(row, min(depth, DEEPEST), uses[row.pk], _path(row) if above_is_over else ""))
    for child in below.get(row.pk, []):
        if child.pk not in seen:
            _grow(result, child, below, uses, depth=depth + 1, seen=seen | {row.pk})


def _add(result: Listed, line: Line) -> None:
    (result.ended if line.over else result.holding).append(line)


def _path(row: Row) -> str:
    return row.parent.name if row.parent is not None else ""


def _text_of(row: Row) -> str:
    more = f"{row.agency or ''} {row.legal_basis} {row.keywords}" if isinstance(row, Topic) else row.phone
    return fold(f"{row.name} {row.code} {more}")
