"""How satisfied citizens are: the ratings given on one of the period's days, whatever the case and whenever it was answered.

average: of the stars, from 1 to 5; None where nobody rated. dissatisfied: ratings of 2 and less. An answer is rated once;
whoever rates none is in no figure. reopened: how often a case was reopened on one of the period's days, because an answer
hadn't settled it. Counted over the whole city, the same for everyone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Q

from tongdai.cases.models import Event, Rating

from .period import Period

DISSATISFIED = 2  # stars, at most


@dataclass(frozen=True)
class Ratings:
    number: int
    average: float | None
    dissatisfied: int
    reopened: int

    @property
    def dissatisfied_share(self) -> float | None:
        return self.dissatisfied / self.number if self.number else None

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "average": self.average,
            "dissatisfied": self.dissatisfied,
            "dissatisfied_share": self.dissatisfied_share,
            "reopened": self.reopened,
        }


def count(period: Period) -> Ratings:
    """Count by two questions to the database, each answered from the index of the days."""
    found = Rating.objects.filter(rated_at__gte=period.start, rated_at__lt=period.end).aggregate(
        number=Count("pk"), average=Avg("stars"), dissatisfied=Count("pk", filter=Q(stars__lte=DISSATISFIED))
    )
    reopenings = Event.objects.filter(action="reopen", happened_at__gte=period.start, happened_at__lt=period.end)
    return Ratings(**found, reopened=reopenings.count())
