"""Sentence vectors, where the city asks for them (`TONGDAI_KNOWLEDGE_VECTORS=1`): what a question means, beside its words.

They cost 25 ms a question and 60 MB a process. Only for questions with accents: without them the vectors are noise, and
the syllables alone find almost everything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tongdai.language import sentence_vectors
from tongdai.language.sentence_vectors import SIZE

from ..answer_key import Kind
from .index import Index

BATCH = 64
MOST = 200  # characters of a phrase
Made = Mapping[str, bytes]  # digest of a phrase → its vector, 384 × float16


class Vectors:
    """The phrases of an index (names and aliases of procedures and articles) as vectors, nearest to a question found."""

    def __init__(self, whose: NDArray[np.int32], vectors: NDArray[np.float32], entries: int) -> None:
        self._whose, self._vectors, self._entries = whose, vectors, entries

    @classmethod
    def of(cls, index: Index, made: Made | None = None) -> Vectors:
        """From vectors made before; with `made` None all of them are computed now (minutes)."""
        phrases = list(phrases_of(index))
        if made is None:
            texts = list(dict.fromkeys(text for _place, text in phrases))
            made = {digest(text): vector for text, vector in compute(texts)}
        known = [(place, made[name]) for place, text in phrases if (name := digest(text)) in made]
        vectors = np.frombuffer(b"".join(vector for _place, vector in known), dtype=np.float16).reshape(-1, SIZE)
        whose = np.fromiter((place for place, _vector in known), dtype=np.int32, count=len(known))
        return cls(whose, vectors.astype(np.float32), len(index))

    def __len__(self) -> int:
        return len(self._whose)

    def nearness(self, question: str) -> NDArray[np.float32] | None:
        """Cosine of the question to the nearest phrase of each entry, 0 where it has none; None: no accents, no meaning."""
        if question.isascii() or not len(self):
            return None
        near = np.zeros(self._entries, dtype=np.float32)
        np.maximum.at(near, self._whose, self._vectors @ _asked(question))
        return near


def phrases_of(index: Index) -> Iterable[tuple[int, str]]:
    """(place of the entry, phrase)."""
    for place, entry in enumerate(index.entries):
        if entry.kind is not Kind.ROW:
            for text in (entry.name, *entry.aliases):
                yield place, text[:MOST]


def compute(texts: list[str], *, each: Callable[[int], None] | None = None) -> Iterable[tuple[str, bytes]]:
    """(phrase, its vector), in batches."""
    for at in range(0, len(texts), BATCH):
        batch = texts[at : at + BATCH]
        found = sentence_vectors.of_passages(batch)
        yield from zip(batch, (row.astype(np.float16).tobytes() for row in found), strict=True)
        if each is not None:
            each(at + len(batch))


def digest(text: str) -> str:
    """Names a phrase."""
    return hashlib.sha256(text.encode()).hexdigest()


def forget_questions() -> None:
    """Compute the next questions anew: for a benchmark."""
    _asked.cache_clear()


@lru_cache(maxsize=500)
def _asked(question: str) -> NDArray[np.float32]:
    return sentence_vectors.of_question(question)
