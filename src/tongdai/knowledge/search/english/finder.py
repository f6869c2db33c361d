"""From a question in English to the answers meant, best first, with how certain that is.

Names and aliases are few and short, so each phrase is compared whole: how much of the question it says, and how much of it
the question leaves unsaid, every family of words weighed by how rare it is.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..certainty.result import Certainty, Hit, SearchResult
from ..entry import Entry
from ..phrases import Phrases
from .entries import EnglishEntry
from .question import is_in_english, read_question
from .words import Words, words_of

MOST_TYPED = 400  # characters that are read of a question


@dataclass(frozen=True)
class Weights:
    """Tuned on `bench/judged/english-tuned.txt` (`bench/english.py`)."""

    alike: float = 0.55  # how alike question and likest phrase are
    covered: float = 0.45  # how much of the question the entry says in all its phrases
    body: float = 0.5  # of a word that only its summary has
    unknown: float = 0.8  # of the rarest word: one that no answer has
    found: float = 0.6  # how much the first must have to be told as the answer
    ahead: float = 1.15  # of the second's score, else both are offered
    perhaps: float = 0.43  # … and to be offered at all
    nearly: float = 0.92  # of the score of what isn't here
    whole: float = 0.9


class EnglishFinder:
    """One search over the English entries. Safe for many threads: nothing changes after it is made."""

    def __init__(self, entries: Iterable[EnglishEntry], *, weights: Weights | None = None) -> None:
        self.weights = weights or Weights()
        self.entries = list(entries)
        self.words = Words(phrase for each in self.entries for phrase in (each.name, *each.aliases))
        phrases = [
            [self._meant(phrase) for phrase in (each.name, *each.aliases) if self._meant(phrase)]
            for each in self.entries
        ]
        self._said = [frozenset(word for phrase in each for word in phrase) for each in phrases]
        self._body = [frozenset(self._meant(each.body)) for each in self.entries]
        self._holders = Counter(word for said in self._said for word in said)
        self._phrases = Phrases(phrases, self.idf)

    def is_asked_in_english(self, typed: str, *, language: str = "vi") -> bool:
        return bool(self.entries) and is_in_english(typed[:MOST_TYPED], self.words, language=language)

    def idf(self, word: str) -> float:
        """How much a word tells answers apart."""
        many, held = len(self.entries), self._holders.get(word, 0)
        return math.log(1 + (many - held + 0.5) / (held + 0.5)) * (1.0 if held else self.weights.unknown)

    def find(self, typed: str, *, most: int = 10) -> SearchResult:
        """The answers meant. Nothing that says anything: none."""
        question = read_question(typed[:MOST_TYPED], self.words)
        told = {word: self.idf(word) for word in question.about}
        total = sum(told.values())
        if not total:
            return SearchResult((), question.part, Certainty.NOT_FOUND)
        alike, _most = self._phrases.fit(told, told, (), total)
        looked = []
        for place, entry in enumerate(self.entries):
            covered = sum(told[word] for word in told.keys() & self._said[place])
            covered += self.weights.body * sum(
                told[word] for word in (told.keys() & self._body[place]) - self._said[place]
            )
            if covered:
                likest = float(alike[place])
                score = self.weights.alike * likest + self.weights.covered * covered / total
                looked.append(self._hit(entry, score, whole=likest > self.weights.whole))
        looked.sort(key=lambda hit: -hit.score)
        hits = tuple(hit for hit in looked if not hit.entry.is_elsewhere)[:most]
        certainty = self._certainty(hits, looked, len(told))
        return SearchResult(hits, question.part, certainty, " ".join(question.about), question.also)

    def _meant(self, phrase: str) -> tuple[str, ...]:
        return tuple(self.words.meant(words_of(phrase)))

    @staticmethod
    def _hit(entry: EnglishEntry, score: float, *, whole: bool) -> Hit:
        found = Entry(entry.key, entry.name, chosen=entry.chosen)
        return Hit(found, score + 0.005 * math.log1p(entry.chosen), min(score, 1.0), whole)

    def _certainty(self, hits: Sequence[Hit], looked: Sequence[Hit], asked: int) -> Certainty:
        """`asked`: how many things were said; one alone (`stop`) is told only where it is the whole name of an answer."""
        weights = self.weights
        if not hits or hits[0].likelihood < weights.perhaps:
            return Certainty.NOT_FOUND
        first, second = hits[0], looked[1].score if len(looked) > 1 else 0.0
        if looked[0].entry.is_elsewhere and not first.whole:
            return Certainty.PERHAPS if first.score > weights.nearly * looked[0].score else Certainty.NOT_FOUND
        clear = asked > 1 and first.score >= weights.ahead * second
        sure = first.likelihood >= weights.found and (first.whole or clear)
        return Certainty.FOUND if sure else Certainty.PERHAPS
