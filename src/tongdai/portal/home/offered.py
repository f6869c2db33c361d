"""What the first page offers ready answers to: the city's tables, and the procedures people open most."""

from __future__ import annotations

from tongdai.directory.freshness import Fresh
from tongdai.knowledge.models import LookupTable, Procedure, State
from tongdai.platform.clock import today

MOST = 6


def tables() -> list[LookupTable]:
    """Those that hold today, the newest figures first."""
    return [each for each in _tables() if each.holds_on(today())][:MOST]


def procedures() -> list[Procedure]:
    """The most opened that have plain words of their own, as many as there is room beside the tables."""
    return _procedures()[: max(MOST - len(tables()), 3)]


_tables: Fresh[list[LookupTable]] = Fresh(
    lambda: list(LookupTable.objects.filter(state=State.PUBLISHED, generation__gt=0).order_by("-as_of", "name")[:40]),
    ttl=60.0,
)
_procedures: Fresh[list[Procedure]] = Fresh(
    lambda: list(
        Procedure.objects.filter(state=State.PUBLISHED, valid_to=None, twin_of=None)
        .exclude(summary="")
        .only("code", "name", "summary", "chosen")
        .order_by("-chosen", "code")[:MOST]
    ),
    ttl=60.0,
)
