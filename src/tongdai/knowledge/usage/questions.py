"""Questions that nothing was known for: without names and numbers, for the editors of the whole city, for thirty days.

Their words go by the rule of retention (`privacy`), whose count of days is the city's; no editor reads an older one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max

from tongdai.directory import snapshot
from tongdai.directory.freshness import Fresh
from tongdai.language.text import clean, fold

from ..models import Inquiry
from .scrubbing import scrub

KEPT_FOR = timedelta(days=30)
MOST_SHOWN = 40
LONGEST = 200


def without_names(typed: str) -> str:
    """The words as they may be kept: without accents, names, numbers, days and house numbers."""
    return " ".join(fold(scrub(clean(typed), known=_known())).split())[:LONGEST]


def unanswered(*, at: datetime) -> Sequence[Mapping[str, Any]]:
    """`question`, `times`, `last`: what was asked and nothing was answered to, the most asked first."""
    asked = Inquiry.objects.filter(opened="", settled=False, certainty="not_found", at__gt=at - KEPT_FOR).exclude(
        question=""
    )
    return list(
        asked.values("question").annotate(times=Count("pk"), last=Max("at")).order_by("-times", "-last")[:MOST_SHOWN]
    )


def _read_known() -> frozenset[str]:
    """What may stay although it is written like a name: the city's places and agencies."""
    places, agencies = snapshot.all_places().by_id.values(), snapshot.all_agencies()
    names = [name for row in places for name in (row.name, row.full_name)] + [row.name for row in agencies]
    return frozenset(map(fold, names))


_known = Fresh(_read_known, ttl=600.0)
