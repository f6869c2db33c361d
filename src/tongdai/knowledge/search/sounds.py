"""Words written as they are said: `khai xinh`, `tạm chú`, `bằng nái`. Many people speak l as n, x as s, ch as tr, d as gi or r.

Each such word may stand for any of those that sound alike; which one, its neighbours tell: the base has `khai sinh` and no
`khai xinh`. Asked only where the words as they were written found nothing sure.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set

_ONSET = re.compile(r"ngh|ng|nh|ch|gh|gi(?=[aeouy])|kh|ph|qu|th|tr|[bcdfghjklmnprstvwxz]|")
_ALIKE = {"n": "l", "x": "s", "tr": "ch", "gi": "d", "r": "d", "z": "d", "j": "d", "ngh": "ng", "gh": "g", "k": "c",
          "q": "c", "f": "ph", "w": "qu"}  # fmt: skip
_ENDINGS = {"ng": "n", "c": "t", "y": "i", "ch": "t", "nh": "n"}
_ENDING = re.compile(r"(?:ng|nh|ch|c|y)$")
MOST_WAYS = 5  # of one syllable
CHANGED = 1.6  # what a change costs: a pair of neighbours that only few entries hold outweighs it
COMMON = 1.0  # … and what it costs more where the word as written is one the base has


def sound(syllable: str) -> str:
    """What those that are said alike have in common: `xinh` and `sinh` → `sin`."""
    found = _ONSET.match(syllable)
    onset = found[0] if found else ""
    rhyme = syllable[len(onset) :]
    ending = _ENDING.search(rhyme)
    if ending and len(rhyme) > len(ending[0]):
        rhyme = rhyme[: ending.start()] + _ENDINGS[ending[0]]
    elif rhyme == "y":
        rhyme = "i"
    return _ALIKE.get(onset, onset) + rhyme


class Sounds:
    """Knows which syllables of the base are said alike, and which of them stand side by side."""

    def __init__(self, known: Mapping[str, int], neighbours: Mapping[str, int]) -> None:
        self._known, self._neighbours = known, neighbours
        alike: dict[str, list[str]] = defaultdict(list)
        for syllable in sorted(known, key=lambda each: -known[each]):
            if syllable.isalpha():
                alike[sound(syllable)].append(syllable)
        self._alike = {key: ways[:MOST_WAYS] for key, ways in alike.items()}

    def as_meant(self, words: Sequence[str], *, certain: Set[str] = frozenset()) -> list[str]:
        """The likeliest words that sound like these, by their neighbours; the same ones where nothing speaks for others.

        `certain`: words that stay as they are.
        """
        best: dict[str, tuple[float, list[str]]] = {"": (0.0, [])}
        for word in words:
            ways = {word: 0.0}
            if word not in certain:
                alike = self._alike.get(sound(word), ())
                ways |= {way: -self._cost(word, way) for way in alike if way != word}
            reached: dict[str, tuple[float, list[str]]] = {}
            for way, own in ways.items():
                reached[way] = max(
                    (much + own + self._together(before, way), [*path, way]) for before, (much, path) in best.items()
                )
            best = reached
        return max(best.values())[1]

    def _cost(self, word: str, way: str) -> float:
        """Less easily mistaken is a word that the base knows better than the other."""
        return CHANGED + (COMMON if self._known.get(word, 0) > self._known.get(way, 0) else 0.0)

    def _together(self, before: str, word: str) -> float:
        return math.log1p(self._neighbours.get(f"{before}_{word}", 0)) if before else 0.0
