"""Find cases by code, by phone number or by words, with accents or without. Only those the viewer may see."""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, QuerySet

from tongdai.accounts.models import User
from tongdai.language.text import clean, fold
from tongdai.people.phones import normalise

from . import codes
from .models import Case
from .queries import visible_cases

RANKED = 500  # ranking all matches of a common word takes twice as long: the newest are enough


def find(user: User, asked: str, *, most: int = 100) -> list[Case]:
    """Return the cases meant by what was typed, best first.

    One by its code, those of a phone number newest first, or those that hold all the words (the last one may be only
    begun),
    best match first among the newest 500.
    """
    asked = clean(asked).strip()
    cases = visible_cases(user).select_related("place", "topic", "lead")
    if code := codes.read(asked):
        return list(cases.filter(code=code))
    if re.fullmatch(r"[\d\s.+()\-]{8,}", asked) and (phone := normalise(asked)):
        return list(cases.filter(contact__phone=phone).order_by("-received_at")[:most])
    query = words(asked)
    return [] if query is None else list(_ranked(cases, query, most=most))


def words(asked: str) -> SearchQuery | None:
    """All the words asked for, accents taken off, the last one open at its end; None if there is none."""
    found = re.findall(r"\w+", fold(asked))[:20]
    if not found:
        return None
    *whole, last = found
    query = SearchQuery(f"{last}:*", config="simple", search_type="raw")
    return SearchQuery(" ".join(whole), config="simple", search_type="plain") & query if whole else query


def _ranked(cases: QuerySet[Case], query: SearchQuery, *, most: int) -> QuerySet[Case]:
    newest = cases.filter(search=query).order_by("-received_at").values("pk")[:RANKED]
    rank = SearchRank(F("search"), query)
    return (
        Case.objects.filter(pk__in=newest)
        .select_related("place", "topic", "lead")
        .order_by(-rank, "-received_at")[:most]
    )
