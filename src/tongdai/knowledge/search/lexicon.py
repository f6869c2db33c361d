"""What people write and what is meant by it: abbreviations stand for their meaning, synonyms add the official word.

Both are data of the city (`knowledge.models.Term`), started from `starter/abbreviations.txt` and `starter/synonyms.txt`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .text import Syllables, syllables

STARTER = Path(__file__).resolve().parent.parent / "starter"
LONGEST = 6  # syllables of what may be written


@dataclass(frozen=True)
class Saying:
    """`written` as people do → `meanings`, the likeliest first."""

    written: str
    meanings: tuple[str, ...]


@dataclass
class Lexicon:
    """Sayings by their unaccented syllables."""

    short: dict[Syllables, tuple[Syllables, ...]] = field(default_factory=dict)
    like: dict[Syllables, tuple[Syllables, ...]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    marked: frozenset[str] = frozenset()  # abbreviations written with marks: `đk`, `sđt`

    @classmethod
    def of(cls, abbreviations: Iterable[Saying], synonyms: Iterable[Saying]) -> Lexicon:
        abbreviations = list(abbreviations)
        short, like = _gathered(abbreviations), _gathered(synonyms)
        words = {word for said, meant in [*short.items(), *like.items()] for each in (said, *meant) for word in each}
        marked = {word for each in abbreviations for word in each.written.lower().split() if not word.isascii()}
        return cls(short, like, frozenset(words), frozenset(marked))

    def expanded(
        self, said: Sequence[tuple[str, str]], *, is_word: Callable[[str], bool]
    ) -> tuple[list[str], list[Syllables]]:
        """(the syllables with abbreviations written out, what else they may mean), from (unaccented, as written) pairs.

        `tàu cá` has no *công an* in it: an abbreviation is never written with a tone it doesn't have. One that is a word
        as well (`is_word`: `ca` without accents) stays, and its meaning is only one more.
        """
        out: list[str] = []
        others: list[Syllables] = []
        plain = [word for word, _raw in said]
        for start, end, meanings in _spans(plain, self.short):
            bare = all(raw.isascii() or raw in self.marked for _word, raw in said[start:end])
            if meanings and bare and not (end - start == 1 and is_word(plain[start])):
                others += meanings[1:]
                out += meanings[0]
            else:
                others += meanings if meanings and bare else ()
                out += plain[start:end]
        return out, others

    def official(self, said: Sequence[str]) -> list[tuple[int, int, tuple[Syllables, ...]]]:
        """Where everyday words stand, and what they officially are: (start, end, meanings), the longest first."""
        return [(start, end, meanings) for start, end, meanings in _spans(said, self.like) if meanings]


def lines_of(name: str) -> list[str]:
    """The lines of a file the product ships, without blanks and remarks (`#`)."""
    lines = (STARTER / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def read_sayings(name: str) -> list[Saying]:
    """Lines `written | written = meaning | meaning`."""
    found = []
    for line in lines_of(name):
        left, right = line.split(" = ", 1)
        meanings = tuple(filter(None, map(str.strip, right.split("|"))))
        found += [Saying(each.strip(), meanings) for each in left.split("|") if each.strip()]
    return found


def starter() -> Lexicon:
    """The lexicon the product ships."""
    return Lexicon.of(read_sayings("abbreviations.txt"), read_sayings("synonyms.txt"))


def _gathered(sayings: Iterable[Saying]) -> dict[Syllables, tuple[Syllables, ...]]:
    """The same syllables may come from several lines (`bh`): their meanings are joined in order."""
    found: dict[Syllables, list[Syllables]] = defaultdict(list)
    for each in sayings:
        written = syllables(each.written)
        for meaning in map(syllables, each.meanings):
            if written and meaning and meaning != written and meaning not in found[written]:
                found[written].append(meaning)
    return {written: tuple(meanings) for written, meanings in found.items() if meanings}


def _spans(
    said: Sequence[str], book: dict[Syllables, tuple[Syllables, ...]]
) -> Iterable[tuple[int, int, tuple[Syllables, ...]]]:
    """The text cut into pieces, left to right, the longest saying first; a piece without meanings stands for itself."""
    at = 0
    while at < len(said):
        for length in range(min(LONGEST, len(said) - at), 0, -1):
            if meanings := book.get(tuple(said[at : at + length])):
                yield at, at + length, meanings
                at += length
                break
        else:
            yield at, at + 1, ()
            at += 1


@cache
def everyday_phrases() -> dict[str, list[str]]:
    """Procedure code → what people call it, from the lines `1.001193: làm giấy khai sinh | khai sinh cho con`."""
    found: dict[str, list[str]] = {}
    for line in lines_of("aliases.txt"):
        code, phrases = line.split(": ", 1)
        found.setdefault(code.strip(), []).extend(filter(None, map(str.strip, phrases.split("|"))))
    return {code: list(dict.fromkeys(phrases)) for code, phrases in found.items()}
