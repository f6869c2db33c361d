"""What the search is made of, out of the database: published answers that hold today, and the city's words."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from functools import cache, lru_cache
from typing import Any

from django.db.models import F

from tongdai.language.text import fold

from ..answer_key import AnswerKey, Kind
from ..answers.plain_text import Writer, official_of, same
from ..models import Alias, Article, Audience, LookupRow, LookupTable, Procedure, State, Term, lowest_level
from ..starter.files import Expression, asked_elsewhere, everyday_phrases
from .entry import Entry
from .forms.names import Papers
from .lexicon import Lexicon


def entries(*, today: date) -> list[Entry]:
    """One for each procedure (twins under the lowest level's), article, table and row of one; and those it hasn't."""
    return [*_procedures(today), *_articles(today), *_tables(today), *_rows(today), *_elsewhere()]


def papers(*, today: date) -> list[Papers]:
    """Which forms each procedure has: its papers as they are read, and as the law lists them."""
    rows = Procedure.objects.on(today).filter(state=State.PUBLISHED).order_by("pk").only(
        "pk", "summary", "requirements", "steps", "papers", "result", "twin_of", "plain", "levels"
    )  # fmt: skip
    return [
        Papers(
            AnswerKey(Kind.PROCEDURE, each.twin_of_id or each.pk),
            [
                str(paper.get(name) or "")
                for paper in (*each.papers, *(official_of(each, "papers") or []))
                for name in ("name", "form", "note")
            ],
            [each.summary, each.requirements, each.result, *each.steps],
        )
        for each in sorted(rows, key=lambda each: (lowest_level(each.levels), each.pk))
    ]


def lexicon() -> Lexicon:
    """The city's abbreviations and everyday words."""
    expressions: dict[str, list[Expression]] = {Term.Kind.ABBREVIATION: [], Term.Kind.SYNONYM: []}
    for kind, written, meanings in Term.objects.values_list("kind", "written", "meanings"):
        expressions[kind].append(Expression(written, tuple(meanings)))
    return _lexicon_of(tuple(expressions[Term.Kind.ABBREVIATION]), tuple(expressions[Term.Kind.SYNONYM]))


@lru_cache(maxsize=1)
def _lexicon_of(abbreviations: tuple[Expression, ...], synonyms: tuple[Expression, ...]) -> Lexicon:
    """The same one for the same words, by which the search knows that they haven't changed."""
    return Lexicon.of(abbreviations, synonyms)


def _procedures(today: date) -> list[Entry]:
    calls: dict[int, list[str]] = defaultdict(list)
    for procedure, phrase in Alias.objects.filter(procedure__isnull=False, language="vi").values_list(
        "procedure", "phrase"
    ):
        calls[procedure or 0].append(phrase)
    found: list[Procedure] = []
    twins: dict[int, list[str]] = defaultdict(list)
    published = Procedure.objects.on(today).filter(state=State.PUBLISHED).only(
        "pk", "name", "summary", "field", "levels", "audience", "papers", "result", "twin_of", "chosen", "plain"
    )  # fmt: skip
    for each in published.order_by("pk"):
        if each.twin_of_id:
            twins[each.twin_of_id] += calls[each.pk]
        else:
            found.append(each)
    return [
        Entry(
            key=each.answer_key,
            name=each.name,
            aliases=(*calls[each.pk], *twins[each.pk], *_official_name(each)),
            about=f"{each.field} {_searched(each, 'result')[:200]} {each.summary}",
            body=" ".join(paper["name"] for paper in _searched(each, "papers"))[:1500],
            level=min(lowest_level(each.levels), 2),
            for_citizens=Audience.CITIZEN in each.audience,
            chosen=each.chosen,
        )
        for each in found
    ]


def _searched(each: Procedure, name: str) -> Any:
    """An editor's words; of what the product ships the official ones where they are known, which the search was tuned on."""
    shipped = each.plain.get(name, {}).get("by") == Writer.STARTER
    return (shipped and official_of(each, name)) or getattr(each, name)


def _official_name(each: Procedure) -> list[str]:
    """The name the law gives it, where a plain one is read."""
    official = official_of(each, "name")
    return [official] if official and not same(official, each.name) else []


def _articles(today: date) -> list[Entry]:
    calls: dict[int, list[str]] = defaultdict(list)
    for article, phrase in Alias.objects.filter(article__isnull=False, language="vi").values_list("article", "phrase"):
        calls[article or 0].append(phrase)
    return [
        Entry(
            key=each.answer_key,
            name=each.question,
            aliases=tuple(calls[each.pk]),
            body=each.answer[:1500],
            chosen=each.chosen,
        )
        for each in Article.objects.on(today).filter(state=State.PUBLISHED).order_by("pk")
    ]


def _tables(today: date) -> list[Entry]:
    return [
        Entry(
            key=each.answer_key,
            name=each.name,
            aliases=(*filter(None, [each.keyword]), *_parts_of(each)),
            body=" ".join(str(column["label"]) for column in each.columns),
            chosen=each.chosen,
        )
        for each in LookupTable.objects.on(today).filter(state=State.PUBLISHED, generation__gt=0).order_by("pk")
    ]


def _parts_of(table: LookupTable) -> list[str]:
    """What a table is about, part by part, each with its keyword: `COVID xét nghiệm nhanh`."""
    return [f"{table.keyword} {part}".strip() for part in re.split(r"[.,;:]\s+", table.about.rstrip(".")) if part]


def _elsewhere() -> list[Entry]:
    """What people call procedures that aren't here; one that has been here and is no more stays untold, too.

    And what belongs to others, each phrase an entry of its own: they have little to do with each other.
    """
    named = dict(Procedure.objects.filter(state=State.PUBLISHED).values_list("code", "name"))
    names = "\n".join(map(fold, named.values()))
    return [
        *[entry for code, entry in _untold().items() if code not in named],
        *[entry for official, entry in _others_matters() if official not in names],
    ]


@cache
def _untold() -> dict[str, Entry]:
    """By its code, each procedure that people have a name for, as if it weren't here."""
    return {code: Entry(key=None, name="", aliases=tuple(phrases)) for code, phrases in everyday_phrases().items()}


@cache
def _others_matters() -> list[tuple[str, Entry]]:
    """(words of its official name, one of its phrases) of each that others settle."""
    return [
        (fold(each.official), Entry(key=None, name="", aliases=(phrase,), settled_by=each.who))
        for each in asked_elsewhere()
        for phrase in each.phrases
    ]


def _rows(today: date) -> list[Entry]:
    rows = (
        LookupRow.objects.on(today)
        .filter(table__state=State.PUBLISHED, generation=F("table__generation"))
        .filter(table__in=LookupTable.objects.on(today))
        .select_related("table", "place")
        .order_by("pk")
    )
    return [
        Entry(
            key=row.answer_key,
            name=f"{row.table.name} {row.name}",
            about=row.place.full_name if row.place else "",
            body=" ".join(str(value) for value in row.values.values())[:600],
        )
        for row in rows
    ]
