"""`make bench NAME=triage`: is danger heard, is a denunciation kept secret, and what does it cost those who are in none?

Two sets, both told. *tuned*: the texts the model learns from (`cases/triage/texts`, a file a hand), each hand's judged by
a model that saw none of them. *reported*: `bench/judged/triage`, written by other hands, a third of all; nothing was ever
tuned on them. *English*: `bench/judged/triage/english`, reported apart, by a hand that wrote in English alone; of those also
how often it is seen what a text is (a matter, a question, thanks …). `--curve` shows what more hands bring, `--bounds` what
bounds the tuned texts ask for; `--texts FILE` judges others (same lines).
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tongdai.cases.triage import second_look, training
from tongdai.cases.triage.judgement import Judgement, judgement_by, topics_of
from tongdai.cases.triage.kind import Kind, kinds_of
from tongdai.cases.triage.model import Model, Scores
from tongdai.cases.triage.trained import model
from tongdai.cases.triage.training import Labelled

from .figures import Figures, arguments

JUDGED = Path(__file__).parent / "judged" / "triage"
ENGLISH = JUDGED / "english"
SECOND_LABELS = JUDGED / "second-labels.tsv"
LIMIT = 0.95  # of the cries for help are shown the numbers


class Row(NamedTuple):
    """A text with what a person and what the machine said of it."""

    text: Labelled
    scores: Scores
    judged: Judgement


Texts = Callable[[Labelled], bool]
Verdict = Callable[[Judgement], bool]


def main() -> int:
    options = arguments(__doc__ or "")
    options.add_argument("--texts", type=Path, help="judge these instead of the reported ones")
    options.add_argument(
        "--curve", action="store_true", help="the reported figures with one hand, two, three … learned"
    )
    options.add_argument("--quick", action="store_true", help="leave the second look out (its vectors take minutes)")
    options.add_argument("--bounds", action="store_true", help="what bounds the tuned texts ask for")
    chosen = options.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdai.platform.settings")
    learned = training.texts()
    files = [chosen.texts] if chosen.texts else sorted(JUDGED.glob("*.jsonl"))
    reported = [each for file in files for each in training.read_texts(file)]
    if chosen.curve:
        return _curve(learned, reported)
    tuned = list(_across_hands(learned))
    if chosen.bounds:
        return _bounds(tuned)
    seen = [_judged(each) for each in reported]
    again, seconds = ([], 0.0) if chosen.quick else _second_look(seen)
    print(f"{len(learned)} texts learned from, {len(reported)} reported\n")
    _tell("tuned (across hands), at once", tuned)
    _tell("reported (unseen hands), at once", seen)
    if again:
        _tell("reported (unseen hands), after the second look", again)
    english = [_judged(each) for file in sorted(ENGLISH.glob("*.jsonl")) for each in training.read_texts(file)]
    _tell("reported in English, at once", english)
    kinds = _kinds(english)
    print(
        f"── English: what a text is, right for {kinds['kind_right']:.3f}; "
        f"taken for a matter though it is none: {kinds['kind_opens']:.3f}\n"
    )
    _agreement()
    figures = _figures(again or seen)
    figures.extra |= {f"at_once_{name}": value for name, value in _measures(seen).items()} if again else {}
    figures.extra["second_look_s"] = seconds
    figures.extra |= {f"tuned_{name}": value for name, value in _measures(tuned).items()}
    figures.extra |= {f"english_{name}": value for name, value in (_measures(english) | kinds).items()}
    figures.extra["right_topic"] = _right_topic(reported)
    figures.extra["quick_us"] = _cost([each.text for each in reported])
    return figures.publish(chosen.json)


def _judged(each: Labelled, by: Model | None = None) -> Row:
    """By the model of this installation, or another."""
    by = by or model()
    scores = by.scores(each.text)
    return Row(each, scores, judgement_by(by, each.text, scores=scores))


def _second_look(rows: Sequence[Row]) -> tuple[list[Row], float]:
    """The same texts by words and meaning; and the seconds one look takes."""
    texts = [row.text.text for row in rows]
    meant = second_look.meaning().scores(second_look.vectors_of(texts, threads=os.cpu_count() or 1))
    again = []
    for row, meaning in zip(rows, meant, strict=True):
        judged = second_look.both(row.text.text, row.scores, meaning)
        again.append(Row(row.text, second_look.together(row.scores, meaning), judged))
    took = []
    for text in texts[:50]:
        begun = time.perf_counter()
        second_look.look_again(text)
        took.append(time.perf_counter() - begun)
    return again, round(median(took), 3)


def _across_hands(texts: Sequence[Labelled]) -> Iterable[Row]:
    """Each hand's texts, judged by a model of the others'."""
    for hand in sorted({each.hand for each in texts}):
        made = training.fit([*(each for each in texts if each.hand != hand), *training.searches()])
        yield from (_judged(each, made) for each in texts if each.hand == hand)


def _share(rows: Sequence[Row], among: Texts, said: Verdict) -> float:
    chosen = [row for row in rows if among(row.text)]
    return sum(said(row.judged) for row in chosen) / len(chosen) if chosen else float("nan")


def _precision(rows: Sequence[Row], said: Verdict, is_so: Texts) -> float:
    chosen = [row for row in rows if said(row.judged)]
    return sum(is_so(row.text) for row in chosen) / len(chosen) if chosen else float("nan")


def _plain(text: Labelled) -> bool:
    return text.level == "none" and text.shape != "alarm"


def _alarming(text: Labelled) -> bool:
    return text.level == "none" and text.shape == "alarm"


def _is_life(text: Labelled) -> bool:
    return text.level == "life"


def _cannot_wait(text: Labelled) -> bool:
    return text.level != "none"


def _measures(rows: Sequence[Row]) -> dict[str, float]:
    """Every figure the bars are about, by name."""
    helped = [row for row in rows if _is_life(row.text) and row.judged.shown]
    return {
        "shown_life": _share(rows, _is_life, lambda j: j.shown),
        "shown_plain": _share(rows, _plain, lambda j: j.shown),
        "shown_alarming": _share(rows, _alarming, lambda j: j.shown),
        "rung_life": _share(rows, _is_life, lambda j: j.rung),
        "rung_precision": _precision(rows, lambda j: j.rung, _is_life),
        "urgent_recall": _share(rows, _cannot_wait, lambda j: j.level != "none"),
        "urgent_precision": _precision(rows, lambda j: j.level != "none", _cannot_wait),
        "hidden_denunciations": _share(rows, lambda r: r.denunciation, lambda j: j.denunciation),
        "hidden_others": _share(rows, lambda r: not r.denunciation, lambda j: j.denunciation),
        "asked_denunciations": _share(rows, lambda r: r.denunciation, lambda j: j.denunciation or j.asked),
        "asked_others": _share(rows, lambda r: not r.denunciation, lambda j: j.denunciation or j.asked),
        "right_number": sum(row.judged.number == row.text.number for row in helped) / max(1, len(helped)),
    }


BARS = {
    "shown_life": (0.95, 1), "shown_plain": (0.03, -1), "shown_alarming": (0.25, -1), "rung_life": (0.85, 1),
    "rung_precision": (0.75, 1), "urgent_recall": (0.85, 1), "urgent_precision": (0.70, 1),
    "hidden_denunciations": (0.85, 1), "hidden_others": (0.03, -1), "asked_denunciations": (0.97, 1),
    "asked_others": (0.12, -1),
}  # fmt: skip


def _kinds(rows: Sequence[Row]) -> dict[str, float]:
    """Of the texts that tell of no danger: whether the likeliest kind is right, and how often another is taken for a matter."""
    said = [(row.text.what, next(iter(kinds_of(row.text.text)))) for row in rows if row.text.level == "none"]
    others = [found for what, found in said if what != Kind.MATTER]
    return {
        "kind_right": sum(what == found for what, found in said) / max(1, len(said)),
        "kind_opens": sum(found in (Kind.MATTER, Kind.DETAIL) for found in others) / max(1, len(others)),
    }


def _right_topic(texts: Sequence[Labelled]) -> float:
    return sum(bool(set(topics_of(each.text)) & set(each.topics)) for each in texts) / max(1, len(texts))


def _tell(name: str, rows: Sequence[Row]) -> None:
    print(f"── {name}: {len(rows)} texts")
    for figure, value in _measures(rows).items():
        bar, way = BARS.get(figure, (0.0, 0))
        verdict = "" if not way else "  ok" if (value - bar) * way >= 0 else "  UNDER THE BAR"
        print(f"  {figure:>22}  {value:.3f}{f'  (bar {bar})' if way else ''}{verdict}")
    _table("style", rows, sorted({row.text.style for row in rows}), lambda row: row.style)
    _table("kind", rows, sorted({row.text.kind for row in rows if _is_life(row.text)}), lambda row: row.kind)
    _table("shape", rows, sorted({row.text.shape for row in rows}), lambda row: row.shape)
    print()


def _table(of: str, rows: Sequence[Row], values: Iterable[str], read: Callable[[Labelled], str]) -> None:
    print(f"  {of:>12}  life  shown  rung │ plain  shown │ alarming  shown │ denounced  hidden  asked")
    for value in values:
        these = [row for row in rows if read(row.text) == value]
        counts = Counter(
            life=sum(_is_life(r.text) for r in these), plain=sum(_plain(r.text) for r in these),
            alarming=sum(_alarming(r.text) for r in these), denounced=sum(r.text.denunciation for r in these),
        )  # fmt: skip
        m = _measures(these)
        print(
            f"  {value:>12}  {counts['life']:4}  {m['shown_life']:5.2f} {m['rung_life']:5.2f} │ {counts['plain']:5}  "
            f"{m['shown_plain']:5.3f} │ {counts['alarming']:8}  {m['shown_alarming']:5.3f} │ {counts['denounced']:9}  "
            f"{m['hidden_denunciations']:6.2f}  {m['asked_denunciations']:5.2f}"
        )


def _agreement() -> None:
    """How far two hands agree on the same texts: nobody can be better than that."""
    if not SECOND_LABELS.exists():
        return
    rows = [line.split("\t") for line in SECOND_LABELS.read_text(encoding="utf-8").splitlines() if line]
    same = Counter[str]()
    for level, other_level, denounces, other_denounces, _text in rows:
        same["level"] += level == other_level
        same["life or not"] += (level == "life") == (other_level == "life")
        same["denunciation"] += denounces == other_denounces
    print(f"── two hands on {len(rows)} texts agree: " + ", ".join(f"{k} {v / len(rows):.3f}" for k, v in same.items()))


def _figures(rows: Sequence[Row]) -> Figures:
    found = _measures(rows)
    under = sum((found[name] - bar) * way < 0 for name, (bar, way) in BARS.items())
    return Figures(
        name="triage", value=found["shown_life"], unit="share of the cries for help", limit=LIMIT,
        ratio=found["shown_life"], failed=under, extra=dict(found),
    )  # fmt: skip


def _cost(texts: Sequence[str]) -> float:
    """Median microseconds of the quick judgement of a text."""
    took = []
    for text in texts[:500]:
        begun = time.perf_counter()
        judgement_by(model(), text)
        took.append((time.perf_counter() - begun) * 1e6)
    return round(median(took)) if took else 0.0


def _curve(learned: Sequence[Labelled], reported: Sequence[Labelled]) -> int:
    hands = sorted({row.hand for row in learned})
    for many in range(1, len(hands) + 1):
        made = training.fit([*(each for each in learned if each.hand in hands[:many]), *training.searches()])
        found = _measures([_judged(each, made) for each in reported])
        print(many, "hands:", ", ".join(f"{name} {found[name]:.3f}" for name in BARS))
    return 0


def _bounds(rows: Sequence[Row]) -> int:
    """For each bound, from loose to strict: what is heard and what it costs."""
    import numpy as np

    scores = np.array([row.scores for row in rows])
    facts = {name: np.array([is_so(row.text) for row in rows]) for name, is_so in (
        ("life", _is_life), ("urgent", _cannot_wait), ("plain", _plain), ("alarming", _alarming),
        ("denounced", lambda row: row.denunciation),
    )}  # fmt: skip
    for column, name, others in ((0, "life", ("plain", "alarming")), (1, "urgent", ()), (2, "denounced", ())):
        for bound in np.quantile(scores[:, column], np.linspace(0.4, 0.95, 23)):
            said = scores[:, column] >= bound
            right = facts[name]
            costs = "  ".join(f"{other} {said[facts[other]].mean():.3f}" for other in others)
            print(
                f"{name:>10} ≥ {bound:6.2f}: recall {said[right].mean():.3f}  precision {right[said].mean():.3f}"
                f"  others {said[~right].mean():.3f}  {costs}"
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
