"""How soon somebody took an urgent case up: of the urgent cases received in the period.

taken: the first time it was taken by who is on duty, accepted by an agency or answered, counted from receipt.
median, p90: minutes until then, of those taken. undue: not taken, and their five minutes not over at the period's end (now,
while it goes on). within_5: taken within five minutes ÷ the urgent ones that are not undue. escalated: those for which a
second person was rung, because the first didn't take it in time or passed it on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from tongdai.cases import standing
from tongdai.cases.deadlines import TAKEN_WITHIN
from tongdai.cases.history import GIVING
from tongdai.cases.models import Case, Event

from .figures import Median, ratio, received_in
from .period import Period

TAKING = ("take_duty", "accept", *sorted(GIVING))


class Ninth(Median):
    """The value nine in ten are not above."""

    template = "%(function)s(0.9) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True)
class OnDuty:
    """Minutes; None where nothing was taken."""

    urgent: int
    taken: int
    undue: int
    median: float | None
    p90: float | None
    within_5: int
    escalated: int

    @property
    def due(self) -> int:
        """Return those of which it can be said whether they were taken within five minutes."""
        return self.urgent - self.undue

    @property
    def share_within_5(self) -> float:
        return ratio(self.within_5, self.due)

    def as_json(self) -> dict[str, Any]:
        return {
            "urgent": self.urgent,
            "taken": self.taken,
            "undue": self.undue,
            "median_minutes_to_take": self.median,
            "p90_minutes_to_take": self.p90,
            "share_within_5_minutes": self.share_within_5,
            "escalated": self.escalated,
        }


def count(period: Period) -> OnDuty:
    """Count every case of the city, the same for whoever asks, by one question to the database."""
    of_case = Event.objects.filter(case=OuterRef("pk")).order_by()
    first = of_case.filter(action__in=TAKING).order_by("seq").values("happened_at")[:1]
    rung = of_case.filter(action="ring_duty").values("case").annotate(n=Count("pk")).values("n")
    untaken = Q(taken=None) | Q(taken__gte=period.end)
    wait = ExpressionWrapper(F("taken") - F("received_at"), output_field=DurationField())
    urgent = received_in(period, Case.objects.all()).filter(urgent=True)
    counted = urgent.annotate(taken=Subquery(first), rung=Coalesce(Subquery(rung), 0)).aggregate(
        all=Count("pk"),
        got=Count("pk", filter=Q(taken__lt=period.end)),
        undue=Count("pk", filter=untaken & Q(received_at__gte=period.counted_until - TAKEN_WITHIN)),
        median=Median(wait, filter=Q(taken__lt=period.end)),
        p90=Ninth(wait, filter=Q(taken__lt=period.end)),
        soon=Count("pk", filter=standing.taken_in_time("taken") & Q(taken__lt=period.end)),
        more=Count("pk", filter=Q(rung__gt=1)),
    )
    return OnDuty(
        urgent=counted["all"], taken=counted["got"], undue=counted["undue"],
        median=_minutes(counted["median"]), p90=_minutes(counted["p90"]),
        within_5=counted["soon"], escalated=counted["more"],
    )  # fmt: skip


def _minutes(span: timedelta | None) -> float | None:
    return span / timedelta(minutes=1) if span is not None else None
