"""The words that name a table in a text or in the box: `COVID`, `MOTCUA`."""

from __future__ import annotations

from collections import defaultdict

from tongdai.directory.freshness import Fresh
from tongdai.language.text import fold
from tongdai.platform.clock import today

from ..models import LookupTable, State


def _read() -> dict[str, list[LookupTable]]:
    found: dict[str, list[LookupTable]] = defaultdict(list)
    for table in LookupTable.objects.on(today()).filter(state=State.PUBLISHED).exclude(keyword="").order_by("pk"):
        found[fold(table.keyword)].append(table)
    return dict(found)


tables_of: Fresh[dict[str, list[LookupTable]]] = Fresh(_read)
"""Folded keyword → the published tables it names."""
