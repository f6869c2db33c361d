"""Ask what the city knows: one door for all channels. `usage.records` counts what was asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tongdai.directory.models import Place
from tongdai.directory.places import by_name
from tongdai.language.text import fold
from tongdai.platform.clock import today

from . import long_questions
from .answer_key import AnswerKey, Kind, Part
from .answers import by_key
from .answers.english import LANGUAGE
from .lookups import counters, keywords, row_search
from .models import Answer, LookupRow, LookupTable, Procedure, State
from .search.cache import english_finder, finder, forms
from .search.certainty.judgement import THRESHOLDS, is_ahead
from .search.certainty.result import Certainty, Hit, SearchResult
from .search.english import question as english_question
from .search.entry import Entry
from .search.forms.names import AskedForm
from .search.question import is_function_word

BESIDE = 0.5  # of the best score: what lies further behind is not told beside it
BESIDE_IN_ENGLISH = 0.6
_CODE = re.compile(r"\d\.\d{6}")  # of a procedure
_FOREIGN = re.compile(r"\b(?:nuoc ngoai|ngoai quoc|viet kieu)\b")
_COSTS = frozenset(
    {"het", "mat", "phi", "tien", "ton"}
)  # "thế mất bao nhiêu", "hết bao lâu": of the asking, not of what
_SAYS_NOTHING_IN_ENGLISH = frozenset({"also", "and", "for", "it", "ok", "so", "that", "then", "this", "too", "well"})


@dataclass(frozen=True)
class FoundAnswer:
    """One answer, and how it was found."""

    hit: Hit
    answer: Answer
    part: Part | None = None  # which part of it is asked for

    @property
    def key(self) -> AnswerKey:
        return self.hit.key

    @property
    def kind(self) -> Kind:
        return self.hit.key.kind


@dataclass(frozen=True)
class Reply:
    """`answers`: best first; empty when nothing is known, and then a person is offered.

    `language`: `en` where it was asked in English, else nothing: the page's, or the text's own. `matters`: two where the
    question had two, or a ward whose counter is told beside what it takes: the first two answers are both told.
    """

    search: SearchResult
    answers: tuple[FoundAnswer, ...]
    language: str = ""
    matters: int = 1

    @property
    def certainty(self) -> Certainty:
        return self.search.certainty if self.answers else Certainty.NOT_FOUND

    @property
    def part(self) -> Part | None:
        return self.search.part


def ask(typed: str, *, most: int = 5, names_only: bool = False, language: str | None = "vi") -> Reply:
    """The answers to what was typed or said; none rather than a wrong one. `names_only`: without their long parts.

    A procedure's code leads to it, a table's keyword with a ward (`covid lê chân`) to the rows there. `language`: of the page;
    whoever reads it in English more likely asks in English, and yet may type the Vietnamese name of a thing.
    """
    if reply := _by_code(typed) or _by_keyword(typed, most=most):
        return reply
    if found_form := _by_form(typed, most=most, names_only=names_only):
        return _two_matters(typed, found_form.search) or found_form
    wards, rest = by_name.parted(typed)
    if at_the_counter := _by_counter(wards, rest, most=most):
        return at_the_counter
    if english_finder().is_asked_in_english(rest or typed, language=language or "vi"):
        return _in_english(rest or typed, wards, most=most, names_only=names_only)
    found = finder().find(typed, most=most)
    found = long_questions.offered_by_a_clause(typed, long_questions.sure_by_a_clause(typed, found))
    if both := _two_matters(typed, found):
        return both
    if wards and found.certainty is not Certainty.FOUND:
        without = finder().find(rest, most=most)
        if not without.hits:
            return _reply_of(_rows_at(wards)[:most], certainty=Certainty.PERHAPS)  # a ward's name alone
        if found.certainty is Certainty.NOT_FOUND or without.certainty is Certainty.FOUND:
            found = without
    if found.certainty is Certainty.NOT_FOUND:
        return Reply(found, ())
    first = found.hits[0]
    near = [hit for hit in found.hits if hit.score >= BESIDE * first.score]
    if found.certainty is Certainty.FOUND:  # beside the answer only what may well be meant, too
        near = [hit for hit in near if hit is first or hit.likelihood >= THRESHOLDS.perhaps]
    near = _without_domestic_sisters(typed, near)
    if found.certainty is Certainty.PERHAPS:
        near = plain_before_qualified(found.understood, near)
    elif near and near[0] is not first:
        found = replace(found, certainty=Certainty.PERHAPS)
    answers = _with_answers(near, found.part, names_only=names_only)
    reply = Reply(found, tuple(_at_the_wards(answers, wards, most=most)))
    return _with_its_counter(reply, wards, most=most)


def part_alone(typed: str, *, language: str = "vi") -> Part | None:
    """Which part of an answer is asked for where nothing is said of what: "vậy phí bao nhiêu", "and how much is it?"."""
    if english_finder().is_asked_in_english(typed, language=language):
        asked = english_question.read_question(typed, english_finder().words)
        return asked.part if all(word in _SAYS_NOTHING_IN_ENGLISH for word in asked.about) else None
    question = finder().understand(typed).question
    says_nothing = (is_function_word(fold(word)) or fold(word) in _COSTS for word in question.about)
    return question.part if all(says_nothing) else None


def of_answer(key: AnswerKey, part: Part | None, *, language: str = "") -> Reply | None:
    """This part of an answer that was found before; None if it is gone."""
    answer = by_key.public_answer_of(key)
    if answer is None:
        return None
    found = replace(_found(answer), part=part)
    return Reply(SearchResult((found.hit,), part, Certainty.FOUND), (found,), language)


def of_answers(keys: Sequence[AnswerKey], part: Part | None, *, language: str = "") -> Reply:
    """This part of the answers that were offered before, in their order, to choose from once more."""
    answers = by_key.answers_of(keys, names_only=True)
    found = tuple(replace(_found(answers[key]), part=part) for key in keys if key in answers)
    certainty = Certainty.PERHAPS if found else Certainty.NOT_FOUND
    return Reply(SearchResult(tuple(each.hit for each in found), part, certainty), found, language)


def _in_english(typed: str, wards: Sequence[Place], *, most: int, names_only: bool) -> Reply:
    """Words of English would only mislead the Vietnamese search, so it isn't asked."""
    found = english_finder().find(typed, most=most)
    if found.certainty is Certainty.NOT_FOUND:
        return Reply(found, (), LANGUAGE)
    near = [hit for hit in found.hits if hit.score >= BESIDE_IN_ENGLISH * found.hits[0].score]
    reply = Reply(found, tuple(_with_answers(near, found.part, names_only=names_only)), LANGUAGE)
    return _with_its_counter(reply, wards, most=most)


def _two_matters(typed: str, whole: SearchResult) -> Reply | None:
    """Both answers, where each half of the question asks something of another procedure and is sure of it."""
    both = long_questions.two_matters(typed)
    answers = [one for each in both for one in _with_answers(each.hits[:1], each.part, names_only=False)]
    if not answers or len(answers) < len(both):
        return None
    hits = tuple(each.hit for each in answers)
    return Reply(SearchResult(hits, answers[0].part, Certainty.FOUND, whole.understood), tuple(answers), matters=2)


def _by_code(typed: str) -> Reply | None:
    if not _CODE.fullmatch(typed.strip()):
        return None
    found = (
        Procedure.objects.on(today())
        .filter(code=typed.strip(), state=State.PUBLISHED)
        .select_related("twin_of")
        .first()
    )
    if found is None:
        return None
    return _reply_of([found.twin_of if found.twin_of and found.twin_of.is_public else found])


def _by_form(typed: str, *, most: int, names_only: bool) -> Reply | None:
    """Where a form is named (`mẫu CT01`, `tờ khai thay đổi thông tin cư trú`), the procedures whose form it is.

    What else is said chooses between them; where it speaks of another matter, the words are searched for as ever.
    """
    asked = forms().by_code(typed)
    if asked is not None and not asked.alone:
        return _with_their_form(asked, most=most, names_only=names_only)
    if asked is None:
        asked = forms().by_name(typed)
        if asked is None or finder().find(typed, most=2).certainty is Certainty.FOUND:
            return None
    answers = by_key.answers_of(list(asked.holders), names_only=names_only)
    found = [replace(_found(answers[key]), part=Part.FORM) for key in asked.holders if key in answers][:most]
    if not found:
        return None
    certainty = Certainty.FOUND if len(found) == 1 else Certainty.PERHAPS
    return Reply(SearchResult(tuple(each.hit for each in found), Part.FORM, certainty), tuple(found))


def _with_their_form(asked: AskedForm, *, most: int, names_only: bool) -> Reply | None:
    """Those found by the other words that have this form."""
    found = finder().find(asked.rest, most=3 * most)
    hits = [hit for hit in found.hits if hit.key in asked.holders and hit.likelihood >= THRESHOLDS.perhaps]
    if not hits:
        return None
    part = found.part or Part.FORM
    sure = is_ahead(hits)
    certainty = Certainty.FOUND if sure else Certainty.PERHAPS
    answers = _with_answers(hits[:1] if sure else hits[:most], part, names_only=names_only)
    return Reply(replace(found, hits=tuple(hits), part=part, certainty=certainty), tuple(answers)) if answers else None


def _by_keyword(typed: str, *, most: int) -> Reply | None:
    words = fold(typed).split()
    tables = keywords.tables_of().get(words[0], []) if words else []
    if not tables:
        return None
    wards, rest = by_name.parted(" ".join(typed.split()[1:]))
    rows = list(row_search.shown(tables).filter(place__in=wards)[:most]) if wards else []
    if len(words) > 1 and (not rows or len(rest.split()) > 1):  # a sentence that only begins like it
        return None
    return _reply_of(rows or tables)


def _by_counter(wards: Sequence[Place], rest: str, *, most: int) -> Reply | None:
    """Where nothing but the ward's counter is asked for: the counter, or, of no ward, the table to look one up in."""
    if not counters.tables() or not counters.asked_for(rest):
        return None
    if rows := counters.rows_at(wards)[:most]:
        return _reply_of(rows)
    return None if wards else _reply_of(counters.tables()[:1], certainty=Certainty.PERHAPS)


def _without_domestic_sisters(typed: str, hits: list[Hit]) -> list[Hit]:
    """Who speaks of a foreigner isn't offered the procedure of citizens alone, where its sister with foreigners is there.

    What one of them costs is not what the other costs.
    """
    if not _FOREIGN.search(fold(typed)):
        return hits
    with_foreigners = [fold(hit.entry.name) for hit in hits if _FOREIGN.search(fold(hit.entry.name))]
    return [hit for hit in hits if not any(name.startswith(f"{fold(hit.entry.name)} ") for name in with_foreigners)]


def plain_before_qualified(understood: str, hits: list[Hit]) -> list[Hit]:
    """A procedure before its sisters whose names add a word that nobody said: of who asks for `khai tử`, *lưu động*."""
    said = set(fold(understood).split())
    names = {hit.key: set(fold(hit.entry.name).split()) for hit in hits}
    ordered: dict[AnswerKey, Hit] = {}
    for hit in hits:
        mine = names[hit.key]
        plainer = [each for each in hits if names[each.key] < mine and not (mine - names[each.key]) & said]
        for each in (*plainer, hit):
            ordered.setdefault(each.key, each)
    return list(ordered.values())


def _rows_at(wards: Sequence[Place]) -> list[LookupRow]:
    """What every table has there."""
    tables = list(LookupTable.objects.on(today()).filter(state=State.PUBLISHED))
    return list(row_search.shown(tables).filter(place__in=wards))


def _at_the_wards(answers: list[FoundAnswer], wards: Sequence[Place], *, most: int) -> list[FoundAnswer]:
    """Where a table was found, or a row of one, and a ward is named: the table's rows there in its stead."""
    found: dict[AnswerKey, FoundAnswer] = {}
    for each in answers:
        for one in [_found(row, each.hit) for row in _rows_instead_of(each.answer, wards, most=most)] or [each]:
            found.setdefault(one.key, one)
    return list(found.values())[:most]


def _with_its_counter(reply: Reply, wards: Sequence[Place], *, most: int) -> Reply:
    """Where it is asked for the counter of a procedure and a ward is named: the ward's own stands second, and is told, too.

    Who names a ward and no part (`birth registration in Lê Chân ward`) asks for it as well.
    """
    asked = reply.part is None or Part.WHERE in (reply.part, reply.search.also)
    if reply.certainty is not Certainty.FOUND or not asked or not wards:
        return reply
    first, *others = reply.answers
    if not isinstance(first.answer, Procedure) or not (rows := counters.at(wards, first.answer)):
        return reply
    there = [_found(row, first.hit) for row in rows]
    return replace(reply, answers=(first, *there, *others)[:most], matters=2)


def _rows_instead_of(answer: Answer, wards: Sequence[Place], *, most: int) -> list[LookupRow]:
    table = answer.table if isinstance(answer, LookupRow) else answer
    if not wards or not isinstance(table, LookupTable):
        return []
    return list(row_search.shown([table]).filter(place__in=wards)[:most])


def _reply_of(answers: Sequence[Answer], *, certainty: Certainty = Certainty.FOUND) -> Reply:
    """These and no others, without asking the search."""
    found = tuple(_found(each) for each in answers)
    return Reply(SearchResult(tuple(each.hit for each in found), None, certainty), found)


def _found(answer: Answer, like: Hit | None = None) -> FoundAnswer:
    score, likelihood = (like.score, like.likelihood) if like else (1.0, 1.0)
    return FoundAnswer(Hit(Entry(answer.answer_key, str(answer)), score, likelihood), answer)


def _with_answers(hits: Sequence[Hit], part: Part | None, *, names_only: bool) -> list[FoundAnswer]:
    """The hits with their answers, in their order; those gone since the index was made are left out."""
    answers = by_key.answers_of([hit.key for hit in hits], names_only=names_only)
    return [FoundAnswer(hit, answers[hit.key], part) for hit in hits if hit.key in answers]
