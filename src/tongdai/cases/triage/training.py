"""Train the model from the labelled texts with scikit-learn: tf-idf and logistic regression, the same each time.

Each text stands twice, as written and without accents, for half of what comes by text has none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tongdai.language.text import fold

from .features import features
from .model import FILE, OUTCOMES, Model, write

STRENGTH = 30.0  # inverse of the regularisation; across hands from 2 to 60 nothing was better
SEEN_TWICE = 2  # features of one text alone are left out


@dataclass(frozen=True)
class Labelled:
    """A text and what a person says of it. `shape`: plain, alarm, like (ordinary), clear, hint, mixed (the others).

    `what`: what it is by its words alone (`kind.Kind`); empty where nobody has said.
    """

    text: str
    level: str
    kind: str
    number: str
    denunciation: bool
    topics: tuple[str, ...]
    style: str
    shape: str
    hand: str
    what: str = ""


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
    rows = [twin for each in labelled for twin in _with_its_twin(each)]
    columns = (_column(question, rows) for question in _questions(rows, outcomes_only=outcomes_only))
    return _fitted([row.text for row in rows], columns, seen=SEEN_TWICE, tolerance=1e-3)


def learn(rows: Iterable[tuple[str, str]], *, columns: Sequence[str]) -> Model:
    """The model of texts that are each of one kind: a column a kind, told from all others; a feature of one text counts, too."""
    twins = [(twin, kind) for text, kind in rows for twin in dict.fromkeys((text, fold(text)))]
    everywhere = range(len(twins))
    told_apart = (Column(name, everywhere, [kind == name for _text, kind in twins]) for name in columns)
    return _fitted([text for text, _kind in twins], told_apart, seen=1, tolerance=1e-2)


class Column(NamedTuple):
    """What one column of a model says: of the texts at these places, whether it is so."""

    name: str
    at: Sequence[int]
    answers: Sequence[bool]


def _fitted(texts: Sequence[str], columns: Iterable[Column], *, seen: int, tolerance: float) -> Model:
    """The model of these columns, over the features that stand in so many texts at least."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = TfidfVectorizer(analyzer=features, min_df=seen, sublinear_tf=True)
    matrix = vectorizer.fit_transform(texts)
    names, weights, biases = [], [], []
    for column in columns:
        regression = LogisticRegression(
            C=STRENGTH, solver="liblinear", class_weight="balanced", tol=tolerance, random_state=0
        ).fit(matrix[np.asarray(column.at)], column.answers)
        names.append(column.name)
        weights.append(regression.coef_[0].astype(np.float16))
        biases.append(regression.intercept_[0])
    vocabulary = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.get)
    return Model(
        columns=tuple(names),
        vocabulary={name: row for row, name in enumerate(vocabulary)},
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


def _column(question: Question, rows: Sequence[Labelled]) -> Column:
    name, among, is_so = question
    at = [place for place, row in enumerate(rows) if among(row)]
    return Column(name, at, [is_so(rows[place]) for place in at])


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
