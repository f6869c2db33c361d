"""Ask what the city knows: one door for all channels. `usage.records` counts what was asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tongdai.directory.models import Place
from tongdai.directory.places import by_name
from tongdai.language.text import fold
from tongdai.platform.clock import today

from .answer_key import AnswerKey, Kind, Part
from .answers import by_key
from .lookups import keywords, row_search
from .models import Answer, LookupRow, LookupTable, Procedure, State
from .search.cache import finder
from .search.entry import Entry
from .search.finder import Certainty, Hit, SearchResult

BESIDE = 0.5  # of the best score: what lies further behind is not told beside it
_CODE = re.compile(r"\d\.\d{6}")  # of a procedure


@dataclass(frozen=True)
class FoundAnswer:
    """One answer, and how it was found."""

    hit: Hit
    answer: Answer

    @property
    def key(self) -> AnswerKey:
        return self.hit.key

    @property
    def kind(self) -> Kind:
        return self.hit.key.kind


@dataclass(frozen=True)
class Reply:
    """`answers`: best first; empty when nothing is known, and then a person is offered."""

    search: SearchResult
    answers: tuple[FoundAnswer, ...]

    @property
    def certainty(self) -> Certainty:
        return self.search.certainty if self.answers else Certainty.NOT_FOUND

    @property
    def part(self) -> Part | None:
        return self.search.part


def ask(typed: str, *, most: int = 5, names_only: bool = False) -> Reply:
    """The answers to what was typed or said; none rather than a wrong one. `names_only`: without their long parts.

    A procedure's code leads to it, a table's keyword with a ward (`covid lê chân`) to the rows there.
    """
    if reply := _by_code(typed) or _by_keyword(typed, most=most):
        return reply
    found = finder().find(typed, most=most)
    wards, rest = by_name.parted(typed)
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
        near = [hit for hit in near if hit is first or hit.likelihood >= finder().weights.perhaps]
    answers = _with_answers(near, names_only=names_only)
    return Reply(found, tuple(_at_the_wards(answers, wards, most=most)))


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


def _with_answers(hits: Sequence[Hit], *, names_only: bool) -> list[FoundAnswer]:
    """The hits with their answers, in their order; those gone since the index was made are left out."""
    answers = by_key.answers_of([hit.key for hit in hits], names_only=names_only)
    return [FoundAnswer(hit, answers[hit.key]) for hit in hits if hit.key in answers]
