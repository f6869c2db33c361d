"""BM25F over unaccented syllables and their pairs, in memory: terms → (entry, weight) in three flat arrays.

Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), §3.6: the fields' frequencies are
weighted and made comparable by length before they saturate together.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..answer_key import Kind
from .entry import Entry
from .text import Syllables, pairs, syllables

K1 = 0.96
# field → (weight, how much its length counts, whether pairs are kept, most syllables read)
FIELDS: dict[str, tuple[float, float, bool, int]] = {
    "name": (1.44, 0.55, True, 80),
    "aliases": (5.6, 0.2, True, 400),
    "about": (0.46, 0.85, False, 80),
    "body": (0.11, 0.6, False, 300),
}


class Index:
    """Entries that can be scored against weighted terms. Never changed once made: an edit makes a new one."""

    def __init__(self, entries: Sequence[Entry], *, pair_weight: float = 0.75) -> None:
        self.entries = list(entries)
        self.names = [syllables(each.name) for each in self.entries]
        self.aliases = [each.called for each in self.entries]
        self._kinds = [each.kind for each in self.entries]
        self._pair_weight = pair_weight
        self.known: dict[str, int] = {}  # syllable → how many entries hold it
        self.neighbours: dict[str, int] = {}  # pair → how many entries hold it
        self._build()

    def __len__(self) -> int:
        return len(self.entries)

    def idf(self, term: str) -> float:
        """How much a term tells entries apart; a term nobody has counts as the rarest."""
        return self._weights.get(term, self._rarest)

    def scores(self, asked: Mapping[str, float]) -> NDArray[np.float32]:
        """One score an entry for terms and their weights (pairs written `mot_hai`)."""
        found = np.zeros(len(self.entries), dtype=np.float32)
        for term, weight in asked.items():
            place = self._terms.get(term)
            if place is not None:
                span = slice(self._starts[place], self._starts[place + 1])
                found[self._who[span]] += weight * self._impact[span]  # an entry stands once in a term's list
        return found

    def is_none_of(self, kinds: frozenset[Kind]) -> NDArray[np.bool_]:
        """True where an entry is of none of these kinds."""
        return np.fromiter((kind not in kinds for kind in self._kinds), dtype=np.bool_, count=len(self))

    def _build(self) -> None:
        count = max(len(self.entries), 1)
        fields_of = [self._fields(number) for number in range(len(self.entries))]
        mean = {
            name: max(sum(len(phrase) for each in fields_of for phrase in each[name]) / count, 1.0) for name in FIELDS
        }
        postings: dict[str, dict[int, float]] = defaultdict(dict)
        for number, fields in enumerate(fields_of):
            for term, much in self._weighed(fields, mean).items():
                postings[term][number] = much
        self._terms = {term: place for place, term in enumerate(postings)}
        sizes = np.fromiter((len(each) for each in postings.values()), dtype=np.int64, count=len(postings))
        self._starts = np.concatenate([[0], np.cumsum(sizes)])
        total = int(self._starts[-1])
        self._who = np.fromiter((who for each in postings.values() for who in each), dtype=np.int32, count=total)
        frequency = np.fromiter(
            (much for each in postings.values() for much in each.values()), dtype=np.float32, count=total
        )
        self._idf = np.log(1 + (count - sizes + 0.5) / (sizes + 0.5)).astype(np.float32)
        self._rarest = math.log(1 + (count + 0.5) / 0.5)
        self._impact = frequency * (K1 + 1) / (frequency + K1) * np.repeat(self._idf, sizes)
        self._weights: dict[str, float] = dict(zip(self._terms, self._idf.tolist(), strict=True))
        for term, place in self._terms.items():
            (self.neighbours if "_" in term else self.known)[term] = int(sizes[place])

    def _fields(self, number: int) -> dict[str, tuple[Syllables, ...]]:
        """Field → its phrases; pairs don't reach from one phrase into the next."""
        entry = self.entries[number]
        phrases_of: dict[str, tuple[Syllables, ...]] = {
            "name": (self.names[number],),
            "aliases": self.aliases[number],
            "about": (syllables(entry.about),),
            "body": (syllables(entry.body[:4000]),),
        }
        return {name: _first(phrases, FIELDS[name][3]) for name, phrases in phrases_of.items()}

    def _weighed(self, fields: Mapping[str, tuple[Syllables, ...]], mean: Mapping[str, float]) -> dict[str, float]:
        """Term → its frequency over all fields, weighted and evened by length."""
        sums: dict[str, float] = defaultdict(float)
        for name, phrases in fields.items():
            weight, by_length, paired, _most = FIELDS[name]
            each = weight / (1 - by_length + by_length * sum(map(len, phrases)) / mean[name])
            for phrase in phrases:
                for word in phrase:
                    sums[word] += each
                if paired:
                    for pair in pairs(phrase):
                        sums[pair] += each * self._pair_weight
        return sums


def _first(phrases: Sequence[Syllables], most: int) -> tuple[Syllables, ...]:
    """Whole phrases up to so many syllables."""
    first: list[Syllables] = []
    for phrase in phrases:
        first.append(phrase[:most])
        most -= len(phrase)
        if most <= 0:
            break
    return tuple(first)


def best(scores: NDArray[Any], most: int) -> Iterable[int]:
    """The places of the highest scores above nothing, highest first."""
    if not len(scores):
        return []
    most = min(most, len(scores))
    top = np.argpartition(-scores, most - 1)[:most]
    return [int(place) for place in top[np.argsort(-scores[top], kind="stable")] if scores[place] > 0]
