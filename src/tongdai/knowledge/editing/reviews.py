"""Answers whose day of review has come: their owners are reminded until they have looked at them again."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count

from tongdai.directory.freshness import Fresh
from tongdai.platform.clock import today

from ..models import Article, LookupTable, Procedure, State


def _read() -> Counter[int | None]:
    found: Counter[int | None] = Counter()
    for model in (Procedure, Article, LookupTable):
        rows = model._default_manager.filter(review_by__lte=today(), state=State.PUBLISHED).order_by()
        found.update(dict(rows.values_list("owner").annotate(Count("pk"))))
    return found


due: Fresh[Counter[int | None]] = Fresh(_read, ttl=60.0)
"""Agency that owns them (None: nobody does) → how many are due today."""
