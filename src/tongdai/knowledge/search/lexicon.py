"""What people write and what is meant by it: abbreviations stand for their meaning, synonyms add the official word.

Both are data of the city (`knowledge.models.Term`), started from `starter/abbreviations.txt` and `starter/synonyms.txt`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ..starter.files import Expression
from .text import Syllables, syllables

LONGEST = 6  # syllables of what may be written


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Expressions by their unaccented syllables."""

    abbreviations: dict[Syllables, tuple[Syllables, ...]] = field(default_factory=dict)
    synonyms: dict[Syllables, tuple[Syllables, ...]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    marked: frozenset[str] = frozenset()  # abbreviations written with marks: `đk`, `sđt`

    @classmethod
    def of(cls, abbreviations: Iterable[Expression], synonyms: Iterable[Expression]) -> Lexicon:
        abbreviations = list(abbreviations)
        short, like = _gathered(abbreviations), _gathered(synonyms)
        known = {
            word for book in (short, like) for written in book for each in (written, *book[written]) for word in each
        }
        marked = {word for each in abbreviations for word in each.written.lower().split() if not word.isascii()}
        return cls(short, like, frozenset(known), frozenset(marked))

    def expanded(
        self,
        words: Sequence[tuple[str, str]],
        *,
        is_word: Callable[[str], bool],
        together: Callable[[str, str], int] = lambda _one, _other: 0,
    ) -> tuple[list[str], list[Syllables]]:
        """(the syllables with abbreviations written out, what else they may mean), from (unaccented, as written) pairs.

        `tàu cá` has no *công an* in it: an abbreviation is never written with a tone it doesn't have. One that is a word
        as well (`is_word`: `ca` without accents) stays, and its meaning is only one more. Of several meanings the words
        beside it choose (`together`: how often two stand side by side): `bản ck` is no husband.
        """
        out: list[str] = []
        others: list[Syllables] = []
        plain = [word for word, _raw in words]
        for start, end, meanings in _spans(plain, self.abbreviations):
            bare = all(raw.isascii() or raw in self.marked for _word, raw in words[start:end])
            if meanings and bare and not (end - start == 1 and is_word(plain[start])):
                before, after = out[-1:], plain[end : end + 1]
                meant = _by_neighbours(meanings, before, after, together)
                others += [meaning for meaning in meanings if meaning != meant]
                out += meant
            else:
                others += meanings if meanings and bare else ()
                out += plain[start:end]
        return out, others

    def official(self, words: Sequence[str]) -> list[tuple[int, int, tuple[Syllables, ...]]]:
        """Where everyday words stand, and what they officially are: (start, end, meanings), the longest first."""
        return [(start, end, meanings) for start, end, meanings in _spans(words, self.synonyms) if meanings]


def _by_neighbours(
    meanings: Sequence[Syllables], before: Sequence[str], after: Sequence[str], together: Callable[[str, str], int]
) -> Syllables:
    """The first meaning, unless nothing beside it speaks for it and something does for another."""

    def spoken_for(meaning: Syllables) -> int:
        return sum(together(word, meaning[0]) for word in before) + sum(together(meaning[-1], word) for word in after)

    return meanings[0] if len(meanings) == 1 or spoken_for(meanings[0]) else max(meanings, key=spoken_for)


def _gathered(expressions: Iterable[Expression]) -> dict[Syllables, tuple[Syllables, ...]]:
    """The same syllables may come from several lines (`bh`): their meanings are joined in order."""
    found: dict[Syllables, list[Syllables]] = defaultdict(list)
    for each in expressions:
        written = syllables(each.written)
        for meaning in map(syllables, each.meanings):
            if written and meaning and meaning != written and meaning not in found[written]:
                found[written].append(meaning)
    return {written: tuple(meanings) for written, meanings in found.items() if meanings}


def _spans(
    words: Sequence[str], book: dict[Syllables, tuple[Syllables, ...]]
) -> Iterable[tuple[int, int, tuple[Syllables, ...]]]:
    """The text cut into pieces, left to right, the longest expression first; a piece without meanings stands for itself."""
    at = 0
    while at < len(words):
        for length in range(min(LONGEST, len(words) - at), 0, -1):
            if meanings := book.get(tuple(words[at : at + length])):
                yield at, at + length, meanings
                at += length
                break
        else:
            yield at, at + 1, ()
            at += 1
