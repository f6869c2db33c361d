"""Answers to look at again: their day has come, or the law changed under their plain text. Owners are reminded until then."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count, Q, QuerySet

from tongdai.directory.freshness import Fresh
from tongdai.platform.clock import today

from ..models import Article, LookupTable, Procedure, State


def official_changed(of: QuerySet[Procedure]) -> QuerySet[Procedure]:
    """Those of which the official text has changed under plain text that nobody has looked at since, the longest first."""
    return of.filter(official_changed_at__isnull=False, valid_to=None).order_by("official_changed_at", "code")


def _read() -> Counter[int | None]:
    found: Counter[int | None] = Counter()
    for model in (Procedure, Article, LookupTable):
        due_today = Q(review_by__lte=today())
        if model is Procedure:
            due_today |= Q(pk__in=official_changed(Procedure.objects.all()))
        rows = model._default_manager.filter(due_today, state=State.PUBLISHED).order_by()
        found.update(dict(rows.values_list("owner").annotate(Count("pk"))))
    return found


due: Fresh[Counter[int | None]] = Fresh(_read, ttl=60.0)
"""Agency that owns them (None: nobody does) → how many are due today."""
