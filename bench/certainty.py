"""`make bench NAME=certainty`: how sure may the search be? Learns it from judged questions, and says how well that holds.

What it learns from is all that may be tuned on: the tuned lines of `judged/`, hands a and b of `judged/answers` (one matter,
in Vietnamese), and `judged/certainty-training.txt`, which was written for this alone. Each question gives the signs of its
first answer (`tongdai.knowledge.search.certainty.signs`) and whether that is the right one; a logistic regression learns from
them, an eighth of the questions left out at a time. Told is what stands out by the rule as well (`stands_out`) and is at least
so probable. The figures are of those left out: `told` and `told_wrong` of what a procedure answers, `absent_told` of the rest,
by set, and of all together without a suffix.

The highest probability that still tells `TOLD` of the questions becomes the model's. `--write` writes it with the weights into
the product (`certainty/weights.json`); without it, the two are only shown.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .figures import Figures, arguments
from .national_base import national_base, national_file

TRAINING = "certainty-training.txt"
TOLD = 0.73  # of all that something answers: the bar of 0.70, and what questions nobody has seen are harder
PROBABILITIES = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))
FOLDS, STRENGTH = 8, 0.3  # of the cross-validation; C of the regression: how little it is held back
WEIGHTS = {"procedures": 0.6}  # four questions are written for each procedure; all other sets
OTHERS = 1.5


@dataclass(frozen=True)
class Asked:
    """`codes`: every procedure that is right; none where no procedure answers it."""

    source: str
    codes: tuple[str, ...]
    question: str


@dataclass(frozen=True)
class Row:
    """A question as it was read once (as written, or by its sound), with the signs of the first answer."""

    asked: Asked
    signs: dict[str, float]
    right: bool
    stands_out: bool


def main() -> int:
    given = _arguments()
    file = national_file()
    if file is None:
        return 2
    with national_base(file):
        return learn(given)


def _arguments() -> argparse.Namespace:
    parser = arguments(str(__doc__))
    parser.add_argument("--write", action="store_true", help="write the weights into the product")
    return parser.parse_args()


def learn(given: argparse.Namespace) -> int:
    from tongdai.knowledge.search.certainty import model

    rows = _rows()
    names = list(rows[0].signs)
    signs = np.array([[row.signs[name] for name in names] for row in rows])
    left_out = _probabilities_left_out(signs, rows)
    told = _highest_that_tells(rows, left_out)
    weights, constant = _weights(signs, rows)
    learnt = {
        "weights": dict(zip(names, (round(weight, 4) for weight in weights), strict=True)),
        "constant": round(constant, 4),
        "told": told,
    }
    print(json.dumps(learnt, indent=2))
    if given.write:
        model.FILE.write_text(json.dumps(learnt, indent=2) + "\n", encoding="utf-8")
    figures = _figures(rows, left_out, told)
    return Figures("certainty", figures["told"], "told", extra={**figures, "from": told}).publish(given.json)


# ── the questions and their signs ────────────────────────────────────────────────────────────────────────────────────


def _rows() -> list[Row]:
    from tongdai.knowledge.answer_key import AnswerKey, Kind
    from tongdai.knowledge.models import Procedure
    from tongdai.knowledge.search.cache import finder

    keys = {
        code: AnswerKey(Kind.PROCEDURE, twin or pk)
        for code, pk, twin in Procedure.objects.values_list("code", "pk", "twin_of")
    }
    return [row for asked in _questions() for row in _read(finder(), asked, keys)]


def _questions() -> Iterator[Asked]:
    from . import answers, knowledge

    for line in knowledge.lines_of(knowledge.JUDGED / TRAINING):
        codes, question = line.split("|", 1)
        yield Asked("training", () if codes == "-" else tuple(codes.split()), question)
    for file in sorted(answers.JUDGED.glob("*.jsonl")):
        for each in answers.questions_of(file):
            if each.tuned and each.kind not in {"two", "english"}:
                yield Asked("answers", (*each.codes, *each.also), each.question)
    for judged in knowledge.questions_of(sorted(knowledge.JUDGED.glob("procedures*.txt"))):
        if judged.tuned:
            yield Asked("procedures", (judged.code,), judged.question)
    for file in sorted(knowledge.JUDGED.glob("absent*.txt")):
        for number, question in enumerate(knowledge.lines_of(file)):
            if knowledge.is_tuned(file, number):
                yield Asked("absent", (), question)


def _read(search: Any, asked: Asked, keys: dict[str, Any]) -> Iterator[Row]:
    """As written; by its sound, too, where the search would ask for that."""
    from tongdai.knowledge.search.certainty.judgement import THRESHOLDS, is_ahead, stands_out
    from tongdai.knowledge.search.certainty.signs import signs_of

    right = {keys[code] for code in asked.codes if code in keys}
    for by_sound in (False, True):
        question = search.understand(asked.question, by_sound=by_sound)
        looked = search.look(asked.question, question)
        hits = [hit for hit in looked if not hit.entry.is_elsewhere]
        if not hits:
            continue
        out = stands_out(hits, looked, question) and (not by_sound or is_ahead(hits, THRESHOLDS.ahead_by_sound))
        yield Row(asked, signs_of(hits[0], looked, question), hits[0].key in right, out)
        if hits[0].likelihood >= THRESHOLDS.found:
            return


# ── learning ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _probabilities_left_out(signs: NDArray[Any], rows: Sequence[Row]) -> NDArray[Any]:
    """Of each row by a model that has seen neither it nor another question of its procedure."""
    from sklearn.model_selection import GroupKFold

    found = np.zeros(len(rows))
    right = np.array([row.right for row in rows])
    groups = [row.asked.codes[0] if row.asked.codes else row.asked.question for row in rows]
    for seen, left_out in GroupKFold(FOLDS).split(signs, right, groups):
        weights, constant = _weights(signs[seen], [rows[place] for place in seen])
        found[left_out] = 1 / (1 + np.exp(-(signs[left_out] @ weights + constant)))
    return found


def _weights(signs: NDArray[Any], rows: Sequence[Row]) -> tuple[NDArray[Any], float]:
    """Of the signs as they are: they are made alike for learning, and that is reckoned back."""
    from sklearn.linear_model import LogisticRegression

    mean, spread = signs.mean(axis=0), np.maximum(signs.std(axis=0), 1e-9)
    regression = LogisticRegression(C=STRENGTH, max_iter=500)
    counted = [WEIGHTS.get(row.asked.source, OTHERS) for row in rows]
    regression.fit((signs - mean) / spread, [row.right for row in rows], sample_weight=counted)
    weights = regression.coef_[0] / spread
    return weights, float(regression.intercept_[0] - weights @ mean)


# ── telling ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _highest_that_tells(rows: Sequence[Row], probabilities: NDArray[Any]) -> float:
    enough = [told for told in PROBABILITIES if _figures(rows, probabilities, told)["told"] >= TOLD]
    return max(enough, default=PROBABILITIES[0])


def _figures(rows: Sequence[Row], probabilities: NDArray[Any], told: float) -> dict[str, float]:
    """By set, and of all together. Of a question that was read twice the first way that is told counts."""
    by_question: dict[Asked, tuple[bool, bool]] = {}
    for row, probability in zip(rows, probabilities, strict=True):
        is_told = row.stands_out and bool(probability >= told)
        if not by_question.get(row.asked, (False,))[0]:
            by_question[row.asked] = is_told, is_told and not row.right
    figures: dict[str, float] = {}
    for suffix in ("", *sorted({f"_{asked.source}" for asked in by_question})):
        these = {asked: what for asked, what in by_question.items() if suffix in {"", f"_{asked.source}"}}
        answerable = [what for asked, what in these.items() if asked.codes]
        absent = [what for asked, what in these.items() if not asked.codes]
        if answerable:
            figures |= {f"told{suffix}": _share(answerable, 0), f"told_wrong{suffix}": _share(answerable, 1)}
        if absent:
            figures |= {f"absent_told{suffix}": _share(absent, 0)}
    return figures


def _share(found: Sequence[tuple[bool, bool]], which: int) -> float:
    return sum(each[which] for each in found) / len(found)


if __name__ == "__main__":
    raise SystemExit(main())
