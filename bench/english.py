"""The English part of `make bench NAME=knowledge`: does a question in English find its answer, and is that read in English?

`judged/english-tuned.txt` may be tuned on; `english-reported.txt` is only reported, and its figures are those without a suffix.
Every question is asked as on a Vietnamese page, through the one door of all channels. Of those that something here answers:
`recall_at_3`, `told` (given as the answer), `told_wrong`, `refused`, `part` (the asked part is opened; of parts that answers
don't have yet, none), `answered` (told rightly, or right among the three offered), `read_in_english` (of those answered, how
many short answers are English as a whole). Of the others `absent_told` and `absent_refused`. `recognised`: taken for English.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import override

from tongdai.knowledge.answer_key import AnswerKey, Kind, Part
from tongdai.knowledge.answers import english
from tongdai.knowledge.ask import Reply, ask
from tongdai.knowledge.models import Article
from tongdai.knowledge.search.certainty.result import Certainty

JUDGED = Path(__file__).parent / "judged"
ABSENT = "absent"
OFFERED = 3


@dataclass(frozen=True)
class Asked:
    code: str
    part: str
    question: str


def measure(keys: Mapping[str, AnswerKey], *, show: int = 0) -> dict[str, float | int | str]:
    """All figures, each beginning with `english_`. `keys`: code of a procedure → its answer; `show`: so many wrong tuned ones."""
    known = {**keys, **{key: AnswerKey(Kind.ARTICLE, pk) for key, pk in Article.objects.values_list("key", "pk")}}
    told: dict[str, float | int | str] = {}
    for name, suffix in (("reported", ""), ("tuned", "_tuned")):
        rows = [(asked, ask(asked.question, most=OFFERED)) for asked in _questions(JUDGED / f"english-{name}.txt")]
        told |= {f"english_{figure}{suffix}": value for figure, value in _figures(rows, known).items()}
        if name == "tuned":
            wrong = [row for row in rows if not _is_right(*row, known)]
            for asked, reply in wrong[:show]:
                titles = [each.answer.title[:60] for each in reply.answers]
                print(f"{asked.code} {asked.question}\n    {reply.certainty}: {titles} ({reply.search.understood})")
    return told


def _questions(file: Path) -> Iterator[Asked]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip() and line[0] != "#":
            yield Asked(*line.split("|", 2))


def _figures(rows: list[tuple[Asked, Reply]], known: Mapping[str, AnswerKey]) -> dict[str, float | int]:
    there = [row for row in rows if row[0].code in known]
    absent = [reply for asked, reply in rows if asked.code not in known]
    parted = [(asked, reply) for asked, reply in there if asked.part != "any"]
    answered = [row for row in there if _is_right(*row, known)]
    return {
        "questions": len(there),
        "recognised": _share([reply.language == "en" for _asked, reply in rows]),
        "recall_at_3": _share(
            [known[asked.code] in [hit.key for hit in reply.search.hits[:OFFERED]] for asked, reply in there]
        ),
        "told": _share([reply.certainty is Certainty.FOUND for _asked, reply in there]),
        "told_wrong": _share([_is_told_wrong(asked, reply, known) for asked, reply in there]),
        "refused": _share([not reply.answers for _asked, reply in there]),
        "answered": len(answered) / max(len(there), 1),
        "part": _share([reply.part == (asked.part if asked.part in set(Part) else None) for asked, reply in parted]),
        "read_in_english": _share([_is_read_in_english(asked, reply, known) for asked, reply in answered]),
        "absent": len(absent),
        "absent_told": _share([reply.certainty is Certainty.FOUND for reply in absent]),
        "absent_refused": _share([not reply.answers for reply in absent]),
    }


def _is_told_wrong(asked: Asked, reply: Reply, known: Mapping[str, AnswerKey]) -> bool:
    return reply.certainty is Certainty.FOUND and reply.answers[0].key != known[asked.code]


def _is_right(asked: Asked, reply: Reply, known: Mapping[str, AnswerKey]) -> bool:
    """Told as the answer, or among those offered; of what isn't here: not told."""
    if asked.code not in known:
        return reply.certainty is not Certainty.FOUND
    shown = [each.key for each in reply.answers]
    return known[asked.code] in (shown[:1] if reply.certainty is Certainty.FOUND else shown)


def _is_read_in_english(asked: Asked, reply: Reply, known: Mapping[str, AnswerKey]) -> bool:
    answer = next(each.answer for each in reply.answers if each.key == known[asked.code])
    with override("en"):
        return english.short(answer, reply.part)[1] == english.LANGUAGE


def _share(values: list[bool]) -> float:
    return sum(values) / len(values) if values else 0.0
