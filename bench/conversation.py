"""`make bench NAME=conversation`: is each text dealt with as what it is, and is a case opened for a matter alone?

The conversations of `judged/conversations` are texted to a city of its own, with the answers of `bench knowledge`. *tuned*: `d`,
`e` and `g`; *aside*: every third conversation of `g`, which is counted and never shown; *reported*: `f`, on which nothing is ever
tuned. What the product did is read from its rows, never asked of it, and counts as these actions (`actions` below); a text is
right if one of them is among those that a fair person accepts.

| rows after a text | count as |
|---|---|
| a new case | open; with the mark of danger also danger. Nothing else counts then |
| its words in the history of an earlier case | add, thanks, rate, withdraw; danger if that case is marked by now |
| an open case of theirs is over | withdraw, and neither add nor thanks |
| a reply with the code of a case and how it stands | status |
| a reply for the purpose *answer* without a code; a question on record, and any reply | answer, whether or not it is known |
| a reply that names our keywords (TTHC, TRA, HS) | help |
| a reply in English, or another language on the contact | language |
| what the city sends of its own accord isn't queued for the number any more; is queued again | stop; start |
| nothing opened or joined, no reply | nothing; of somebody without a case also thanks, rate, withdraw |
| nothing opened or joined, a reply that is none of these | of somebody without a case thanks, rate, withdraw |

`--left-out`: how well it does with hands it knows nothing of, without a look at the reported one: the tuned sets are judged with
kinds of words (`cases/triage/kind.py`) that were learned without their texts. That is what to tune by. `--sets d,g`: these alone.

So thanks, a rating, a withdrawal must be in the history where there is a case. The text of the register is no reply. Whether an
answer is the right one is not judged here, nor which of two cases was joined.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from .figures import Figures, arguments

LIMIT = 0.95  # of the texts are right
MOST_OPENED = 0.02  # of the texts that open no matter have a case opened for them
SETS = Path(__file__).parent / "judged" / "conversations"
REPORTED = {"f"}
ASIDE = {"g"}  # of these every third conversation is kept aside while the rest is tuned on
LEARNED_AS = {
    "d": "b",
    "e": "c",
    "g": "",
}  # the file of `cases/triage/kinds` that holds the texts of a tuned set, if any
WITHIN_A_MINUTE = timedelta(seconds=20)  # between texts of the same minute
OF_A_CASE = frozenset({"thanks", "rate", "withdraw"})
OPENS = frozenset({"open", "danger"})
INSTEAD = 25  # lines of what was done instead


class Part(StrEnum):
    """What a conversation is for: to tune on, to see what tuning is worth, to be reported."""

    TUNED = "tuned"
    ASIDE = "aside"
    REPORTED = "reported"


@dataclass(frozen=True)
class Text:
    after: timedelta
    words: str
    right: tuple[str, ...]


@dataclass(frozen=True)
class Conversation:
    """One citizen's texts, and what had been before: `earlier` is the words of their case, `answer` what it was answered."""

    name: str
    part: Part
    texts: tuple[Text, ...]
    earlier: str
    answer: str
    ago: timedelta
    code: str


@dataclass(frozen=True)
class Judged:
    """One text, the rows that it left (`facts`), and the words that were sent back."""

    name: str
    part: Part
    words: str
    right: tuple[str, ...]
    facts: frozenset[str]
    replies: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        return bool(actions(self.facts) & set(self.right))

    @property
    def opened(self) -> bool:
        return "opened" in self.facts

    @property
    def should_open(self) -> bool:
        """Whether a fair person would have a case opened, and accepts nothing else."""
        return OPENS.issuperset(self.right)

    @property
    def done(self) -> str:
        """What was done, in short."""
        return "+".join(sorted(self.facts - {"case", "stop"})) or "silence"


def actions(facts: Set[str]) -> set[str]:
    """What these facts count as; see the table above."""
    if "opened" in facts:
        return {"open"} | (facts & {"danger"})
    found = {each for each in ("status", "answer", "help", "language", "stop", "start") if each in facts}
    if "closed" in facts:
        found.add("withdraw")
    elif "joined" in facts:
        found |= {"add", *OF_A_CASE} | (facts & {"danger"})
    elif facts <= {"words", "stop"}:
        found |= OF_A_CASE
    if facts <= {"case", "stop"}:
        found.add("nothing")
    return found


def main() -> int:
    options = arguments(str(__doc__))
    options.add_argument(
        "--show", type=int, default=0, metavar="N", help="print the first N wrong ones of those tuned on"
    )
    options.add_argument("--left-out", action="store_true", help="the tuned sets, by what was learned without them")
    options.add_argument("--sets", default="", help="of these sets alone, a comma between them")
    given = options.parse_args()
    file = Path(os.environ.get("TONGDAI_TEST_DATA", "../shared/data")) / "procedures.jsonl.gz"
    if not file.exists():
        print(f"{file} is not here: set TONGDAI_TEST_DATA to the folder that holds procedures.jsonl.gz")
        return 2
    home = Path(tempfile.mkdtemp(prefix="tongdai-bench-"))
    home.chmod(0o755)
    os.environ |= {"TONGDAI_HOME": str(home), "TONGDAI_PORT": str(_free_port()), "TONGDAI_LIVE_PORT": str(_free_port())}
    os.environ.pop("DATABASE_URL", None)
    try:
        from tongdai.platform.processes.bootstrap import ready

        with ready(as_owner=True):
            return _measure(file, given)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _measure(file: Path, given: argparse.Namespace) -> int:
    from . import texting  # its models are there only now

    chosen = {each for each in given.sets.split(",") if each}
    sets = [path for path in sorted(SETS.glob("*.jsonl")) if path.stem in LEARNED_AS or not given.left_out]
    sets = [path for path in sets if path.stem in chosen or not chosen]
    with (
        texting.city(file) as line,
        texting.learned_without(set(LEARNED_AS.values()) if given.left_out else set()),
    ):
        judged = [each for path in sets for each in _judge_all(path, line)]
    _tell(judged)
    _show(judged, most=given.show)
    return 0 if given.left_out or chosen else _figures(judged).publish(given.json)


def _judge_all(path: Path, line: Any) -> list[Judged]:
    """Those of one set, which is told of when it is done."""
    judged = [judged for each in _read(path) for judged in _judge(each, line)]
    print(f"{path.stem}: {len(judged)} texts", flush=True)
    return judged


def _read(path: Path) -> Iterable[Conversation]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row = json.loads(line)
        yield Conversation(
            name=row["id"],
            part=_part(path.stem, number),
            texts=tuple(
                Text(timedelta(minutes=each["after_min"]), each["text"], tuple(each["right"])) for each in row["texts"]
            ),
            earlier=row.get("before_text", ""),
            answer=row.get("before_answer", ""),
            ago=timedelta(hours=row.get("before_hours", 0)),
            code=row.get("code", ""),
        )


def _part(of: str, number: int) -> Part:
    """What the conversation with this number, of this set, is for."""
    if of in REPORTED:
        return Part.REPORTED
    return Part.ASIDE if of in ASIDE and number % 3 == 0 else Part.TUNED


def _judge(conversation: Conversation, line: Any) -> list[Judged]:
    """Text the whole conversation; nothing of it is left afterwards."""
    found = []
    with line.citizen(code=conversation.code) as citizen:
        if conversation.earlier:
            citizen.had_a_case(conversation.earlier, answer=conversation.answer, ago=conversation.ago)
        after, last = timedelta(), timedelta(-1)
        for number, text in enumerate(conversation.texts, 1):
            after = after + WITHIN_A_MINUTE if text.after == last else text.after
            last = text.after
            done = citizen.text(text.words, after=after)
            name = f"{conversation.name}.{number}"
            found.append(Judged(name, conversation.part, done.words, text.right, done.facts, done.replies))
    return found


# ── what came out ────────────────────────────────────────────────────────────────────────────────────────────────────


def _measures(judged: Sequence[Judged]) -> dict[str, float | int]:
    no_matter = [each for each in judged if not OPENS.intersection(each.right)]
    wrongly = sum(each.opened for each in no_matter)
    in_danger = [each for each in judged if "danger" in each.right]
    return {
        "texts": len(judged),
        "right": _share(judged, lambda each: each.is_right),
        "wrongly_opened": wrongly / max(1, len(no_matter)),
        "wrongly_opened_of_all": wrongly / max(1, len(judged)),
        "missed_open": sum(each.should_open and not each.opened for each in judged),
        "should_open": sum(each.should_open for each in judged),
        "danger_missed": sum("danger" not in actions(each.facts) and not each.is_right for each in in_danger),
        "danger_accepted": len(in_danger),
    }


def _share(judged: Sequence[Judged], so: Callable[[Judged], bool]) -> float:
    return sum(map(so, judged)) / max(1, len(judged))


def _by_kind(judged: Sequence[Judged]) -> dict[str, list[Judged]]:
    """By the first action that is accepted."""
    found: dict[str, list[Judged]] = {}
    for each in judged:
        found.setdefault(each.right[0], []).append(each)
    return dict(sorted(found.items()))


def _parted(judged: Sequence[Judged]) -> dict[Part, list[Judged]]:
    """Those tuned on, those kept aside, those reported."""
    return {part: [each for each in judged if each.part is part] for part in Part}


def _tell(judged: Sequence[Judged]) -> None:
    parts = _parted(judged)
    for name, these in (*parts.items(), ("all", judged)):
        print(f"── {name}: " + ", ".join(f"{figure} {value:.4g}" for figure, value in _measures(these).items()))
    print(f"{'':>10}  " + " │ ".join(f"{part:>8} texts  right" for part in parts))
    of_parts = [_by_kind(these) for these in parts.values()]
    for kind in sorted({kind for each in of_parts for kind in each}):
        counted = (each.get(kind, []) for each in of_parts)
        shares = (f"{len(these):14}  {_share(these, lambda each: each.is_right):5.3f}" for these in counted)
        print(f"{kind:>10}  " + " │ ".join(shares))
    print("── a matter for which no case was opened: what was done, tuned │ aside │ reported")
    missed = [Counter(each.done for each in these if each.should_open and not each.opened) for these in parts.values()]
    for done in sorted({done for each in missed for done in each}):
        print(" │ ".join(f"{each[done]:5}" for each in missed) + f"  {done}")
    print("── wrong among the tuned: what was accepted first → what was done")
    instead = Counter((each.right[0], each.done) for each in parts[Part.TUNED] if not each.is_right)
    for (right, done), times in instead.most_common(INSTEAD):
        print(f"{times:5}  {right} → {done}")


def _show(judged: Sequence[Judged], *, most: int) -> None:
    wrong = [each for each in judged if each.part is Part.TUNED and not each.is_right]
    for each in wrong[:most]:
        print(f"{each.name} [{', '.join(each.right)}] ← {each.done}: {each.words}")
        for reply in each.replies:
            print(f"      → {reply}")


def _figures(judged: Sequence[Judged]) -> Figures:
    """Held against the limits is the reported set, which nobody tunes on."""
    tuned, aside, reported = _parted(judged).values()
    found = _measures(reported)
    extra: dict[str, float | int | str] = dict(found)
    extra |= {f"{name}_tuned": value for name, value in _measures(tuned).items()}
    extra |= {f"{name}_aside": value for name, value in _measures(aside).items()}
    extra |= {f"{name}_all": value for name, value in _measures(judged).items()}
    for suffix, these in (("", reported), ("_tuned", tuned)):
        extra |= {
            f"right_{kind}{suffix}": _share(some, lambda each: each.is_right) for kind, some in _by_kind(these).items()
        }
    return Figures(
        name="conversation", value=found["right"], unit="share of the texts", limit=LIMIT, ratio=found["right"],
        lost=sum("lost" in each.facts for each in judged), failed=int(found["wrongly_opened"] > MOST_OPENED), extra=extra,
    )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
