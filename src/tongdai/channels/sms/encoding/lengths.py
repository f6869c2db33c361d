"""How long a text is when it goes out: segments, units and cost, by the alphabet that the city sends in.

Counted by the cutting itself (`splitting`), with links and codes as long as they will be. `frontend/islands/segments.ts`
counts the same in a browser; both are held to the vectors in `tests/segment_vectors.json`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from tongdai.channels import links
from tongdai.channels.length import Length

from . import shortening, splitting
from .segments import GSM7

BRIEF = 2  # segments: what we write of a case by ourselves is no longer (67 letters each in UCS-2 when joined)


@dataclass(frozen=True)
class Segments:
    """How the room above the alphabets reads the length of a text. Registered as `channels.length`."""

    def of(self, words: str) -> Length:
        """How long these words are, marks in them counted as what will stand there."""
        found = splitting.measure(links.at_length(words), style=style())
        gsm = found.data_coding == GSM7
        units = found.octets if gsm else found.octets // 2
        return Length("gsm7" if gsm else "ucs2", units, found.parts if units else 0)

    def cut(self, words: str, *, most: int, end: str = "") -> str:
        """The longest beginning that fits with `end` behind it, cut where a sentence ends; all of it where it fits alone."""
        if fits(words, most):
            return words
        behind = f" {end}" if end else ""
        return shortening.shortened(words, fits=lambda shorter: fits(shorter + behind, most)) + behind


def style() -> splitting.Style:
    """What the city holds to be no loss (`TONGDAI_SMS_ALPHABET`)."""
    return "plain" if settings.SMS_ALPHABET == "gsm" else "accents"


def fits(words: str, most: int = BRIEF) -> bool:
    """Whether the words go out in so many segments."""
    return splitting.measure(links.at_length(words), style=style()).parts <= most


def first_that_fits(*wordings: str, most: int = BRIEF) -> str:
    """The first of these that fits, which go from the fullest to the shortest; else the last one."""
    return next((each for each in wordings if fits(each, most)), wordings[-1])


def lengths() -> Segments:
    """What `channels.length` asks."""
    return Segments()
