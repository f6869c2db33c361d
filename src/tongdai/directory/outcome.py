"""What reading a table of the city did, or would do."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What a file does (or would do): a line a row that is new or differs; what is wrong, by line and column."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)
