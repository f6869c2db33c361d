"""What a text is by its words alone: a new matter, a question, more of an earlier matter, thanks, a rating …

Learned from `kinds/`, a file a hand, as the triage's other model is; whoever knows what went before decides what follows.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Set
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from .judgement import readable
from .model import FILE as OUTCOMES_FILE
from .model import Model, read, write
from .trained import trained
from .training import learn, texts

FILE = OUTCOMES_FILE.with_name("kinds.npz")
MATTERS = (
    800  # of the triage's texts that tell of something to be done; its questions and all danger are learned from whole
)
A_MARK_SAYS = 2.0  # log-odds: a question mark; many a report ends with one, too
QUESTIONS = frozenset({"procedure_question", "covid_policy", "covid_lookup"})  # subjects of the triage's texts


class Kind(StrEnum):
    """Also the names in `kinds/`."""

    MATTER = "matter"  # something the city should do
    QUESTION = "question"  # something it may know
    DETAIL = "detail"  # more words about a matter told before
    STATUS = "status"  # how does it stand?
    THANKS = "thanks"  # or that they have understood
    RATING = "rating"
    WITHDRAWAL = "withdrawal"  # it is settled, or no longer wanted
    STOP = "stop"  # no more texts
    START = "start"
    LANGUAGE = "language"  # which one to write in
    HELP = "help"  # a greeting; how this works
    NO_NAME = "no_name"  # nobody is to learn who they are
    CODE = "code"  # they don't have the code of their case any more
    INSULT = "insult"  # and nothing else
    MISTAKE = "mistake"  # a wrong number, a child that played with the phone
    STRAY = "stray"  # meant for somebody else, an advertisement, a laugh: nothing for the city to do


def kinds_of(text: str) -> Mapping[Kind, float]:
    """Log-odds of each kind, the likeliest first; a fifth of a millisecond, no query."""
    return _kinds_of(readable(text))


@lru_cache(maxsize=500)
def _kinds_of(text: str) -> Mapping[Kind, float]:
    return told_by(model(), text)


def is_question(words: str) -> bool:
    """Say whether these words, read alone, ask to know something rather than to have something done; a mark speaks for it."""
    scores = kinds_of(words)
    mark = A_MARK_SAYS if words.rstrip().endswith("?") else 0.0
    return scores[Kind.QUESTION] + mark > scores[Kind.MATTER]


def told_by(made: Model, text: str) -> Mapping[Kind, float]:
    """Log-odds of each kind by this model."""
    return {Kind(name): score for name, score in made.likeliest("", text)}


@cache
def model() -> Model:
    """The one of this installation; trained where nobody has."""
    return trained(FILE, train=train, read=read)


def examples(*, without: Set[str] = frozenset()) -> list[tuple[str, Kind]]:
    """The texts it is learned from, each with its kind; `without`: those of these hands."""
    found = []
    for file in sorted(files("tongdai.cases.triage").joinpath("kinds").iterdir(), key=lambda each: each.name):
        if file.name.removesuffix(".txt") in without:
            continue
        kind = None
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("[") and line.strip("[]") in set(Kind):
                kind = Kind(line.strip("[]"))
            elif kind is not None and line:
                found.append((line, kind))
    return found


def train(*, file: Path = FILE, without: Set[str] = frozenset()) -> Model:
    """Train and write: half a minute on one core. `without`: hands it doesn't learn from."""
    told = [each for each in texts() if not each.what]
    questions = [each.text for each in told if each.topics[0] in QUESTIONS]
    matters = sorted(each.text for each in told if each.level == "none" and each.topics[0] not in {*QUESTIONS, "other"})
    chosen = random.Random(1022).sample(matters, min(MATTERS, len(matters)))
    chosen += [each.text for each in told if each.level != "none"]
    rows = [
        *examples(without=without),
        *((each.text, Kind(each.what)) for each in texts() if each.what and each.hand not in without),
        *((text, Kind.QUESTION) for text in questions),
        *((text, Kind.MATTER) for text in chosen),
    ]
    made = learn(rows, columns=list(Kind))
    write(made, file)
    return made
