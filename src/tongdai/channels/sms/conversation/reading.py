"""A text without a keyword of ours, read in view of what went before it: a new matter, more of an earlier one, a question …

What the words are by themselves the triage says (`cases/triage/kind.py`), learned from examples; here stands what follows from
it. Danger wins over every other reading, and whatever is in doubt is a matter: a person looks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from tongdai.language.words import Word, tokens_of, words_of

from .before import Before, LastCase
from .stars import stars_of

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
AN_ENDING_SAYS = 1.5  # the same: a "không" at the end, which many a complaint has, too
LIKELY = 0.0  # log-odds: more likely than not
FEW = 6  # words; after a question hardly a matter told whole
LONG = 40  # words; nobody thanks at such a length without telling something
GOES_ON = frozenset({Kind.DETAIL, Kind.THANKS, Kind.RATING, Kind.WITHDRAWAL})
WHILE_IT_IS_OPEN = frozenset({Kind.NO_NAME, Kind.INSULT})  # of an open case they go on with it, else they stand alone
OF_A_CASE = GOES_ON | {Kind.STATUS, Kind.CODE}

UNLESS_THEY_SAY_BUT = frozenset(
    {Kind.QUESTION, Kind.THANKS, Kind.WITHDRAWAL, Kind.HELP, Kind.INSULT, Kind.MISTAKE, Kind.STRAY}
)  # it is a matter
ONLY_PLAINLY = frozenset({Kind.NO_NAME, Kind.CODE, Kind.INSULT, Kind.MISTAKE})  # else it may tell of something
ENDINGS = frozenset({"khong", "ko", "k", "hong", "hok", "kh"})  # không, as it is typed
PLACES_AT_ANY_RATE = frozenset(
    {"ngo", "ngach", "hem", "kiet", "duong", "phuong", "thon", "xom"}
)  # without accents, too
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
        return _of_danger(words, scores, last, judged=judged)
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
        # a case that is over nobody looks at any more, unless what isn't settled of it reopens it: no other matter does
        if last and last.is_answered:
            is_more = kind is Kind.DETAIL and not _is_another(words, scores, last)
            return Reading(Kind.DETAIL, last) if is_more or _is_unsettled(words, scores, last) else Reading(Kind.MATTER)
        return Reading(Kind.MATTER)
    lately = last if last and last.is_open and last.quiet_for <= LATELY else None
    if kind is Kind.HELP and (before.question or lately) and len(words.split()) >= A_SENTENCE - 1:
        kind = Kind.QUESTION
    if kind is Kind.QUESTION:
        return Reading(kind, lately)
    if kind is Kind.MISTAKE and last and last.is_open and last.quiet_for <= AT_ONCE:  # it puts right what was just told
        return Reading(Kind.DETAIL, last)
    goes_on = kind in OF_A_CASE or (kind in WHILE_IT_IS_OPEN and last is not None and last.is_open)
    return Reading(kind, last if goes_on else None)


def is_surely_no_danger(words: str, judged: Judgement) -> bool:
    """Whether words that sound like danger are so plainly something else ("có nước rồi nhé", "đừng nhắn nữa").

    Never where one of the phrases stands that must not be missed, and never of what may be a matter. Where no life seems to
    be in danger, they need to be something else more likely than not.
    """
    scores = kinds_of(words)
    kind = max(scores, key=scores.__getitem__)
    if kind in (Kind.MATTER, Kind.DETAIL) or rules.kind_of(words) or rules.claims_urgency(words):
        return False
    in_danger = judged.level is Level.LIFE or judged.shown
    return _stands_out(kind, scores, least=PLAINLY if in_danger else LIKELY)


def is_plainly_stray(words: str) -> bool:
    """Whether it is meant for somebody else ("mẹ ơi con về muộn"), who would wonder at a word of ours; not what nobody can read."""
    return _stands_out(Kind.STRAY, kinds_of(words), least=LIKELY)


def _stands_out(kind: Kind, scores: Mapping[Kind, float], *, least: float = PLAINLY) -> bool:
    return scores[kind] >= least and scores[kind] - scores[Kind.MATTER] >= 2 * PLAINLY


def _likeliest(words: str, scores: Mapping[Kind, float], before: Before) -> Kind:
    """The likeliest kind that makes sense after what went before; in doubt a matter."""
    kind, matter = max(scores, key=scores.__getitem__), scores[Kind.MATTER]
    if kind is Kind.RATING and before.last and before.last.is_answered and stars_of(words) is not None:
        return kind  # of an answer, though they say why
    if kind not in (Kind.MATTER, Kind.QUESTION, Kind.DETAIL) and (
        scores[kind] - matter < PERHAPS or len(words.split()) > LONG
    ):
        kind = Kind.MATTER
    if kind is Kind.MATTER and matter - scores[Kind.QUESTION] < _says_it_asks(words):
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


def _says_it_asks(words: str) -> float:
    """By how much it may be likelier a matter and is a question all the same: as it is put, where it requests nothing."""
    said = _said(words)
    if "requests" in said:
        return 0.0
    if "asks" in said or words.rstrip().endswith("?"):
        return A_MARK_SAYS
    return AN_ENDING_SAYS if any(end.plain in ENDINGS for end in words_of(words)[-1:]) else 0.0


def _of_danger(words: str, scores: Mapping[Kind, float], last: LastCase | None, *, judged: Judgement) -> Reading:
    """More about the same where that is open, which `join` then raises; else a matter, whatever else the words may be.

    Danger told in plain words is more of a case that is none only at once: who is on duty is to read of it first.
    """
    if last is None or _is_another(words, scores, last):
        return Reading(Kind.MATTER)
    plain = bool(rules.kind_of(words)) or rules.claims_urgency(words) or scores[Kind.MATTER] >= WHOLLY
    if (
        not last.is_open
    ):  # where nobody would think of danger, what isn't settled reopens the case, and raises it with that
        may_go_on = last.is_answered and not plain and not judged.own_life
        goes_on = may_go_on and _is_unsettled(words, scores, last)
        return Reading(Kind.DETAIL, last) if goes_on else Reading(Kind.MATTER)
    was_danger = last.case.urgent or last.case.danger_level != Level.NONE
    goes_on_for = TOO_LONG_AGO if not plain else SAME_DANGER if was_danger else AT_ONCE
    return Reading(Kind.DETAIL, last) if last.quiet_for <= goes_on_for else Reading(Kind.MATTER)


def _is_unsettled(words: str, scores: Mapping[Kind, float], last: LastCase) -> bool:
    """Whether words that sound like a matter told anew are of one that was answered, and is not settled.

    They are hardly a matter by themselves, or name what the case is about; and no place that it does not name.
    """
    if "another" in _said(words) or last.quiet_for > TOO_LONG_AGO or _names_a_new_place(words, last):
        return False
    if scores[Kind.MATTER] < PERHAPS:
        return True
    return not _is_of_another_subject(words, last) and _names_the_same(words, last)


def _names_the_same(words: str, last: LastCase) -> bool:
    """Whether a word of some meaning stands in both, no name; which word it is, the one with its accents says."""
    about = _by_their_letters(
        token
        for told in (last.case.text, last.answer)
        for at, token in enumerate(tokens_of(told))
        if at == 0 or not token[0].isupper() or told.isupper()
    )
    return any(
        a.may_be(b) and _is_telling(b if a.marked == a.plain else a)
        for a in words_of(words)
        for b in about.get(a.plain, ())
    )


def _is_telling(word: Word) -> bool:
    return len(word.plain) > 1 and not word.plain.isdigit() and not _is_among(_common(), word)


def _names_a_new_place(words: str, last: LastCase) -> bool:
    """Whether a street, a lane, a ward is named that the case doesn't name: "ngõ 5" beside "ngõ 47"."""
    written, known = words_of(words), {word.plain for word in words_of(last.told)}
    for place, named in zip(written, written[1:], strict=False):
        says_place = place.plain in PLACES_AT_ANY_RATE or (place.marked != place.plain and _is_among(_places(), place))
        if says_place and named.plain not in known and not _is_among(_common(), named):
            return True
    return False


def _is_among(table: Mapping[str, Sequence[Word]], word: Word) -> bool:
    return any(word.may_be(each) for each in table.get(word.plain, ()))


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
    return Phrases(_rows())


def _rows() -> Iterator[tuple[str, str]]:
    says = ""
    for line in _lines("phrases.txt"):
        if line.startswith("["):
            says = line.strip("[]")
        else:
            yield line, says


@cache
def _places() -> Mapping[str, Sequence[Word]]:
    """Kinds of places that are one word: by how it is written without accents."""
    return _by_their_letters(line for line, says in _rows() if says == "place" and " " not in line)


@cache
def _common() -> Mapping[str, Sequence[Word]]:
    """Those of `common.txt`, likewise."""
    return _by_their_letters(word for line in _lines("common.txt") for word in line.split())


def _by_their_letters(written: Iterable[str]) -> Mapping[str, Sequence[Word]]:
    found: dict[str, list[Word]] = {}
    for each in written:
        for word in words_of(each):
            found.setdefault(word.plain, []).append(word)
    return found


@cache
def _signs() -> dict[str, Kind]:
    """Those of `signs.txt`."""
    rows = (line.split(" ", 1) for line in _lines("signs.txt"))
    return {sign: Kind(name) for name, signs in rows for sign in signs}


def _lines(file: str) -> list[str]:
    written = files("tongdai.channels.sms.conversation").joinpath(file).read_text(encoding="utf-8")
    return [line for line in written.splitlines() if line and not line.startswith("#")]
