"""The trained model: linear weights over `features`, one row a feature, one column an outcome; numpy alone runs it.

`training.py` makes it out of `texts/`; the one of this installation is `trained.model()`.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .features import features, windows

FILE = Path(__file__).with_name("made") / "model.npz"
LESS_SURE = 2.0  # log-odds that one piece of a long text counts less than a text by itself
OUTCOMES = ("life", "cannot_wait", "denunciation")
Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Model:
    """`columns`: the outcomes, then `kind:…`, then `topic:…`; `weights`: features × columns, float16."""

    columns: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: NDArray[np.float32]
    weights: NDArray[np.float16]
    bias: NDArray[np.float32]

    def scores(self, text: str) -> Scores:
        """Return the log-odds of each of OUTCOMES.

        Of a long text the mean of the whole and of its strongest piece, or that piece alone where it says it so surely that
        the rest of the letter doesn't matter.
        """
        whole = self._of(text, self._outcomes)
        pieces = [self._of(piece, self._outcomes) for piece in windows(text)]
        if not pieces:
            return whole
        strongest = np.max(pieces, axis=0)
        joined: Scores = np.maximum((whole + strongest) / 2, strongest - LESS_SURE)
        return joined

    def likeliest(self, prefix: str, text: str) -> list[tuple[str, float]]:
        """(name, log-odds) of the columns `kind:…` or `topic:…`, the likeliest first."""
        at = [place for place, name in enumerate(self.columns) if name.startswith(prefix)]
        scores = self._of(text, self.weights)[at]
        ranked = sorted(zip(at, scores, strict=True), key=lambda each: -each[1])
        return [(self.columns[place].removeprefix(prefix), float(score)) for place, score in ranked]

    def decisive_words(self, text: str, column: str, *, most: int = 3) -> tuple[str, ...]:
        """The words of the text that weigh most for this column, heaviest first."""
        at = self.columns.index(column)
        rows, values = self._vector(text)
        weighed = sorted(zip(values * self.weights[rows, at].astype(np.float32), rows, strict=True), reverse=True)
        found = dict.fromkeys(self._names[row][2:].strip("^$ ") for weight, row in weighed[:20] if weight > 0)
        return tuple(word for word in found if word)[:most]

    @cached_property
    def _names(self) -> list[str]:
        return list(self.vocabulary)

    @cached_property
    def _outcomes(self) -> NDArray[np.float32]:
        """Their weights apart, narrow and close together: this is asked for each text that comes in."""
        return np.ascontiguousarray(self.weights[:, : len(OUTCOMES)], dtype=np.float32)

    def _of(self, text: str, weights: NDArray[np.floating]) -> Scores:
        rows, values = self._vector(text)
        found: Scores = values @ weights[rows].astype(np.float32, copy=False) + self.bias[: weights.shape[1]]
        return found

    def _vector(self, text: str) -> tuple[list[int], NDArray[np.float32]]:
        """tf-idf of the known features, tf on a logarithmic scale, of length 1: as scikit-learn's TfidfVectorizer."""
        known = self.vocabulary
        counted = Counter(row for name in features(text) if (row := known.get(name)) is not None)
        rows = list(counted)
        values = np.array([1 + log(times) if times > 1 else 1.0 for times in counted.values()], dtype=np.float32)
        values *= self.idf[rows]
        length = float(np.sqrt(values @ values))
        return rows, values / length if length else values


def read(file: Path) -> Model:
    """A model as `write` left it. No pickle: arrays and names alone."""
    with np.load(file, allow_pickle=False) as arrays:
        names = bytes(arrays["names"]).decode().split("\n")
        return Model(
            columns=tuple(bytes(arrays["columns"]).decode().split("\n")),
            vocabulary={name: row for row, name in enumerate(names)},
            idf=arrays["idf"],
            weights=arrays["weights"],
            bias=arrays["bias"],
        )


def write(made: Model, file: Path) -> None:
    """Whole or not at all."""
    file.parent.mkdir(exist_ok=True)
    aside = file.with_suffix(f".{os.getpid()}.npz")  # two may train at once
    names = np.frombuffer("\n".join(made.vocabulary).encode(), dtype=np.uint8)
    columns = np.frombuffer("\n".join(made.columns).encode(), dtype=np.uint8)
    np.savez_compressed(aside, names=names, columns=columns, idf=made.idf, weights=made.weights, bias=made.bias)
    aside.replace(file)
