"""A long question: two matters in one, or a story of which one clause asks."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from . import matters
from .search.cache import finder
from .search.certainty.judgement import is_ahead
from .search.certainty.result import Certainty, SearchResult

LONG, MOST_PARTINGS = 12, 5  # words of a question that may hold two matters; ways to part it that are tried
LIKELY = 0.85  # of what half a question asks for
UNSURE = 0.4  # of the whole of a question, one of whose clauses is sure


def two_matters(typed: str) -> list[SearchResult]:
    """What each half of the question finds, where each asks something of another answer and is sure of it; else nothing."""
    if len(typed.split()) < LONG:
        return []
    best: tuple[float, list[SearchResult]] = (0.0, [])
    partings = (halves for halves in matters.halves(typed) if all(map(finder().part_of, halves)))
    for halves in islice(partings, MOST_PARTINGS):
        found = list(map(_found_in_half, halves))
        if not all(map(_is_likely, found)):
            continue
        first, second = (each.hits[0] for each in found)
        sure = min(first.likelihood, second.likelihood)
        if first.key != second.key and sure > best[0]:
            best = sure, found
    return best[1]


def sure_by_a_clause(typed: str, whole: SearchResult) -> SearchResult:
    """Sure of the first answer, where one clause of a long question is sure of it and no other clause of another.

    Who tells much beside what is asked (`ông nội em mất ở nhà, giờ đi khai tử cần giấy gì`) has most words where they say
    least; the first answer of the whole must be the clause's all the same.
    """
    if whole.certainty is not Certainty.PERHAPS or len(typed.split()) < LONG:
        return whole
    if not is_ahead(whole.hits) or whole.elsewhere or whole.hits[0].likelihood < UNSURE:
        return whole
    clauses = [each for each in matters.clauses(typed) if len(each.split()) >= matters.SHORTEST][:MOST_PARTINGS]
    found = [finder().find(clause, most=2) for clause in clauses]
    told = [each.hits[0] for each in found if each.certainty is Certainty.FOUND]
    if not told or any(each.elsewhere for each in found) or {hit.key for hit in told} != {whole.hits[0].key}:
        return whole
    first = replace(whole.hits[0], likelihood=max(hit.likelihood for hit in told))
    return replace(whole, hits=(first, *whole.hits[1:]), certainty=Certainty.FOUND)


def offered_by_a_clause(typed: str, whole: SearchResult) -> SearchResult:
    """What the likeliest clause of a long question may mean, to be offered and never told, where the whole is drowned in words.

    `Quán ăn nhà tôi muốn nghỉ hai tháng sửa lại. Phải báo phường trước bao nhiêu ngày?`: the part is the whole question's.
    """
    if whole.certainty is not Certainty.NOT_FOUND or whole.elsewhere or len(typed.split()) < LONG:
        return whole
    clauses = [each for each in matters.clauses(typed) if len(each.split()) >= matters.SHORTEST][:MOST_PARTINGS]
    found = [finder().find(clause) for clause in clauses]
    if any(each.elsewhere for each in found):
        return whole
    likely = [each for each in found if each.certainty is not Certainty.NOT_FOUND]
    best = max(likely, key=lambda each: each.hits[0].likelihood, default=None)
    if best is None:
        return whole
    return replace(best, part=whole.part or best.part, also=whole.also, certainty=Certainty.PERHAPS)


def _found_in_half(half: str) -> SearchResult:
    """What half a question asks for; where its story drowns that, what the likeliest of its clauses that ask something says."""
    found = finder().find(half, most=2)
    if _is_likely(found):
        return found
    asking = [
        each for each in matters.clauses(half) if len(each.split()) >= matters.SHORTEST and finder().part_of(each)
    ]
    likely = filter(_is_likely, (finder().find(clause, most=2) for clause in asking))
    return max(likely, key=lambda each: each.hits[0].likelihood, default=found)


def _is_likely(found: SearchResult) -> bool:
    """Half a question has few words: a sister may come near, and yet it is what was meant."""
    return found.stands_out or (bool(found.hits) and found.hits[0].likelihood >= LIKELY)
