"""The base out again, as JSON lines that `procedures/files.py` and `articles.py` take in: nothing is locked up here."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db.models import QuerySet

from ..answers.plain_text import plain_fields
from ..models import Alias, Article, Procedure
from . import articles
from .procedures.files import COLUMNS

KINDS = ("procedures", "articles", "aliases")


def lines(what: str, *, of: QuerySet[Procedure], articles_of: QuerySet[Article]) -> Iterable[str]:
    """One line a procedure, article, or answer with what people call it, of those given. Raises KeyError: no such kind."""
    if what == "articles":
        return articles.lines(articles_of)
    return {"procedures": procedures, "aliases": aliases}[what](of)


def procedures(of: QuerySet[Procedure]) -> Iterable[str]:
    for each in of.filter(valid_to=None).order_by("code").iterator(chunk_size=200):
        data = {name: getattr(each, name) for name in COLUMNS} | {"troubles": each.troubles}
        if plain := plain_fields(each):  # what is read, with what it stands in place of
            data["plain"] = {name: {part: each.plain[name][part] for part in ("by", "official", "doubts")
                                    if part in each.plain[name]} for name in plain}  # fmt: skip
        yield json.dumps(data, ensure_ascii=False)


def aliases(of: QuerySet[Procedure]) -> Iterable[str]:
    """`{"code", "aliases"}` by procedure."""
    found: dict[str, list[str]] = {}
    for code, phrase in (
        Alias.objects.filter(procedure__in=of, language="vi")
        .order_by("procedure__code", "pk")
        .values_list("procedure__code", "phrase")
    ):
        found.setdefault(code or "", []).append(phrase)
    for code, phrases in found.items():
        yield json.dumps({"code": code, "aliases": phrases}, ensure_ascii=False)
