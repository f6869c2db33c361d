"""Words that must never be missed: phrases that tell of danger now, and those that only sound like it.

Beside the trained model, which knows the endless other ways of saying it. The phrases are data: `data/phrases.txt`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product

from tongdai.language import abbreviations
from tongdai.language.words import Word, words_of

from .danger import Kind

# what permits, insurances, reports and declarations speak of, too
PAST_OR_ON_PAPER = {Kind.FIRE, Kind.RESCUE, Kind.MEDICAL, Kind.ELECTRIC, Kind.MISSING}


GAP = "…"  # in a phrase: up to so many words may stand there
MOST_BETWEEN = 3


@dataclass(frozen=True)
class Rules:
    """What the phrases say of a text: the danger it tells of, or None; whether whoever writes can't ring, or dares not.

    `wishes_to_die`: whoever writes says so of themselves, whatever else they ask for in the same breath.
    """

    kind: Kind | None
    cannot_ring: bool
    wishes_to_die: bool


@lru_cache(maxsize=500)
def read(text: str) -> Rules:
    """Whole words, accents may be missing, abbreviations are read as written and in full. No query."""
    told = [_told(line) for line in _lines_of(text)]
    found = {kind for each in told for kind in _dangers(each)}
    return Rules(
        next((kind for kind in Kind if kind in found), None),
        cannot_ring=any("unable" in each for each in told),
        wishes_to_die=any("wish" in each and "joke" not in each for each in told),
    )


def kind_of(text: str) -> Kind | None:
    """The danger that these words tell of, or None."""
    return read(text).kind


def cannot_ring(text: str) -> bool:
    """Whether it says that whoever writes can't ring: `con không gọi được`, `I can't call`."""
    return read(text).cannot_ring


def _told(text: Sequence[Word]) -> set[str]:
    """What the phrases in it tell of, without those that are taken out."""
    standing = list(_standing(text))
    taken_out = {at for kind, at, size in standing if kind == "not" for at in range(at, at + size)}
    return {kind for kind, at, size in standing if taken_out.isdisjoint(range(at, at + size))}


def _dangers(told: set[str]) -> set[Kind]:
    """The dangers, where some phrases depend on what stands beside them; see the head of the data file."""
    found = {kind for kind in Kind if kind in told}
    if "wish" in told:
        found.add(Kind.SUICIDE)
    if "abuse" in told:
        found.add(Kind.CHILD if "children" in told else Kind.VIOLENCE)
    if "touch" in told:
        found.add(Kind.CHILD if told & {"children", "small"} else Kind.VIOLENCE)
    if "secret" in told and not told & {"petty", "calm"}:
        found.add(Kind.CHILD)
    if "calm" in told and "cry" not in told:
        found -= PAST_OR_ON_PAPER
    return found - {Kind.SUICIDE} if "joke" in told else found


_URGENT = re.compile(r"\W*(?:khẩn(?! trương)|khan cap\b|sos\b|🆘|emergency\b|urgent\b)", re.IGNORECASE)
_LOUD = re.compile(r"\W*KHAN\b")  # unaccented it is also a towel, unless it is shouted


def claims_urgency(text: str) -> bool:
    """Whether it begins by saying that it is urgent: `KHẨN: …`. Whoever says so is believed."""
    text = unicodedata.normalize("NFC", text)
    return (_URGENT.match(text) or _LOUD.match(text)) is not None


@dataclass(frozen=True)
class _Phrase:
    """`pieces`: its words, in one piece, or in several with a gap between them."""

    kind: str
    pieces: tuple[tuple[Word, ...], ...]
    accents: bool  # they must be written

    def second_fits(self, text: Sequence[Word], at: int) -> bool:
        """Whether the next word may be the phrase's second: quick, for most phrases end there."""
        first = self.pieces[0]
        return len(first) < 2 or (at + 1 < len(text) and text[at + 1].plain == first[1].plain)

    def length(self, text: Sequence[Word], at: int) -> int:
        """How many words of the text from here are the phrase, the gaps counted; 0: it doesn't stand here."""
        here = at
        for number, piece in enumerate(self.pieces):
            gaps = range(MOST_BETWEEN + 1) if number else (0,)
            start = next((here + gap for gap in gaps if self._stands(piece, text, here + gap)), None)
            if start is None:
                return 0
            here = start + len(piece)
        return here - at

    def _stands(self, piece: Sequence[Word], text: Sequence[Word], at: int) -> bool:
        words = text[at : at + len(piece)]
        return len(words) == len(piece) and all(
            one.marked == other.marked if self.accents else one.may_be(other)
            for one, other in zip(words, piece, strict=True)
        )


def _standing(text: Sequence[Word]) -> Iterator[tuple[str, int, int]]:
    """(kind, where, how many words) of every phrase that stands in the text."""
    by_first = _phrases()
    for at, word in enumerate(text):
        for phrase in by_first.get(word.plain, ()):
            if phrase.second_fits(text, at) and (size := phrase.length(text, at)):
                yield phrase.kind, at, size


def _lines_of(text: str) -> set[tuple[Word, ...]]:
    """Its words as written, and with the abbreviations written out: `ko` → không."""
    written, known = words_of(text), _abbreviations()
    return {written, tuple(full for word in written for full in known.get(word.marked, (word,)))}


@cache
def _abbreviations() -> dict[str, tuple[Word, ...]]:
    """Those of one word; `ca` and the like, which are words too, do no harm beside the line as it was written."""
    known: dict[str, tuple[Word, ...]] = {}
    for short, full in abbreviations.unambiguous():
        if len(written := words_of(short)) == 1:
            known.setdefault(written[0].marked, words_of(full))
    return known


@cache
def _phrases() -> dict[str, list[_Phrase]]:
    """Those of the data file by their first word."""
    read: dict[str, list[_Phrase]] = defaultdict(list)
    lines = files("tongdai.cases.triage").joinpath("data/phrases.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.strip() and not line.startswith("#"):
            kind, mark, written = re.split("([:=]) ", line, maxsplit=1)
            for phrase in _wordings(written):
                pieces = tuple(words_of(piece) for piece in phrase.split(GAP))
                read[pieces[0][0].plain].append(_Phrase(kind, pieces, accents=mark == "="))
    return dict(read)


def _wordings(phrase: str) -> Iterator[str]:
    """Every wording of a phrase with choices in it: `(em|tôi) (chỉ|) muốn chết` is four."""
    parts = re.split(r"\(([^)]*)\)", phrase)
    for chosen in product(*(part.split("|") if number % 2 else (part,) for number, part in enumerate(parts))):
        yield "".join(chosen)
