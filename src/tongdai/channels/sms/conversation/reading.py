"""A text without a keyword of ours, read in view of what went before it: a new matter, more of an earlier one, a question …

What the words are by themselves the triage says (`cases/triage/kind.py`), learned from examples; here stands what follows from
it. Danger wins over every other reading, and whatever is in doubt is a matter: a person looks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files

from tongdai.cases.routing import suggest_topic
from tongdai.cases.triage import rules
from tongdai.cases.triage.danger import Level
from tongdai.cases.triage.judgement import Judgement
from tongdai.cases.triage.kind import Kind, kinds_of
from tongdai.language.phrases import Phrases

from .before import Before, LastCase

AT_ONCE = timedelta(minutes=30)  # who goes on within this goes on with the same, danger or not
LATELY = timedelta(days=1)  # what is asked then is asked about the case, where nothing is known of it
SAME_DANGER = timedelta(days=1)
LONG_AGO, TOO_LONG_AGO = timedelta(days=4), timedelta(days=10)  # quiet for so long: a matter told whole is another
A_SENTENCE = 5  # words of a matter told whole
# log-odds of its being a matter: surely none of the others; told whole; told so fully that it needs nothing before it
PERHAPS, SURELY, WHOLLY = 0.5, 1.5, 2.5
PLAINLY = (
    1.0  # log-odds of a kind that stands out: words of danger are none then, nor is there a matter beside an insult
)
A_MARK_SAYS = 5.0  # log-odds: words that ask ("ở đâu", "bao nhiêu", a question mark)
FEW = 6  # words; after a question hardly a matter told whole
LONG = 40  # words; nobody thanks at such a length without telling something
GOES_ON = frozenset({Kind.DETAIL, Kind.THANKS, Kind.RATING, Kind.WITHDRAWAL})
WHILE_IT_IS_OPEN = frozenset({Kind.NO_NAME, Kind.INSULT})  # of an open case they go on with it, else they stand alone
OF_A_CASE = GOES_ON | {Kind.STATUS, Kind.CODE}

UNLESS_THEY_SAY_BUT = frozenset(
    {Kind.QUESTION, Kind.THANKS, Kind.WITHDRAWAL, Kind.HELP, Kind.INSULT, Kind.MISTAKE, Kind.STRAY}
)  # it is a matter
ONLY_PLAINLY = frozenset({Kind.NO_NAME, Kind.CODE, Kind.INSULT, Kind.MISTAKE})  # else it may tell of something
ALONE = 12  # words; whoever goes on longer than this to insult somebody tells of something


@dataclass(frozen=True)
class Reading:
    """What a text is; `last`: the case that it goes on with."""

    kind: Kind
    last: LastCase | None = None


def read(words: str, *, judged: Judgement, before: Before) -> Reading:
    """What these words are."""
    last, scores = before.last, kinds_of(words)
    if not any(sign.isalnum() for sign in words):
        return _of_signs(words, last)
    if not any(sign.isalpha() for sign in words):  # a telephone number, the number of a house
        return Reading(Kind.DETAIL, last) if last else Reading(Kind.MATTER)
    if judged.level is not Level.NONE or judged.own_life:
        return _of_danger(words, scores, last)
    if judged.cannot_ring and last and last.is_open and last.case.in_danger and last.quiet_for <= AT_ONCE:
        return Reading(Kind.DETAIL, last)
    kind = _likeliest(words, scores, before)
    if judged.denunciation and not (last and last.case.confidential):
        return Reading(
            Kind.MATTER
        )  # in no history that others read: who is denounced may be the agency that has the case
    if kind in (Kind.MATTER, Kind.DETAIL):
        if last and last.is_open and not _is_another(words, scores, last):
            return Reading(Kind.DETAIL, last)
        # a case that is over nobody looks at any more, unless what isn't settled of it reopens it: no matter told anew does
        if last and last.is_answered and kind is Kind.DETAIL and not _is_another(words, scores, last):
            return Reading(Kind.DETAIL, last)
        return Reading(Kind.MATTER)
    lately = last if last and last.is_open and last.quiet_for <= LATELY else None
    if kind is Kind.HELP and (before.question or lately) and len(words.split()) >= A_SENTENCE - 1:
        kind = Kind.QUESTION
    if kind is Kind.QUESTION:
        return Reading(kind, lately)
    goes_on = kind in OF_A_CASE or (kind in WHILE_IT_IS_OPEN and last is not None and last.is_open)
    return Reading(kind, last if goes_on else None)


def is_surely_no_danger(words: str) -> bool:
    """Whether words that sound like danger are so plainly something else ("có nước rồi nhé", "đừng nhắn nữa").

    Never where one of the phrases stands that must not be missed, and never of what may be a matter.
    """
    scores = kinds_of(words)
    kind = max(scores, key=scores.__getitem__)
    if kind in (Kind.MATTER, Kind.DETAIL) or rules.kind_of(words) or rules.claims_urgency(words):
        return False
    return _stands_out(kind, scores)


def is_plainly_stray(words: str) -> bool:
    """Whether it is meant for somebody else ("mẹ ơi con về muộn"), who would wonder at a word of ours; not what nobody can read."""
    return _stands_out(Kind.STRAY, kinds_of(words))


def _stands_out(kind: Kind, scores: Mapping[Kind, float]) -> bool:
    return scores[kind] >= PLAINLY and scores[kind] - scores[Kind.MATTER] >= 2 * PLAINLY


def _likeliest(words: str, scores: Mapping[Kind, float], before: Before) -> Kind:
    """The likeliest kind that makes sense after what went before; in doubt a matter."""
    kind, matter = max(scores, key=scores.__getitem__), scores[Kind.MATTER]
    if kind not in (Kind.MATTER, Kind.QUESTION, Kind.DETAIL) and (
        scores[kind] - matter < PERHAPS or len(words.split()) > LONG
    ):
        kind = Kind.MATTER
    if kind is Kind.MATTER and matter - scores[Kind.QUESTION] < A_MARK_SAYS and _asks(words):
        kind = Kind.QUESTION
    said = _said(words)
    # who plainly asks may say but, too: "đổi bằng quá hạn hai tháng có phải thi lại"
    says_but = "but" in said and not (kind is Kind.QUESTION and _stands_out(kind, scores))
    unhappy = "unhappy" in said or says_but
    of_none_here = kind is Kind.STATUS and before.last is None  # what stands still somewhere else
    if unhappy and (kind in UNLESS_THEY_SAY_BUT or of_none_here):
        kind = Kind.MATTER
    if kind in ONLY_PLAINLY and not _is_plainly(kind, words, scores):
        kind = Kind.MATTER
    few = matter < (SURELY if len(words.split()) <= FEW else 0) and not unhappy
    if before.question and (kind in (Kind.DETAIL, Kind.STATUS) or (kind is Kind.MATTER and few)):
        return Kind.QUESTION  # what they add to it
    return Kind.MATTER if kind is Kind.DETAIL and before.last is None else kind


def _is_plainly(kind: Kind, words: str, scores: Mapping[Kind, float]) -> bool:
    """Whether it is this and nothing beside it: what is taken for one of these is told to nobody."""
    if kind is Kind.INSULT and ("place" in _said(words) or len(words.split()) > ALONE):
        return False
    return _stands_out(kind, scores)


def _asks(words: str) -> bool:
    """Whether it is put as a question, and requests nothing."""
    said = _said(words)
    return ("asks" in said or words.rstrip().endswith("?")) and "requests" not in said


def _of_danger(words: str, scores: Mapping[Kind, float], last: LastCase | None) -> Reading:
    """More about the same where that is open, which `join` then raises; else a matter, whatever else the words may be.

    Danger told in plain words is more of a case that is none only at once: who is on duty is to read of it first.
    """
    if last is None or not last.is_open or _is_another(words, scores, last):
        return Reading(Kind.MATTER)
    plain = bool(rules.kind_of(words)) or rules.claims_urgency(words) or scores[Kind.MATTER] >= WHOLLY
    was_danger = last.case.urgent or last.case.danger_level != Level.NONE
    goes_on_for = SAME_DANGER if was_danger else AT_ONCE if plain else TOO_LONG_AGO
    return Reading(Kind.DETAIL, last) if last.quiet_for <= goes_on_for else Reading(Kind.MATTER)


def _is_another(words: str, scores: Mapping[Kind, float], last: LastCase) -> bool:
    """Whether a matter is told that is truly another than the last one; its own words added to it are none."""
    matter, said = scores[Kind.MATTER], _said(words)
    if len(words.split()) < A_SENTENCE or matter < PERHAPS:
        return False
    if "another" in said or (not last.is_open and matter >= SURELY and "place" in said):
        return True
    if last.quiet_for > (TOO_LONG_AGO if "same" in said else LONG_AGO):
        return matter >= SURELY
    return matter >= WHOLLY and "place" in said and "same" not in said and _is_of_another_subject(words, last)


def _is_of_another_subject(words: str, last: LastCase) -> bool:
    told, before = suggest_topic(words), suggest_topic(last.case.text)
    return told is not None and before is not None and told.code != before.code


def _of_signs(words: str, last: LastCase | None) -> Reading:
    """Of a text without a letter or a digit: what its first sign with a meaning says. Others may tell of something: a fire."""
    meanings = _signs()
    kind = next((meanings[sign] for sign in words if sign in meanings), None)
    if kind is None:
        pictures = any(unicodedata.category(sign) in {"So", "Co"} for sign in words)
        kind = Kind.MATTER if pictures else Kind.HELP if "?" in words else Kind.STRAY
        if kind is Kind.HELP and last and last.is_open:
            kind = Kind.STATUS
    if kind is Kind.MATTER and last and last.quiet_for <= AT_ONCE:
        kind = Kind.DETAIL
    return Reading(kind, last if kind in GOES_ON or kind is Kind.STATUS else None)


def _said(words: str) -> set[str]:
    return {found.value for found in _phrases().find(words)}


@cache
def _phrases() -> Phrases[str]:
    """Those of `phrases.txt`, each with what it says: another, same, place …"""
    rows, says = [], ""
    for line in _lines("phrases.txt"):
        if line.startswith("["):
            says = line.strip("[]")
        else:
            rows.append((line, says))
    return Phrases(rows)


@cache
def _signs() -> dict[str, Kind]:
    """Those of `signs.txt`."""
    rows = (line.split(" ", 1) for line in _lines("signs.txt"))
    return {sign: Kind(name) for name, signs in rows for sign in signs}


def _lines(file: str) -> list[str]:
    written = files("tongdai.channels.sms.conversation").joinpath(file).read_text(encoding="utf-8")
    return [line for line in written.splitlines() if line and not line.startswith("#")]
