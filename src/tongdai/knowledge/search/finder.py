"""From what was typed to the answers meant, best first, with how certain that is.

The steps are those measured in docs/adr/0016: written out, question phrases taken out, syllables and pairs scored by
BM25F, everyday words joined by the official ones; then the best are looked at closely: how much of the question an
entry's name or alias covers, and how much of the name the question leaves unsaid.
"""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from copy import copy
from dataclasses import dataclass, replace

from ..answer_key import Kind, Part
from .certainty.judgement import THRESHOLDS, certainty_of, is_ahead, stands_out
from .certainty.result import Certainty, Hit, SearchResult, likelier
from .entry import Entry
from .index import Index, best
from .lexicon import Lexicon
from .phrases import Phrases
from .question import Question, WeighedQuestion, is_function_word, marked_unless_asking, read_question
from .sounds import Sounds
from .spelling import Spelling
from .text import Syllables, pairs, raw_syllables
from .vectors import Vectors

LOOKED_AT_CLOSELY = 40
NEAR = 30  # entries that only mean the same
NEUTRAL = 0.83  # nearness of what has no vector: as near as anything is
WHOLE, FEW = 0.9, 2  # share that is as good as all; so few words that a choice is offered of all that hold them
MOST_TYPED = 400  # characters that are read of a question


@dataclass(frozen=True)
class Aids:
    """What helps the search; a benchmark turns each off in turn."""

    abbreviations: bool = True
    questions: bool = True
    synonyms: bool = True
    spelling: bool = True
    pairs: bool = True
    close_look: bool = True
    priors: bool = True
    sounds: bool = True


@dataclass(frozen=True)
class Weights:
    """Tuned on the tuning half of the judged set (`bench/knowledge.py`)."""

    pair: float = 0.63
    function_word: float = 0.46
    other_meaning: float = 0.43
    official: float = 0.34
    repaired: float = 1.0
    named: float = 1.7
    called: float = 15.7
    unsaid: float = 1.5
    level: float = 0.54
    not_for_citizens: float = 2.4
    chosen: float = 0.3
    meaning: float = 350.0
    whole: float = 0.8  # how likely it is where a name or an alias is said whole, and nothing else


@dataclass(frozen=True)
class Phrase:
    """A name: its syllables, and their weight all together."""

    words: frozenset[str]
    weight: float


class Finder:
    """One search over an index. Safe for many threads: nothing changes after it is made."""

    def __init__(
        self,
        index: Index,
        lexicon: Lexicon,
        *,
        aids: Aids | None = None,
        weights: Weights | None = None,
        vectors: Vectors | None = None,
    ) -> None:
        self.index, self.lexicon, self.vectors = index, lexicon, vectors
        self.aids, self.weights = aids or Aids(), weights or Weights()
        self.spelling = Spelling(index.known, index.neighbours, also=lexicon.known)
        self.sounds = Sounds(index.known, index.neighbours)
        self._names = [self._phrase(name) for name in index.names]
        self._aliases = Phrases(index.aliases, index.idf)

    def with_vectors(self, vectors: Vectors) -> Finder:
        """The same search, which knows what means the same as well."""
        made = copy(self)
        made.vectors = vectors
        return made

    def find(self, typed: str, *, most: int = 10, kinds: frozenset[Kind] | None = None) -> SearchResult:
        """The answers meant, of these kinds (all). Nothing typed, or marks alone: none.

        Where the words as they were written find nothing likely, they are taken for words that sound alike.
        """
        asked = self.understand(typed)
        found = self._found(typed, asked, most=most, kinds=kinds)
        if not self.aids.sounds or (found.hits and found.hits[0].likelihood >= THRESHOLDS.found):
            return found
        heard = self.understand(typed, by_sound=True)
        if heard.question.about == asked.question.about:
            return found
        by_sound = self._found(typed, heard, most=most, kinds=kinds)
        if by_sound.certainty is Certainty.FOUND and not is_ahead(by_sound.hits, THRESHOLDS.ahead_by_sound):
            by_sound = replace(by_sound, certainty=Certainty.PERHAPS, stands_out=False)
        return likelier(found, by_sound)

    def _found(self, typed: str, asked: WeighedQuestion, *, most: int, kinds: frozenset[Kind] | None) -> SearchResult:
        looked = self.look(typed, asked, most=most, kinds=kinds)
        hits = tuple(hit for hit in looked if not hit.entry.is_elsewhere)[:most]
        question = asked.question
        return SearchResult(
            hits,
            question.part,
            certainty_of(hits, looked, asked),
            " ".join(question.about),
            question.also,
            elsewhere=bool(looked) and looked[0].entry.is_elsewhere,
            stands_out=stands_out(hits, looked, asked),
        )

    def look(
        self, typed: str, asked: WeighedQuestion, *, most: int = 10, kinds: frozenset[Kind] | None = None
    ) -> list[Hit]:
        """All that comes near, best first, what this city doesn't answer among it. `asked`: what was understood of it."""
        if not asked.terms:
            return []
        scores = self.index.scores(asked.terms)
        if kinds is not None:
            scores[self.index.is_none_of(kinds)] = 0
        places = list(best(scores, max(LOOKED_AT_CLOSELY, most)))
        near = None
        if self.vectors and asked.units_asked > FEW:  # a word or two have no meaning as a sentence
            near = self.vectors.nearness(typed[:MOST_TYPED])
        if near is not None:
            if kinds is not None:
                near[self.index.is_none_of(kinds)] = 0
            places += [place for place in best(near, NEAR) if place not in set(places)]
        looked = [self._look_closely(place, float(scores[place]), asked) for place in places]
        if near is not None:
            looked = [
                self._with_meaning(hit, float(near[place]) or NEUTRAL)
                for hit, place in zip(looked, places, strict=True)
            ]
        looked.sort(
            key=lambda hit: (not hit.whole, -hit.score)
        )  # whose name was said whole goes before what only has its words
        return looked

    # --- what is asked ------------------------------------------------------------------------------------------

    def part_of(self, typed: str) -> Part | None:
        """Which part of an answer is asked for, without a search."""
        written = [(marked_unless_asking(word, raw), raw) for word, raw in raw_syllables(typed[:MOST_TYPED])]
        plain, _others = self.lexicon.expanded(written, is_word=self._is_word)
        return read_question(plain).part

    def understand(self, typed: str, *, by_sound: bool = False) -> WeighedQuestion:
        """What was typed, written out and weighed. `by_sound`: as it is said, where that makes words of the base."""
        written = raw_syllables(typed[:MOST_TYPED])
        plain = [marked_unless_asking(word, raw) for word, raw in written]
        function_words = {word for word, raw in written if is_function_word(raw)}
        others: list[Syllables] = []
        guessed: frozenset[str] = frozenset()
        if self.aids.abbreviations:
            plain, others = self.lexicon.expanded(
                [(marked_unless_asking(*each), each[1]) for each in written],
                is_word=self._is_word,
                together=self._together,
            )
        if self.aids.spelling:
            plain, guessed = self.spelling.repaired(plain, self.lexicon)
        if self.aids.abbreviations and guessed:
            plain, more = self.lexicon.expanded([(word, word) for word in plain], is_word=self._is_word)
            others += more
        if by_sound:
            plain = self.sounds.as_meant(plain, certain=function_words)
        question = read_question(plain) if self.aids.questions else Question(tuple(plain), tuple(plain), None)
        about = question.about
        weight = {word: self._weight_of(word, function_words, guessed) for word in about}
        terms = dict(weight)
        if self.aids.pairs:
            terms |= dict.fromkeys(pairs(about), self.weights.pair)
        lone: dict[str, float] = {}
        units = []
        spans = self.lexicon.official(about) if self.aids.synonyms else []
        for start, end, meanings in self._pieces(about, spans):
            piece = tuple(about[start:end])
            much = sum(weight[word] * self.index.idf(word) for word in piece)
            if not meanings:
                lone[piece[0]] = lone.get(piece[0], 0.0) + much
                continue
            units.append(((piece, *meanings), much))
            for place, meaning in enumerate(meanings):
                share = self.weights.official * (1.0 if place == 0 else 0.7) * min(1.0, 2.5 * len(piece) / len(meaning))
                self._raise_to(terms, meaning, share)
        for other in others:
            self._raise_to(terms, other, self.weights.other_meaning)
        words = {word: self.index.idf(word) for word in [*lone, *(w for ways, _ in units for way in ways for w in way)]}
        total = sum(lone.values()) + sum(much for _ways, much in units)
        called, in_a_call = self._aliases.fit(words, lone, units, total)
        return WeighedQuestion(terms, lone, tuple(units), words, total, question, called, in_a_call)

    def _weight_of(self, word: str, function_words: Set[str], guessed: Set[str]) -> float:
        if word in function_words:
            return self.weights.function_word
        return self.weights.repaired if word in guessed else 1.0

    def _phrase(self, syllables: Syllables) -> Phrase:
        words = frozenset(syllables)
        return Phrase(words, sum(map(self.index.idf, words)))

    def _is_word(self, word: str) -> bool:
        """Whether it is an everyday syllable of its own, so that it can't be taken for an abbreviation alone."""
        return self.index.known.get(word, 0) > 10 and any(vowel in word for vowel in "aeiouy")

    def _together(self, one: str, other: str) -> int:
        """How many entries hold these two side by side."""
        return self.index.neighbours.get(f"{one}_{other}", 0)

    def _raise_to(self, terms: dict[str, float], meaning: Syllables, much: float) -> None:
        """Have each term of the meaning weigh as much as this at least."""
        for word in meaning:
            terms[word] = max(terms.get(word, 0.0), much)
        if self.aids.pairs:
            for pair in pairs(meaning):
                terms[pair] = max(terms.get(pair, 0.0), much * self.weights.pair)

    @staticmethod
    def _pieces(
        about: Sequence[str], spans: Sequence[tuple[int, int, tuple[Syllables, ...]]]
    ) -> list[tuple[int, int, tuple[Syllables, ...]]]:
        """All of the question in order: the spans that have meanings, and each syllable between them."""
        cut: list[tuple[int, int, tuple[Syllables, ...]]] = []
        at = 0
        for start, end, meanings in [*spans, (len(about), len(about), ())]:
            cut += [(place, place + 1, ()) for place in range(at, start)]
            if end > start:
                cut.append((start, end, meanings))
            at = end
        return cut

    # --- how well an entry answers ------------------------------------------------------------------------------

    def _look_closely(self, place: int, score: float, asked: WeighedQuestion) -> Hit:
        entry = self.index.entries[place]
        if not self.aids.close_look:
            score += self._prior(entry)
            return Hit(entry, score, 1.0, by_words=score)
        name = self._names[place]
        named, covered = self._share_of_question(asked, name.words), self._share_of_phrase(asked, name)
        like_name, called, in_a_call = both(named, covered), float(asked.called[place]), asked.in_a_call[place]
        w = self.weights
        score += w.named * named + w.called * called**2 - w.unsaid * (1 - covered) + self._prior(entry)
        likelihood = self._likelihood(score, like_name, called, asked)
        whole = max(like_name, called) > WHOLE
        if whole:
            likelihood = max(likelihood, self.weights.whole)
        elif asked.units_asked <= FEW and max(named, in_a_call) > WHOLE:
            likelihood = max(likelihood, THRESHOLDS.perhaps)
        return Hit(entry, score, likelihood, whole, covers=max(named, float(in_a_call)), by_words=score)

    def _likelihood(self, score: float, named: float, called: float, asked: WeighedQuestion) -> float:
        """A logistic model of how alike question and entry are and how much was said, fitted on the tuning questions of

        `bench/judged` with those whose answer isn't there (`bench/knowledge.py` says how well it refuses).
        """
        much = score / self.index.idf("")  # in words as rare as can be, whatever the size of the base
        alike = 4.12 * called + 2.93 * named + 0.6 * much + 0.055 * asked.units_asked
        return 1 / (1 + math.exp(6.16 - alike))

    def _with_meaning(self, hit: Hit, near: float) -> Hit:
        """The same hit, its vector counted too: e5 says 0.8 of anything, and 0.9 of what means the same."""
        words = min(max(hit.likelihood, 1e-5), 1 - 1e-5)
        both_ways = -1.48 + 0.74 * math.log(words / (1 - words)) + 44 * (near - 0.85)
        return replace(
            hit, score=hit.score + self.weights.meaning * (near - 0.8), likelihood=1 / (1 + math.exp(-both_ways))
        )

    @staticmethod
    def _share_of_question(asked: WeighedQuestion, words: frozenset[str]) -> float:
        """Share of the question's weight that these words hold, each unit in whichever of its ways they hold best."""
        covered = sum([asked.lone[word] for word in asked.lone.keys() & words])
        for ways, much in asked.units:
            covered += much * max([len(words.intersection(way)) / len(way) for way in ways])
        return covered / asked.total if asked.total else 0.0

    @staticmethod
    def _share_of_phrase(asked: WeighedQuestion, phrase: Phrase) -> float:
        """Share of the phrase's own weight that the question says."""
        covered = sum([asked.words[word] for word in asked.words.keys() & phrase.words])
        return covered / phrase.weight if phrase.weight else 0.0

    def _prior(self, entry: Entry) -> float:
        if not self.aids.priors:
            return 0.0
        prior = -self.weights.level * entry.level - (0.0 if entry.for_citizens else self.weights.not_for_citizens)
        return prior + self.weights.chosen * math.log1p(entry.chosen)


def both(one: float, other: float) -> float:
    """One figure of the two: the harmonic mean of how much of the question and how much of the phrase agree."""
    return 2 * one * other / (one + other) if one + other else 0.0
