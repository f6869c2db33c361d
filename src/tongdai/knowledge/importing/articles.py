"""Articles in and out: JSON lines with `key`, `question`, `answer`, `short`, `legal_basis`, `aliases`, `procedures`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from tongdai.language.text import clean

from ..answers import revision
from ..models import Alias, Article, Procedure, State

FIELDS = ("question", "answer", "short", "legal_basis")


@transaction.atomic
def load(lines: Iterable[str], *, at: datetime, state: State = State.PUBLISHED) -> int:
    """Add the articles whose key isn't here yet, and leave the others as the city wrote them; how many were added."""
    added = 0
    for line in filter(str.strip, lines):
        data: dict[str, Any] = json.loads(line)
        values = {name: clean(str(data.get(name, ""))) for name in FIELDS}
        article, new = Article.objects.get_or_create(
            key=data["key"], defaults={**values, "state": state, "updated_at": at}
        )
        if new:
            added += 1
            article.procedures.set(Procedure.objects.filter(code__in=data.get("procedures", [])))
            Alias.objects.bulk_create(
                Alias(article=article, phrase=phrase, origin=Alias.Origin.STARTER) for phrase in data.get("aliases", [])
            )
    if added:
        revision.advance()
    return added


def lines(of: QuerySet[Article]) -> Iterable[str]:
    """These articles as `load` takes them."""
    for article in of.prefetch_related("aliases", "procedures").order_by("key"):
        data: dict[str, Any] = {"key": article.key} | {name: getattr(article, name) for name in FIELDS}
        data["aliases"] = [alias.phrase for alias in article.aliases.all()]
        data["procedures"] = [procedure.code for procedure in article.procedures.all()]
        yield json.dumps(data, ensure_ascii=False)
