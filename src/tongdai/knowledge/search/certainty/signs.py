"""What speaks for and against the first answer's being the one that was meant: nine figures, whatever the size of the base.

From these a small model (`model.py`) says how sure it may be told. They are of words alone: sentence vectors, where the city
has them, count in the likelihood and in the order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from ..entry import Entry
from ..question import WeighedQuestion
from ..text import Syllables, syllables
from .result import Hit

CLEAR, FAR = 0.35, 1.5  # logarithms of how many times another's score: clearly ahead; as far as makes a difference
RIVALS = 6  # others that are looked at for words of the question which the first one lacks
MOST_PAIRS = 3
SURE = 1e-4  # no likelihood is nearer to 0 or 1


def signs_of(first: Hit, looked: Sequence[Hit], asked: WeighedQuestion) -> dict[str, float]:
    """By name, as `weights.json` knows them.

    `likely`: log-odds of its likelihood; `ahead`: of the next answer here, 0–1, and `ahead_of_others_matter` of what others
    settle (logarithms of the ratio of scores, capped); `whole`: it was named whole; `covered`: share of the question that its
    name or one alias holds; `others_pairs`: pairs of words that were said and only others have; `unsaid`: share of its name
    that nobody said and the next one doesn't have; `others_words`: words said of the next one's name that its own lacks;
    `level`: 0 the commune, 1 the province, 2 the ministry.
    """
    rivals = [hit for hit in looked if hit is not first]
    here = next((hit for hit in rivals if not hit.entry.is_elsewhere), None)
    others_matter = next((hit for hit in rivals if hit.entry.settled_by), None)
    name, other = set(syllables(first.entry.name)), set(syllables(here.entry.name)) if here else set[str]()
    said = asked.words.keys()
    return {
        "likely": _log_odds(first.likelihood),
        "ahead": min(_ahead(first, here), CLEAR) / CLEAR,
        "ahead_of_others_matter": _ahead(first, others_matter),
        "whole": float(first.whole),
        "covered": first.covers,
        "others_pairs": float(min(len(_only_of_others(first, rivals[:RIVALS], asked)), MOST_PAIRS)),
        "unsaid": len(name - other - said) / max(len(name), 1) if other else 0.0,
        "others_words": float(len((other - name) & said)),
        "level": float(first.entry.level),
    }


def _only_of_others(first: Hit, rivals: Sequence[Hit], asked: WeighedQuestion) -> list[tuple[str, str]]:
    """Pairs of words of the question that others are called by, and of which the first has not even both words."""
    own = _phrases(first.entry)
    words = frozenset(word for phrase in own for word in phrase)
    held = frozenset(pair for phrase in own for pair in pairwise(phrase))
    meant = {  # an everyday phrase that the first has in its official words lacks nothing
        pair for ways, _much in asked.units if any(words.issuperset(way) for way in ways) for pair in pairwise(ways[0])
    }
    lacking = [
        pair
        for pair in pairwise(asked.question.about)
        if pair not in held and pair not in meant and not words.issuperset(pair)
    ]
    of_others = (
        {pair for hit in rivals for phrase in _phrases(hit.entry) for pair in pairwise(phrase)} if lacking else {}
    )
    return [pair for pair in lacking if pair in of_others]


def _phrases(entry: Entry) -> list[Syllables]:
    return [syllables(entry.name), *entry.called]


def _ahead(first: Hit, other: Hit | None) -> float:
    """The logarithm of how many times the other's score by words it has; `FAR` where there is no other."""
    if other is None:
        return FAR
    return min(math.log(max(first.by_words, 0.1) / max(other.by_words, 0.1)), FAR)


def _log_odds(likelihood: float) -> float:
    held = min(max(likelihood, SURE), 1 - SURE)
    return math.log(held / (1 - held))
