"""A procedure as some file tells it, before it is a row: the one shape all importers make."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

HOLDS_BACK = frozenset({"name"})  # without these nobody can tell what it is: not shown to citizens at all
_BESIDE = frozenset({"plain", "beside", "doubts"})


@dataclass(frozen=True)
class Trouble:
    """`at`: the part in doubt (name, papers, steps, time, fee …); `what`: the words it should have been read from."""

    at: str
    what: str


@dataclass
class Record:
    """Field by field as `models.Procedure`; an empty one was not given, or is in doubt.

    `silent_on`: fields the file has no column for; what is known of them stays. `plain`: fields whose value is plain text,
    each with who wrote it; `beside`: what the source says of those, where the file has it, and `doubts` about that.
    """

    code: str
    name: str
    summary: str = ""
    field: str = ""
    levels: list[str] = dataclasses.field(default_factory=list)
    audience: list[str] = dataclasses.field(default_factory=list)
    agency: str = ""
    place: str = ""
    requirements: str = ""
    steps: list[str] = dataclasses.field(default_factory=list)
    papers: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    ways: list[dict[str, str]] = dataclasses.field(default_factory=list)
    result: str = ""
    legal_basis: list[dict[str, str]] = dataclasses.field(default_factory=list)
    decision: str = ""
    source: str = ""
    troubles: list[Trouble] = dataclasses.field(default_factory=list)
    silent_on: frozenset[str] = frozenset()
    plain: dict[str, str] = dataclasses.field(default_factory=dict)
    beside: dict[str, Any] = dataclasses.field(default_factory=dict)
    doubts: list[Trouble] = dataclasses.field(default_factory=list)

    @property
    def held_back(self) -> bool:
        """Whether it must wait for an editor altogether."""
        return any(trouble.at in HOLDS_BACK for trouble in self.troubles)

    def official(self) -> dict[str, Any]:
        """Column → what the source says, of those the file speaks of."""
        said = {name: value for name, value in self._all().items() if name not in self.silent_on | _BESIDE}
        return {name: value for name, value in said.items() if name not in self.plain} | self.beside

    def words(self) -> dict[str, Any]:
        """Column → plain text."""
        return {name: getattr(self, name) for name in self.plain}

    def all_troubles(self) -> list[dict[str, str]]:
        """What of the source could not be read with certainty, whether it is read or stands beside plain text."""
        return [asdict(trouble) for trouble in (*self.troubles, *self.doubts)]

    def digest(self) -> str:
        """Names the content: the same record imported again changes nothing."""
        content = json.dumps(self._all(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    def _all(self) -> dict[str, Any]:
        said = {each.name: getattr(self, each.name) for each in dataclasses.fields(self) if each.name != "silent_on"}
        for name in ("troubles", "doubts"):
            said[name] = [asdict(trouble) for trouble in said[name]]
        return {name: value for name, value in said.items() if value or name not in _BESIDE}
