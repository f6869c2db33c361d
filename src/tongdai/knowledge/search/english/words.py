"""English words as the search compares them: a family of words that say the same is one, and a slip of the finger is repaired."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from tongdai.language.text import clean, fold

from ...starter.files import english_families, lines_of

_WORD = re.compile(r"[a-z0-9]+")
LONGEST = 6  # words of a phrase
FUNCTION_WORDS = frozenset(word for line in lines_of("english/function_words.txt") for word in line.split())

OTHER_WORDS = frozenset(word for line in lines_of("english/other_words.txt") for word in line.split())


def words_of(text: str) -> list[str]:
    """`Driver's licence?` → `["driver", "s", "licence"]`."""
    return _WORD.findall(fold(clean(text)))


class Words:
    """The words of the base: `known` are all that stand in its names, aliases and families."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._family: dict[tuple[str, ...], str] = {}
        for family in english_families():
            name = "".join(words_of(family[0]))
            for each in family:
                self._family.setdefault(tuple(words_of(each)), name)
        self.known = frozenset(word for phrase in phrases for word in words_of(phrase)) | frozenset(
            word for each in self._family for word in each
        )
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in sorted(self.known | FUNCTION_WORDS):
            self._by_length[len(word)].append(word)
        self._right = lru_cache(maxsize=5000)(self._repaired)

    def meant(self, words: Sequence[str]) -> list[str]:
        """What is said, without what only serves the sentence: each family by its name."""
        words = [self._right(word) for word in words]
        out, at = [], 0
        while at < len(words):
            for length in range(min(LONGEST, len(words) - at), 0, -1):
                if name := self._family.get(tuple(words[at : at + length])):
                    out.append(name)
                    at += length
                    break
            else:
                if words[at] not in FUNCTION_WORDS and len(words[at]) > 1:
                    out.append(words[at])
                at += 1
        return out

    def spelt(self, word: str) -> str:
        """The word with its slip repaired."""
        return self._right(word)

    def _repaired(self, word: str) -> str:
        """A known form of it, else the one known word that is a slip away (two in a long word), else as it is."""
        if any(word in words for words in (self.known, FUNCTION_WORDS, OTHER_WORDS)) or len(word) < 4:
            return word
        if not word.isalpha():
            return word
        for end, instead in (("ies", "y"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e")):
            if word.endswith(end) and (word.removesuffix(end) + instead) in self.known:
                return word.removesuffix(end) + instead
        if len(word) < 5:
            return word
        most = 2 if len(word) > 6 else 1
        near = [
            (slips, each)
            for length in range(len(word) - most, len(word) + most + 1)
            for each in self._by_length[length]
            if each[0] == word[0] and (slips := _slips(word, each, most)) <= most
        ]
        return min(near)[1] if near else word


def _slips(one: str, other: str, most: int) -> int:
    """Letters to leave out, put in, change or swap with a neighbour (optimal string alignment); above `most`, any more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        oldest, before, row = before, row, [at]
        for place, there in enumerate(other, start=1):
            cost = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != there))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == there:
                cost = min(cost, oldest[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
