"""Are the answers right? Every question of `judged/answers` is asked on the portal and by text, and what is read is judged.

`bench/knowledge.py` calls it, on the database it has filled. Hands a and b are told together as `_tuned`; hand c, which
nobody ever tunes on, without a suffix. What counts as told, offered and refused, and which words of the portal and of a text
are the answer that a person reads, `reading.py` says.

What is told counts as wrong where its procedure is neither one of `codes` nor of `also`. **Right** is an answer that is told,
or is the first right one among three offered, and whose words have one string of every list in `facts`, none of `not`, and
each of `only_if`. Case, spaces, composed or decomposed accents, and `hoà` for `hòa` make no difference; `5 ngày` is not said
by `15 ngày`, nor `50.000` by `150.000`. Where the record doesn't hold it (`unknown`), the text must say so as well, and name
no amount of a fee. Of `two` matters both must be told, and their facts may stand in either's text. A question without facts
is right once its procedure is there. `answer_right` judges the portal, `answer_right_sms` the text message.

`recall_at_3_answers` asks the search alone, as `recall_at_3` does; of two matters found by half is a half.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.test import Client

from tongdai.knowledge.answer_key import AnswerKey, Part
from tongdai.knowledge.search.cache import finder

from .reading import Keys, Reading, browser, by_text, on_the_portal

JUDGED = Path(__file__).parent / "judged" / "answers"
REPORTED = "c"  # the hand that nobody tunes on
BARS = {
    "recall_at_3": (">=", 0.95), "recall_at_3_answers": (">=", 0.95), "told": (">=", 0.70), "told_wrong": ("<=", 0.02),
    "answer_right": (">=", 0.85), "absent_told": ("<=", 0.02), "p95_ms": ("<=", 50.0),
}  # fmt: skip

Told = dict[str, float | int | str]


@dataclass(frozen=True)
class Asked:
    """A question, and what its hand says of the right answer (`judged/answers/README.md`)."""

    hand: str
    name: str
    question: str
    kind: str
    codes: tuple[str, ...]
    also: tuple[str, ...]
    parts: tuple[str, ...]
    facts: tuple[tuple[str, ...], ...]
    unknown: bool
    untrue: tuple[str, ...]
    conditions: tuple[str, ...]

    @property
    def tuned(self) -> bool:
        return self.hand != REPORTED

    @property
    def answerable(self) -> bool:
        return self.kind != "absent"

    @property
    def language(self) -> str:
        """Of the page: who asks in English has chosen it."""
        return "en" if self.kind == "english" else "vi"

    @property
    def matters(self) -> int:
        return 2 if self.kind == "two" else 1


@dataclass(frozen=True)
class Row:
    """A question with what was read, and what is wrong with it; nothing where it is right."""

    asked: Asked
    portal: Reading
    fault: str
    fault_in_text: str
    found: float
    told_wrong: bool

    @property
    def told(self) -> bool:
        return self.portal.sure

    @property
    def refused(self) -> bool:
        return not self.portal.shown


def measure(keys: Keys, *, suffix: str = "", show: int = 0) -> Told:
    """All figures of the three hands; `show`: how many of the wrong ones of a and b are printed, with what was read."""
    every = [each for file in sorted(JUDGED.glob("*.jsonl")) for each in questions_of(file)]
    with browser() as client:
        rows = [_row(client, each, keys) for each in every]
    tuned = [row for row in rows if row.asked.tuned]
    _print_faults(tuned)
    for row in [row for row in tuned if _fault_of(row)][:show]:
        _print(row)
    told = _figures([row for row in rows if not row.asked.tuned], suffix) | _figures(tuned, f"_tuned{suffix}")
    for hand in sorted({each.hand for each in every if each.tuned}):
        told |= _overall([row for row in rows if row.asked.hand == hand], f"_{hand}{suffix}")
    return told | _overall(rows, f"_all{suffix}")


def print_bars(figures: Mapping[str, float | int | str]) -> None:
    """Each figure that was measured beside the bar it must reach; the exit code doesn't depend on it."""
    for name, (sign, bar) in BARS.items():
        for each in (name, f"{name}_vectors"):
            value = figures.get(each)
            if isinstance(value, float):
                reached = value >= bar if sign == ">=" else value <= bar
                print(f"{each:>32}  {value:8.3f}  bar {sign} {bar:g}  {'reached' if reached else 'NOT REACHED'}")


# ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def questions_of(file: Path) -> Iterator[Asked]:
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        part = row["part"]
        yield Asked(
            hand=file.stem,
            name=row["id"],
            question=row["question"],
            kind=row["kind"],
            codes=tuple(row["codes"]),
            also=tuple(row["also"]),
            parts=tuple(part) if isinstance(part, list) else (part,),
            facts=tuple(map(tuple, row["facts"])),
            unknown=row["unknown"],
            untrue=tuple(row["not"]),
            conditions=tuple(row["only_if"]),
        )


def _row(client: Client, asked: Asked, keys: Keys) -> Row:
    """Nothing of it stays in the database: no question counts for the next one, and a phone may ask as often as it likes."""
    wanted = frozenset(keys[code] for code in (*asked.codes, *asked.also) if code in keys)
    with transaction.atomic():
        portal = on_the_portal(client, asked.question, language=asked.language, keys=keys)
        text = by_text(asked.question, wanted=wanted, most=asked.matters)
        transaction.set_rollback(True)
    hits = {hit.key for hit in finder().find(asked.question).hits[:3]}
    return Row(
        asked,
        portal,
        fault=_fault(asked, portal, wanted),
        fault_in_text=_fault(asked, text, wanted),
        found=min(len(hits & wanted), asked.matters) / asked.matters,
        told_wrong=portal.sure and not portal.shown[0].about & wanted,
    )


# ── judging ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_NOT_RECORDED = re.compile(r"nguồn (?:không|chưa) (?:ghi|nêu|liệt kê)|nguồn ghi chưa rõ|đang kiểm tra lại")
"""How the product says that the record doesn't hold a part: on the page, on the page of what is in doubt, and in a text."""
_AMOUNT = re.compile(r"\d ?(?:đồng|vnđ|vnd|đ)\b")
_TONES = "\N{COMBINING GRAVE ACCENT}\N{COMBINING ACUTE ACCENT}\N{COMBINING HOOK ABOVE}\N{COMBINING TILDE}\N{COMBINING DOT BELOW}"
_OLDER = {
    unicodedata.normalize("NFC", f"{first}{second}{tone}"): unicodedata.normalize("NFC", f"{first}{tone}{second}")
    for first, second, tone in ((*pair, tone) for pair in (("o", "a"), ("o", "e"), ("u", "y")) for tone in _TONES)
}  # hoà → hòa
_NEWER_STYLE = re.compile(rf"(?:{'|'.join(_OLDER)})(?!\w)")


def _fault(asked: Asked, reading: Reading, wanted: frozenset[AnswerKey]) -> str:
    """What keeps this from being the right answer; nothing where it is one."""
    if not reading.shown:
        return f"refused: {reading.instead}" if reading.instead else "refused"
    if reading.sure and not reading.shown[0].about & wanted:
        return "another procedure is told"
    right = [shown for shown in reading.shown if shown.about & wanted]
    if not right:
        return "not among those offered"
    if asked.matters == 2 and (not reading.sure or len({key for each in right for key in each.about & wanted}) < 2):
        return "one of two matters is left out"
    read = right if asked.matters == 2 else right[:1]
    return _fault_in(asked, " ".join(shown.text for shown in read), opened=read[0].part)


def _fault_in(asked: Asked, text: str, *, opened: str) -> str:
    text = normalised(text)
    in_doubt = _NOT_RECORDED.search(text) is not None
    if _missing(asked, text):
        return f"a fact is missing: {_why_missing(asked, opened=opened, in_doubt=in_doubt)}"
    if asked.unknown and not in_doubt:
        return "isn't said to be unrecorded"
    if any(says(text, each) for each in asked.untrue) or (
        asked.unknown and "fee" in asked.parts and _AMOUNT.search(text)
    ):
        return "something untrue is said"
    if not all(says(text, each) for each in asked.conditions):
        return "a condition isn't named"
    return ""


def _why_missing(asked: Asked, *, opened: str, in_doubt: bool) -> str:
    part = asked.parts[0]
    if asked.matters == 2:
        return "both matters are told, at one part"
    if part not in {*Part, "any"}:
        return "the search knows no such part"
    if part not in {opened, "any"}:
        return "another part is opened"
    return "the part is said to be in doubt" if in_doubt else "the right part doesn't say it"


def _missing(asked: Asked, text: str) -> list[str]:
    return [" / ".join(ways) for ways in asked.facts if not any(says(text, each) for each in ways)]


def normalised(text: str) -> str:
    """Lower case, single spaces, composed accents, and the tone of an open `oa`, `oe`, `uy` on its first letter."""
    text = " ".join(unicodedata.normalize("NFC", text).lower().split())
    return _NEWER_STYLE.sub(lambda found: _OLDER[found[0]], text)


def says(text: str, words: str) -> bool:
    """Whether a normalised text has these words, from the beginning of one on, and a figure as a whole."""
    words = normalised(words)
    before = r"(?<!\w)(?<!\d[.,])" if words[:1].isdigit() else r"(?<!\w)"
    after = r"(?!\d|[.,]\d)" if words[-1:].isdigit() else ""
    return re.search(f"{before}{re.escape(words)}{after}", text) is not None


# ── telling ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _overall(rows: Sequence[Row], suffix: str) -> Told:
    answerable, absent = _parted(rows)
    return {
        f"recall_at_3_answers{suffix}": _mean(row.found for row in answerable),
        **_of_answerable(answerable, suffix),
        f"absent_told{suffix}": _mean(row.told for row in absent),
        f"absent{suffix}": len(absent),
    }


def _figures(rows: Sequence[Row], suffix: str) -> Told:
    """Over all of them, then by kind and by part asked for; two matters, which have two parts, are a kind alone."""
    told = _overall(rows, suffix)
    answerable, _absent = _parted(rows)
    for kind in sorted({row.asked.kind for row in answerable}):
        told |= _of_answerable([row for row in answerable if row.asked.kind == kind], f"_{kind}{suffix}")
    for part in sorted({row.asked.parts[0] for row in answerable if row.asked.matters == 1}):
        those = [row for row in answerable if row.asked.parts == (part,)]
        told |= _of_answerable(those, f"_part_{part}{suffix}")
    return told


def _of_answerable(rows: Sequence[Row], suffix: str) -> Told:
    return {
        f"told{suffix}": _mean(row.told for row in rows),
        f"told_wrong{suffix}": _mean(row.told_wrong for row in rows),
        f"refused_wrong{suffix}": _mean(row.refused for row in rows),
        f"answer_right{suffix}": _mean(not row.fault for row in rows),
        f"answer_right_sms{suffix}": _mean(not row.fault_in_text for row in rows),
        f"answerable{suffix}": len(rows),
    }


def _parted(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Those that a procedure answers, and those that none does."""
    return [row for row in rows if row.asked.answerable], [row for row in rows if not row.asked.answerable]


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def _fault_of(row: Row) -> str:
    if row.asked.answerable:
        return row.fault
    return "absent, and yet told" if row.told else ""


def _print_faults(rows: Sequence[Row]) -> None:
    """How often what is wrong, of the hands that are tuned on."""
    answerable, absent = _parted(rows)
    for where, faults in (
        ("on the portal", [row.fault for row in answerable]),
        ("by text", [row.fault_in_text for row in answerable]),
    ):
        print(f"a and b, {where}: {faults.count('')} of {len(faults)} are right", flush=True)
        for fault, many in Counter(filter(None, faults)).most_common():
            print(f"{many:6}  {fault}")
    print(f"a and b, absent: {sum(row.told for row in absent)} of {len(absent)} are told, "
          f"{sum(row.refused for row in absent)} refused")  # fmt: skip


def _print(row: Row) -> None:
    asked, reading = row.asked, row.portal
    print(f"\n{asked.name}, {asked.kind}, {' and '.join(asked.parts)}, {' '.join(asked.codes)}: {_fault_of(row)}")
    print(f"  asked: {asked.question}")
    for place, shown in enumerate(reading.shown):
        text = " ".join(shown.text.split())
        how = "offered" if not reading.sure else "beside" if place else "told"
        print(f"  {how}: {shown.title[:90]}, at {shown.part or 'its top'}")
        print(f"    read: {text[:600]}{'…' if len(text) > 600 else ''}")
        if missing := _missing(asked, normalised(shown.text)):
            print(f"    missing: {'; '.join(missing)}")
