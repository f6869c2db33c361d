"""The second look: what a text means, by sentence vectors, weighed together with its words; for a job, not for a form.

It hears some who say it in words nobody has said before (docs/adr/0020). Its part of the model is trained with the other
(`tongdai triage train`), or when it is first asked for.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tongdai.language import sentence_vectors

from .judgement import NOTHING, Bounds, Judgement, judge, judgement_by, readable
from .model import FILE as WORDS_FILE
from .model import OUTCOMES, Scores
from .trained import model, trained
from .training import Labelled, texts

FILE = WORDS_FILE.with_name("second_look.npz")
AT_ONCE = 32  # texts
MOST = 400  # characters of a text that its vector is of
SPREAD = 12.0  # vectors of this model lie close together: the differences from their mean are drawn apart
STRENGTH = 0.3  # inverse of the regularisation
SHARE = 0.25  # what the vectors' log-odds weigh beside the words'
BOUNDS = Bounds(rung=0.7, denunciation=0.0, asked=-1.6)
LEARNED_FROM = 1500  # texts: a vector takes 25 ms, and with all of them it hears hardly more


@dataclass(frozen=True)
class Meaning:
    """Linear weights over the vector of a text: 384 × outcomes."""

    mean: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def scores(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Log-odds of each of OUTCOMES, a row a text."""
        return np.asarray((vectors - self.mean) * SPREAD @ self.weights + self.bias, dtype=np.float32)


def look_again(text: str) -> Judgement:
    """The judgement of words and meaning, some 30 ms; never asked while somebody waits for a page."""
    first, text = judge(text), readable(text)
    if first is NOTHING:
        return NOTHING
    return first.joined_by(_by_meaning(text, model().scores(text), meaning().scores(vectors_of([text]))[0]))


def both(text: str, words: Scores, meant: Scores) -> Judgement:
    """The first judgement and the second as one."""
    return judgement_by(model(), text, scores=words).joined_by(_by_meaning(text, words, meant))


def _by_meaning(text: str, words: Scores, meant: Scores) -> Judgement:
    return judgement_by(model(), text, scores=together(words, meant), bounds=BOUNDS)


def together(words: Scores, meant: Scores) -> Scores:
    """Both as one, on the scale of the words' own."""
    return np.asarray((words + SHARE * meant) / (1 + SHARE), dtype=np.float32)


def vectors_of(given: Sequence[str], *, threads: int = 1) -> NDArray[np.float32]:
    """Their vectors, a row each."""
    batches = [[text[:MOST] for text in given[at : at + AT_ONCE]] for at in range(0, len(given), AT_ONCE)]
    return np.concatenate([sentence_vectors.of_passages(batch, threads=threads) for batch in batches])


@cache
def meaning() -> Meaning:
    """The one of this installation; trained where nobody has."""
    return trained(FILE, train=train, read=read)


def train(*, file: Path = FILE) -> Meaning:
    """Train and write: half a minute on two cores."""
    learn_from = chosen(texts())
    made = fit(learn_from, vectors_of([each.text for each in learn_from], threads=os.cpu_count() or 1))
    file.parent.mkdir(exist_ok=True)
    aside = file.with_suffix(f".{os.getpid()}.npz")  # two may train at once
    np.savez(aside, mean=made.mean, weights=made.weights, bias=made.bias)
    aside.replace(file)
    return made


def chosen(labelled: Sequence[Labelled]) -> list[Labelled]:
    """Those whose vectors are learned from, the same each time."""
    rows = sorted(labelled, key=lambda each: each.text)
    return random.Random(1022).sample(rows, min(LEARNED_FROM, len(rows)))


def fit(labelled: Iterable[Labelled], vectors: NDArray[np.float32]) -> Meaning:
    """From texts and their vectors."""
    from sklearn.linear_model import LogisticRegression

    rows = list(labelled)
    mean = vectors.mean(axis=0)
    answers = {
        "life": [row.level == "life" for row in rows],
        "cannot_wait": [row.level != "none" for row in rows],
        "denunciation": [row.denunciation for row in rows],
    }
    fitted = [
        LogisticRegression(C=STRENGTH, max_iter=500, class_weight="balanced").fit(
            (vectors - mean) * SPREAD, answers[name]
        )
        for name in OUTCOMES
    ]
    return Meaning(
        mean=mean.astype(np.float32),
        weights=np.stack([each.coef_[0] for each in fitted], axis=1).astype(np.float32),
        bias=np.array([each.intercept_[0] for each in fitted], dtype=np.float32),
    )


def read(file: Path) -> Meaning:
    with np.load(file, allow_pickle=False) as arrays:
        return Meaning(arrays["mean"], arrays["weights"], arrays["bias"])
