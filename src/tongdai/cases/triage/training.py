"""Train the model from the labelled texts with scikit-learn: tf-idf and logistic regression, the same each time.

Each text stands twice, as written and without accents, for half of what comes by text has none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import numpy as np

from tongdai.language.text import fold

from .features import features
from .model import FILE, OUTCOMES, Model, write

STRENGTH = 30.0  # inverse of the regularisation; across hands from 2 to 60 nothing was better
SEEN_TWICE = 2  # features of one text alone are left out


@dataclass(frozen=True)
class Labelled:
    """A text and what a person says of it. `shape`: plain, alarm, like (ordinary), clear, hint, mixed (the others)."""

    text: str
    level: str
    kind: str
    number: str
    denunciation: bool
    topics: tuple[str, ...]
    style: str
    shape: str
    hand: str


def texts() -> list[Labelled]:
    """Those the model learns from, written for it by hand."""
    return [each for file in files("tongdai.cases.triage").joinpath("texts").iterdir() for each in read_texts(file)]


def searches() -> list[Labelled]:
    """What people type into a search: the first and the last everyday phrase of each procedure, all of them in no danger."""
    lines = files("tongdai.knowledge").joinpath("starter/aliases.txt").read_text(encoding="utf-8").splitlines()
    phrases = [line.partition(": ")[2].split(" | ") for line in lines if line.strip() and not line.startswith("#")]
    ordinary = Labelled("", "none", "", "", False, ("procedure_question",), "acc", "plain", "searches")
    return [replace(ordinary, text=text) for each in phrases for text in dict.fromkeys((each[0], each[-1])) if text]


def read_texts(file) -> list[Labelled]:  # type: ignore[no-untyped-def]
    """One file, a text a line: a path or what `importlib.resources` gives for one."""
    if not file.name.endswith(".jsonl"):
        return []
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [Labelled(**{**row, "topics": tuple(row["topics"])}, hand=file.name.split(".")[0]) for row in rows]


def train(*, file: Path = FILE, learn_from: Sequence[Labelled] | None = None) -> Model:
    """Train and write. Half a minute on one core."""
    made = fit([*texts(), *searches()] if learn_from is None else learn_from)
    write(made, file)
    return made


def fit(labelled: Iterable[Labelled], *, outcomes_only: bool = False) -> Model:
    """The model of these texts."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    rows = [twin for each in labelled for twin in _with_its_twin(each)]
    vectorizer = TfidfVectorizer(analyzer=features, min_df=SEEN_TWICE, sublinear_tf=True)
    matrix = vectorizer.fit_transform([row.text for row in rows])
    columns, weights, biases = [], [], []
    for name, among, is_so in _questions(rows, outcomes_only=outcomes_only):
        chosen = np.flatnonzero([among(row) for row in rows])
        answers = [is_so(rows[at]) for at in chosen]
        regression = LogisticRegression(
            C=STRENGTH, solver="liblinear", class_weight="balanced", tol=1e-3, random_state=0
        ).fit(matrix[chosen], answers)
        columns.append(name)
        weights.append(regression.coef_[0].astype(np.float16))
        biases.append(regression.intercept_[0])
    names = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.get)
    return Model(
        columns=tuple(columns),
        vocabulary={name: row for row, name in enumerate(names)},
        idf=vectorizer.idf_.astype(np.float32),
        weights=np.stack(weights, axis=1),
        bias=np.array(biases, dtype=np.float32),
    )


def learn(rows: Iterable[tuple[str, str]], *, columns: Sequence[str]) -> Model:
    """The model of texts that are each of one kind: a column a kind, told from all others; a feature of one text counts, too."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    twins = [(twin, kind) for text, kind in rows for twin in dict.fromkeys((text, fold(text)))]
    vectorizer = TfidfVectorizer(analyzer=features, sublinear_tf=True)
    matrix = vectorizer.fit_transform([text for text, _kind in twins])
    weights, biases = [], []
    for column in columns:
        regression = LogisticRegression(
            C=STRENGTH, solver="liblinear", class_weight="balanced", tol=1e-2, random_state=0
        ).fit(matrix, [kind == column for _text, kind in twins])
        weights.append(regression.coef_[0].astype(np.float16))
        biases.append(regression.intercept_[0])
    names = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.get)
    return Model(
        columns=tuple(columns),
        vocabulary={name: row for row, name in enumerate(names)},
        idf=vectorizer.idf_.astype(np.float32),
        weights=np.stack(weights, axis=1),
        bias=np.array(biases, dtype=np.float32),
    )


def _with_its_twin(each: Labelled) -> Iterable[Labelled]:
    yield each
    plain = fold(each.text)
    if plain != each.text.lower():
        yield replace(each, text=plain)


Question = tuple[str, Callable[[Labelled], bool], Callable[[Labelled], bool]]


def _questions(rows: Sequence[Labelled], *, outcomes_only: bool) -> Iterable[Question]:
    """(column, whose texts it is learned from, whether it is so)."""
    everybody = lambda row: True  # noqa: E731
    answers: dict[str, Callable[[Labelled], bool]] = {
        "life": lambda row: row.level == "life",
        "cannot_wait": lambda row: row.level != "none",
        "denunciation": lambda row: row.denunciation,
    }
    for outcome in OUTCOMES:
        yield outcome, everybody, answers[outcome]
    if outcomes_only:
        return
    for kind in sorted({row.kind for row in rows} - {""}):
        yield f"kind:{kind}", lambda row: bool(row.kind), lambda row, kind=kind: row.kind == kind  # type: ignore[misc]
    for topic in sorted({topic for row in rows for topic in row.topics}):
        yield f"topic:{topic}", everybody, lambda row, topic=topic: topic in row.topics  # type: ignore[misc]
