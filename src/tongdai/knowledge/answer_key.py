"""How an answer is named, `procedure:7`, and a part of it. Such names are written and read here alone, for every channel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

_WRITTEN = re.compile(r"(procedure|article|table|row):([1-9][0-9]{0,11})")


class Kind(StrEnum):
    """What an answer is."""

    PROCEDURE = "procedure"
    ARTICLE = "article"
    TABLE = "table"
    ROW = "row"


class Part(StrEnum):
    """The part of a procedure that a question asks for; its page opens there."""

    PAPERS = "papers"
    STEPS = "steps"
    FEE = "fee"
    TIME = "time"  # how long the office takes
    WHERE = "where"
    DEADLINE = "deadline"  # how long the citizen has
    CONDITIONS = "conditions"
    FORM = "form"
    ONLINE = "online"
    RESULT = "result"


@dataclass(frozen=True, slots=True, order=True)
class AnswerKey:
    """Which answer: its kind, and the id of its row. `str` writes it; whether the row is there, it doesn't say."""

    kind: Kind
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, written: str) -> Self:
        """The key that was written as `str` writes it.

        Raises:
            ValueError: it is none.
        """
        found = _WRITTEN.fullmatch(written)
        if found is None:
            raise ValueError(f"no key of an answer: {written[:40]!r}")
        return cls(Kind(found[1]), int(found[2]))

    @classmethod
    def read(cls, sent: str) -> Self | None:
        """The key that somebody sent; None where it is none."""
        try:
            return cls.parse(sent)
        except ValueError:
            return None
