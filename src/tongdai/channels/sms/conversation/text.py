"""A text as it came in: its words, its sender, how it had been written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from tongdai.language.english import is_english

from ..models import Part
from . import grammar


@dataclass(frozen=True)
class Text:
    """What a citizen wrote, out of its parts in order.

    `scheme`: how it had been written before it was turned into Unicode. `incomplete`: parts of it never came. `late`: a
    part that came after its text was taken in without it, as these interactions (`taken_in_as`). `begun`: the first part
    of a long text, whose others are still to come. `wanted`: the language that the number asked for.
    """

    body: str
    parts: tuple[Part, ...]
    phone: str | None
    readable: bool = True
    scheme: str = ""
    incomplete: bool = False
    late: bool = False
    taken_in_as: tuple[int, ...] = ()
    begun: bool = False
    wanted: str = "vi"

    @property
    def key(self) -> str:
        """Names this very text, whatever is done with it."""
        return f"sms:{self.parts[-1].pk}"

    @cached_property
    def language(self) -> str:
        """What it is answered in: `en` where it is English, or where that was asked for and this is no Vietnamese; else `vi`."""
        if is_english(self.body):
            return "en"
        return self.wanted if self.body.isascii() else "vi"

    @property
    def sender(self) -> str:
        return self.parts[0].sender

    @property
    def destination(self) -> str:
        return self.parts[0].destination

    @cached_property
    def digest(self) -> str:
        """Of the words, by which the same text is known again."""
        return hashlib.sha256(grammar.same_words(self.body).encode("utf-8", "replace")).hexdigest()

    @property
    def detail(self) -> dict[str, str | int | bool]:
        """How it came, as its interaction has it on record."""
        marks = {"unreadable": not self.readable, "incomplete": self.incomplete, "late": self.late}
        written_in = {"written_in": self.scheme} if self.scheme else {}
        return {"pieces": len(self.parts), **{name: True for name, so in marks.items() if so}, **written_in}
