"""How long a text is before it goes out, and where it is cut: what the room of texts knows, for those beside and below it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from tongdai.platform.registry import Hook

from .links import LINK


@dataclass(frozen=True)
class Length:
    """`units`: septets of GSM-7, or UTF-16 units of UCS-2. `segments`: what a carrier counts and bills."""

    alphabet: Literal["gsm7", "ucs2"]
    units: int
    segments: int

    @property
    def cost(self) -> Decimal | None:
        """In dong, by what the city pays for a segment; None where it has not said."""
        return settings.SMS_SEGMENT_COST and self.segments * settings.SMS_SEGMENT_COST


class Lengths(Protocol):
    """What the room of texts counts."""

    def of(self, words: str) -> Length:
        """How long the words are as they go out."""

    def cut(self, words: str, *, most: int, end: str = "") -> str:
        """The longest beginning that fits so many segments with `end` behind it."""


lengths: Hook[[], Lengths] = Hook("how long a text is")


def with_invitation(words: str, invitation: str) -> str:
    """The words and what they invite to, where both go out whole; else the words alone."""
    whole = f"{words} {invitation}" if invitation else words
    return whole if lengths().of(whole).segments <= settings.SMS_MOST_SEGMENTS else words


def within_limit(words: str, *, with_link: bool) -> str:
    """The words as they may go out: whole within the city's limit, else their beginning, and where the rest is read.

    `with_link`: whether whoever gets it may open the case by a link.
    """
    if not with_link:
        return lengths().cut(words, most=settings.SMS_MOST_SEGMENTS)
    if lengths().of(words).segments <= settings.SMS_MOST_SEGMENTS:
        return words
    bare = " ".join(words.replace(LINK, "").split())
    return lengths().cut(bare, most=settings.SMS_MOST_SEGMENTS, end=_("Đọc hết: {link}").format(link=LINK))
