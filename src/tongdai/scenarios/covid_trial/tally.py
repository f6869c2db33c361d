"""What the peers of the trial counted themselves, to be held against the house's own figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What the peers counted: matters by channel, answers given, and what went wrong."""

    received: Counter[str] = field(default_factory=Counter)
    codes: dict[int, str] = field(default_factory=dict)
    answered: int = 0
    rejected: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
