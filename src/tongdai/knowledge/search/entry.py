"""What can be found: one entry a procedure, an article, a look-up table or a row of one, as the search sees it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..answer_key import AnswerKey, Kind
from .text import Syllables, syllables


@dataclass(frozen=True)
class Entry:
    """`name`: official name, question or title; `aliases`: what people call it; `about`: field, result, who it is for;

    `body`: the rest of its words. `level`: 0 the commune (or none), 1 the province, 2 the ministry. `chosen`: how often
    people opened it from a search.

    `key`: None for a procedure that people ask for and this city has not taken in. Known by what people call it, it keeps
    a sister that the city has from being found in its stead. `settled_by`: who settles what is no matter of the city's
    procedures at all (`starter/elsewhere.txt`).
    """

    key: AnswerKey | None
    name: str
    aliases: tuple[str, ...] = ()
    about: str = ""
    body: str = ""
    level: int = 0
    for_citizens: bool = True
    chosen: int = 0
    settled_by: str = ""

    @cached_property
    def called(self) -> tuple[Syllables, ...]:
        """Its aliases as they are compared."""
        return tuple(filter(None, map(syllables, self.aliases)))

    @property
    def kind(self) -> Kind | None:
        return self.key.kind if self.key else None

    @property
    def is_elsewhere(self) -> bool:
        """Whether this city can't answer it: it may be meant, and is never told."""
        return self.key is None
