"""How those who take calls spent their hours: signed on, ready, talking, writing, away and why; from `AgentTime`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least

from . import figures
from .models import Agent, AgentTime, Call

State = Agent.State
NONE = timedelta(0)


@dataclass
class Hours:
    """One person's, within a span of time. `paused`: reason → how long; `missed`: rings that were not taken."""

    user: int
    name: str
    spent: dict[str, timedelta] = field(default_factory=lambda: defaultdict(timedelta))  # by state
    paused: dict[str, timedelta] = field(default_factory=dict)
    missed: int = 0
    answered: int = 0

    @property
    def signed_on(self) -> timedelta:
        return sum(self.spent.values(), NONE)

    @property
    def occupancy(self) -> float | None:
        """Which part of the time in which calls could come was spent on calls: in hundredths; None: there was none."""
        busy = self.spent[State.TALKING] + self.spent[State.AFTER_CALL]
        there = busy + self.spent[State.READY] + self.spent[State.RINGING]
        return round(100 * (busy / there), 1) if there else None


def by_agent(*, since: datetime, until: datetime, at: datetime) -> list[Hours]:
    """Everybody who was signed on between the two, by name; what still goes on is counted up to `at`. Three queries."""
    found: dict[int, Hours] = {}
    until = max(since, min(until, at))
    length = Least(Coalesce("ended_at", Value(until)), Value(until)) - Greatest("begun_at", Value(since))
    times = AgentTime.objects.filter(Q(ended_at__gt=since) | Q(ended_at=None), begun_at__lt=until)
    if until == since:
        return []
    rows = times.values("user", "user__full_name", "state", "reason").annotate(length=Sum(length))
    for row in rows.order_by("user__full_name", "user", "state", "reason"):
        person = found.setdefault(row["user"], Hours(row["user"], row["user__full_name"]))
        person.spent[row["state"]] += row["length"]
        if row["state"] == State.PAUSED:
            person.paused[row["reason"]] = row["length"]
    for user, missed in missed_rings(since=since, until=until).items():
        if user in found:
            found[user].missed = missed
    calls = Call.objects.filter(figures.LISTED, figures.ANSWERED, came_at__gte=since, came_at__lt=until)
    for user, answered in calls.filter(agent__isnull=False).values_list("agent").annotate(Count("pk")):
        if user in found:
            found[user].answered = answered
    return list(found.values())


def missed_rings(*, since: datetime, until: datetime) -> dict[int, int]:
    """User → rings that were not taken. One query."""
    rings = AgentTime.objects.filter(state=State.RINGING, then=State.PAUSED, ended_at__gte=since, ended_at__lt=until)
    return dict(rings.values_list("user").annotate(Count("pk")).order_by())
