"""`make bench NAME=knowledge`: does a question find its procedure, at the right part, and how quickly?

All procedures of the national portal's file (beside the repo at ../shared/data, or TONGDAI_TEST_DATA) are imported into
a database of their own with the words and aliases that the product ships, the articles and tables of the demo beside
them. The judged questions (`bench/judged/`) are of two kinds: those to tune on (every other line, and `*-tuned.txt`), and
those only reported (the others, and `*-reported.txt`); both are told. Other questions: `--judged FILE` (same lines, all of
them reported).

Then the questions of which a right answer's facts were written down are asked on the portal and by text, and what is read
there is judged: `answers.py` says how. `--only answers` measures them alone, without what each aid brings and how quickly
it goes, `--only english` the questions in English (`english.py`); `--show N` prints the first wrong ones of those that are
tuned on.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from .figures import Figures, arguments, percentile
from .national_base import national_base, national_file

LIMIT = 0.82  # recall@3 without vectors
STYLES = ("accents", "none", "abbreviated", "everyday")
AIDS = ("abbreviations", "questions", "synonyms", "spelling", "sounds", "pairs", "close_look", "priors")
ENTRIES, USERS, SECONDS = 20_000, 8, 10.0
FORM = "application/x-www-form-urlencoded"
JUDGED = Path(__file__).parent / "judged"


@dataclass(frozen=True)
class Judged:
    """One question: the one right procedure, the part it asks for (any: whichever), how it is written."""

    code: str
    part: str
    style: str
    question: str
    tuned: bool


@dataclass(frozen=True)
class Quality:
    at_1: float
    at_3: float
    mrr: float
    part: float
    shown_at_3: float
    by_style: dict[str, float]


def main() -> int:
    given = _arguments()
    file = national_file()
    if file is None:
        return 2
    with national_base(file):
        return _measure(given)


def _arguments() -> argparse.Namespace:
    parser = arguments(str(__doc__))
    parser.add_argument("--judged", type=Path, help="other judged questions, all of them reported")
    parser.add_argument("--no-vectors", action="store_true", help="leave the sentence vectors out (they take minutes)")
    parser.add_argument("--only", choices=["answers", "english"], help="what is read as answers, or in English, alone")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N wrong answers of a and b")
    return parser.parse_args()


def _measure(given: argparse.Namespace) -> int:
    from tongdai.knowledge.answer_key import AnswerKey, Kind
    from tongdai.knowledge.models import Procedure
    from tongdai.knowledge.search.database import entries, lexicon
    from tongdai.knowledge.search.finder import Aids, Finder
    from tongdai.knowledge.search.index import Index
    from tongdai.platform.clock import CITY_TZ, now

    from . import answers, english  # they need the settings, which are ready now

    index, words = Index(entries(today=now().astimezone(CITY_TZ).date())), lexicon()
    keys = {
        code: AnswerKey(Kind.PROCEDURE, twin or pk)
        for code, pk, twin in Procedure.objects.values_list("code", "pk", "twin_of")
    }
    questions = questions_of([given.judged] if given.judged else sorted(JUDGED.glob("procedures*.txt")), given.judged)
    reported = [each for each in questions if not each.tuned]
    finder = Finder(index, words)
    whole = _quality(finder, reported, keys)
    extra: dict[str, float | int | str] = {"entries": len(index), "questions": len(reported)} | _told(whole, "")
    if len(reported) < len(questions):
        extra |= _told(_quality(finder, [each for each in questions if each.tuned], keys), "_tuned")
    extra |= _refusals(finder) | {"find_p95_ms": _alone(finder, reported)}
    extra |= english.measure(keys, show=given.show)
    if given.only != "english":
        extra |= answers.measure(keys, show=given.show)
    if given.only is None:
        for aid in AIDS:
            extra |= _without(aid, Finder(index, words, aids=replace(Aids(), **{aid: False})), reported, keys)
        bare = [replace(entry, aliases=()) for entry in index.entries]
        extra |= _without("aliases", Finder(Index(bare), words), reported, keys)
    if not given.no_vectors and given.only != "english":
        extra |= _with_vectors(index, reported, keys) | answers.measure(keys, suffix="_vectors")
    if given.only is None:
        extra |= _speed([each.question for each in questions])
    figures = Figures("knowledge", whole.at_3, "recall@3", limit=LIMIT, ratio=whole.at_3, extra=extra)
    status = figures.publish(given.json)
    answers.print_bars(extra)
    return status


def questions_of(files: Sequence[Path], all_reported: Path | None = None) -> list[Judged]:
    found = []
    for file in files:
        for number, line in enumerate(lines_of(file)):
            code, part, *asked = (cell.strip() for cell in line.split("|"))
            for style, question in zip(STYLES, asked, strict=False):
                tuned = all_reported is None and is_tuned(file, number)
                found.append(Judged(code, part, style, question, tuned))
    return found


def lines_of(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip() and line[0] != "#"]


def is_tuned(file: Path, number: int) -> bool:
    """Whether this line of the file is for tuning: all, none, or every other one from the first."""
    return file.stem.endswith("-tuned") or (not file.stem.endswith("-reported") and number % 2 == 0)


def _quality(finder: Any, questions: Sequence[Judged], keys: dict[str, Any]) -> Quality:
    """Strict: only the one right procedure counts; `shown_at_3` counts what was refused as missed too."""
    from tongdai.knowledge.search.certainty.result import Certainty

    ranks: dict[str, list[int]] = {}
    parts, shown = [], []
    for each in questions:
        found = finder.find(each.question, most=10)
        places = [hit.key for hit in found.hits]
        rank = places.index(keys[each.code]) + 1 if keys.get(each.code) in places else 0
        ranks.setdefault(each.style, []).append(rank)
        shown.append(0 < rank <= 3 and found.certainty is not Certainty.NOT_FOUND)
        if each.part != "any":
            parts.append(found.part == each.part)
    every = [rank for each in ranks.values() for rank in each]
    return Quality(
        at_1=_share(rank == 1 for rank in every),
        at_3=_share(0 < rank <= 3 for rank in every),
        mrr=sum(1 / rank for rank in every if rank) / max(len(every), 1),
        part=_share(parts),
        shown_at_3=_share(shown),
        by_style={style: _share(0 < rank <= 3 for rank in each) for style, each in ranks.items()},
    )


def _without(aid: str, finder: Any, questions: Sequence[Judged], keys: dict[str, Any]) -> dict[str, float | int | str]:
    """All figures with this aid taken away; `find_p95_ms` is the search alone, one question after the other."""
    quality = _quality(finder, questions, keys)
    print(f"without {aid}: {quality.at_3:.3f}", flush=True)
    told = _told(quality, "") | _refusals(finder) | {"find_p95_ms": _alone(finder, questions)}
    return {f"{name}_without_{aid}": value for name, value in told.items()}


def _alone(finder: Any, questions: Sequence[Judged]) -> float:
    times = []
    for each in questions:
        began = time.perf_counter()
        finder.find(each.question)
        times.append((time.perf_counter() - began) * 1000)
    return percentile(times, 0.95)


def _told(quality: Quality, suffix: str) -> dict[str, float | int | str]:
    return {
        f"recall_at_1{suffix}": quality.at_1,
        f"recall_at_3{suffix}": quality.at_3,
        f"mrr{suffix}": quality.mrr,
        f"part_accuracy{suffix}": quality.part,
        f"shown_at_3{suffix}": quality.shown_at_3,
        **{f"recall_at_3_{style}{suffix}": share for style, share in quality.by_style.items()},
    }


def _refusals(finder: Any) -> dict[str, float | int | str]:
    """Of the questions whose answer isn't there (those not tuned on): told so at once, and never told as found."""
    from tongdai.knowledge.search.certainty.result import Certainty

    files = sorted(JUDGED.glob("absent*.txt"))
    asked = [line for file in files for number, line in enumerate(lines_of(file)) if not is_tuned(file, number)]
    sure = [finder.find(question, most=3).certainty for question in asked]
    return {
        "refused": _share(each is Certainty.NOT_FOUND for each in sure),
        "not_told_as_found": _share(each is not Certainty.FOUND for each in sure),
    }


def _share(told: Any) -> float:
    told = list(told)
    return sum(told) / len(told) if told else 0.0


# --- vectors -----------------------------------------------------------------------------------------------------


def _with_vectors(index: Any, questions: Sequence[Judged], keys: dict[str, Any]) -> dict[str, float | int | str]:
    """The same search with the vectors of all phrases, which every question is asked with from here on."""
    from django.conf import settings

    from tongdai.knowledge.models import PhraseVector
    from tongdai.knowledge.search import cache, vectors

    began = time.monotonic()
    phrases = list(dict.fromkeys(text for _place, text in vectors.phrases_of(index)))
    PhraseVector.objects.bulk_create(
        PhraseVector(digest=vectors.digest(text), vector=vector) for text, vector in vectors.compute(phrases)
    )
    settings.KNOWLEDGE_VECTORS = True
    finder = cache.read_anew()
    made = time.monotonic() - began
    quality = _quality(finder, questions, keys)
    vectors.forget_questions()
    told = {f"{name}_vectors": value for name, value in (_told(quality, "") | _refusals(finder)).items()}
    return told | {"vectors_made_s": made, "find_p95_ms_vectors": _alone(finder, questions)}


# --- speed -------------------------------------------------------------------------------------------------------


def _speed(questions: Sequence[str]) -> dict[str, float | int | str]:
    """Eight users who ask the portal's box one question after the other, over twenty thousand entries."""
    from tongdai.knowledge.models import LookupRow, LookupTable, State
    from tongdai.platform.clock import now

    held = LookupRow.objects.count()
    table = LookupTable.objects.create(
        slug="bench", name="Điểm phục vụ", source="bench", as_of=now().date(), state=State.PUBLISHED, updated_at=now(),
        columns=[{"name": "ten", "label": "Tên", "role": "name"}], generation=1,
    )  # fmt: skip
    missing = ENTRIES - held - 2700
    streets = ("Tô Hiệu", "Cát Cụt", "Lạch Tray", "Trần Phú", "Điện Biên Phủ", "Lê Lợi", "Văn Cao", "Hùng Vương")
    LookupRow.objects.bulk_create(
        LookupRow(table=table, generation=1, number=number, name=f"Nhà thuốc số {number} {streets[number % 8]}",
                  values={"ten": f"Nhà thuốc số {number}", "dia_chi": f"{number} {streets[number * 7 % 8]}"})
        for number in range(max(missing, 0))
    )  # fmt: skip
    port = int(os.environ["TONGDAI_PORT"])
    times: list[float] = []
    failed = 0
    with _served(port):
        lock, stop = threading.Lock(), time.monotonic() + SECONDS

        def ask(user: int) -> None:
            nonlocal failed
            mine, wrong, at = [], 0, user * 37
            link = HTTPConnection("127.0.0.1", port)
            while time.monotonic() < stop:
                at += 1
                body = urlencode({"q": questions[at % len(questions)]})
                began = time.perf_counter()
                link.request("POST", "/tim/goi-y/", body, {"Content-Type": FORM})
                answer = link.getresponse()
                wrong += not (answer.status == 200 and b'"answers"' in answer.read())
                mine.append((time.perf_counter() - began) * 1000)
            with lock:
                times.extend(mine)
                failed += wrong

        users = [threading.Thread(target=ask, args=(user,)) for user in range(USERS)]
        for user in users:
            user.start()
        for user in users:
            user.join()
    return {
        "p50_ms": percentile(times, 0.5),
        "p95_ms": percentile(times, 0.95),
        "asked_per_s": len(times) / SECONDS,
        "failed": failed,
        "entries_of_speed": held + max(missing, 0) + 2700,
    }


@contextmanager
def _served(port: int) -> Iterator[None]:
    """The web process, warm: it has answered each connection's first question."""
    server = subprocess.Popen([sys.executable, "-m", "tongdai", "run", "web"])
    try:
        for _try in range(600):
            try:
                link = HTTPConnection("127.0.0.1", port, timeout=60)
                for _again in range(20):
                    link.request("POST", "/tim/goi-y/", "q=khai+sinh", {"Content-Type": FORM})
                    link.getresponse().read()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    raise SystemExit(main())
