"""Articles in and out: JSON lines with `key`, `question`, `answer`, `short`, `legal_basis`, `aliases`, `procedures`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from tongdai.language.text import clean

from ..answers import revision
from ..models import Alias, Article, Procedure, State

FIELDS = ("question", "answer", "short", "legal_basis")


@transaction.atomic
def load(lines: Iterable[str], *, at: datetime, state: State = State.PUBLISHED) -> int:
    """Add the articles whose key isn't here yet, and leave the others as the city wrote them; how many were added."""
    records: list[dict[str, Any]] = [json.loads(line) for line in filter(str.strip, lines)]
    here = set(Article.objects.filter(key__in=[data["key"] for data in records]).values_list("key", flat=True))
    new: dict[str, dict[str, Any]] = {}
    for data in records:
        if data["key"] not in here:
            new.setdefault(data["key"], data)
    articles = Article.objects.bulk_create(
        Article(key=key, state=state, updated_at=at, **{name: clean(str(data.get(name, ""))) for name in FIELDS})
        for key, data in new.items()
    )
    procedures = dict(Procedure.objects.values_list("code", "pk"))
    Article.procedures.through.objects.bulk_create(
        Article.procedures.through(article_id=article.pk, procedure_id=procedures[code])
        for article in articles
        for code in dict.fromkeys(new[article.key].get("procedures", []))
        if code in procedures
    )
    Alias.objects.bulk_create(
        Alias(article=article, phrase=phrase, origin=Alias.Origin.STARTER)
        for article in articles
        for phrase in new[article.key].get("aliases", [])
    )
    if articles:
        revision.advance()
    return len(articles)


def lines(of: QuerySet[Article]) -> Iterable[str]:
    """These articles as `load` takes them."""
    called = Prefetch("aliases", Alias.objects.filter(language="vi").order_by("pk"))
    for article in of.prefetch_related(called, "procedures").order_by("key"):
        data: dict[str, Any] = {"key": article.key} | {name: getattr(article, name) for name in FIELDS}
        data["aliases"] = [alias.phrase for alias in article.aliases.all()]
        data["procedures"] = [procedure.code for procedure in article.procedures.all()]
        yield json.dumps(data, ensure_ascii=False)
