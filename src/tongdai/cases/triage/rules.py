"""Words that must never be missed: phrases that tell of danger now, and those that only sound like it.

Beside the trained model, which knows the endless other ways of saying it. The phrases are data: `data/phrases.txt`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tongdai.language.words import Word, words_of

from .danger import Kind

# what permits, insurances, reports and declarations speak of, too
PAST_OR_ON_PAPER = {Kind.FIRE, Kind.RESCUE, Kind.MEDICAL, Kind.ELECTRIC, Kind.MISSING}


def kind_of(text: str) -> Kind | None:
    """The danger that these words tell of, or None. No query; accents may be missing, whole words only."""
    standing = list(_standing(words_of(text)))
    if not standing:
        return None
    taken_out = {at for kind, at, size in standing if kind == "not" for at in range(at, at + size)}
    kinds = {kind for kind, at, size in standing if taken_out.isdisjoint(range(at, at + size))}
    found = {kind for kind in Kind if kind in kinds}
    if "abuse" in kinds:
        found.add(Kind.CHILD if "children" in kinds else Kind.VIOLENCE)
    if "calm" in kinds and "cry" not in kinds:
        found -= PAST_OR_ON_PAPER
    return next((kind for kind in Kind if kind in found), None)


_URGENT = re.compile(r"\W*(?:khẩn(?! trương)|khan cap\b|sos\b|🆘|emergency\b|urgent\b)", re.IGNORECASE)
_LOUD = re.compile(r"\W*KHAN\b")  # unaccented it is also a towel, unless it is shouted


def claims_urgency(text: str) -> bool:
    """Whether it begins by saying that it is urgent: `KHẨN: …`. Whoever says so is believed."""
    text = unicodedata.normalize("NFC", text)
    return (_URGENT.match(text) or _LOUD.match(text)) is not None


@dataclass(frozen=True)
class _Phrase:
    kind: str
    words: tuple[Word, ...]
    accents: bool  # they must be written

    def second_fits(self, text: Sequence[Word], at: int) -> bool:
        """Whether the next word may be the phrase's second: quick, for most phrases end there."""
        return len(self.words) < 2 or (at + 1 < len(text) and text[at + 1].plain == self.words[1].plain)

    def stands(self, text: Sequence[Word]) -> bool:
        """Whether these words are the phrase's."""
        return len(text) == len(self.words) and all(
            one.marked == other.marked if self.accents else one.may_be(other)
            for one, other in zip(text, self.words, strict=True)
        )


def _standing(text: Sequence[Word]) -> Iterator[tuple[str, int, int]]:
    """(kind, where, how many words) of every phrase that stands in the text."""
    by_first = _phrases()
    for at, word in enumerate(text):
        for phrase in by_first.get(word.plain, ()):
            if phrase.second_fits(text, at) and phrase.stands(text[at : at + len(phrase.words)]):
                yield phrase.kind, at, len(phrase.words)


@cache
def _phrases() -> dict[str, list[_Phrase]]:
    """Those of the data file by their first word."""
    read: dict[str, list[_Phrase]] = defaultdict(list)
    lines = files("tongdai.cases.triage").joinpath("data/phrases.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.strip() and not line.startswith("#"):
            kind, mark, phrase = re.split("([:=]) ", line, maxsplit=1)
            words = words_of(phrase)
            read[words[0].plain].append(_Phrase(kind, words, accents=mark == "="))
    return dict(read)
