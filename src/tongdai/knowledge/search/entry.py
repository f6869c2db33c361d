"""What can be found: one entry a procedure, an article, a look-up table or a row of one, as the search sees it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an answer is; `ELSEWHERE` is none: a procedure that people ask for and this city has not taken in.

    Known by what people call it, it keeps a sister that the city has from being told in its stead.
    """

    PROCEDURE = "procedure"
    ARTICLE = "article"
    TABLE = "table"
    ROW = "row"
    ELSEWHERE = "elsewhere"


class Part(StrEnum):
    """The part of a procedure that a question asks for; its page opens there."""

    PAPERS = "papers"
    STEPS = "steps"
    FEE = "fee"
    TIME = "time"
    WHERE = "where"


@dataclass(frozen=True)
class Entry:
    """`name`: official name, question or title; `aliases`: what people call it; `about`: field, result, who it is for;

    `body`: the rest of its words. `level`: 0 the commune (or none), 1 the province, 2 the ministry. `chosen`: how often
    people opened it from a search. `key` names its row: `procedure:7`.
    """

    key: str
    kind: Kind
    name: str
    aliases: tuple[str, ...] = ()
    about: str = ""
    body: str = ""
    level: int = 0
    for_citizens: bool = True
    chosen: int = 0
