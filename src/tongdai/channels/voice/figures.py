"""How the room stands and stood: waiting, answered in time, given up, by half hour and by agent. One query each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q
from django.db.models.functions import TruncHour

from .agents.presence import GONE
from .models import Agent, Call
from .queues import kept_places

IN_TIME = timedelta(seconds=20)  # service level 80/20: eight of ten answered within so long
LISTED = Q(case=None) | Q(case__confidential=False)  # a call about a denunciation stands in no breakdown
WAITS = (Call.State.WAITING, Call.State.RINGING)
OFFERED = Q(direction=Call.Direction.IN, waited_from__isnull=False)
ANSWERED = Q(answered_at__isnull=False) | Q(outcome=Call.Outcome.ANSWERED)
LEFT_WORDS = Q(outcome=Call.Outcome.MESSAGE) & ~ANSWERED
GIVEN_UP = (
    Q(ended_at__isnull=False)
    & ~ANSWERED
    & ~Q(outcome__in=[Call.Outcome.MESSAGE, Call.Outcome.TRANSFERRED, Call.Outcome.KEPT])
)
SOON = Q(answered_at__lte=F("waited_from") + IN_TIME)
SPEED = F("answered_at") - F("waited_from")


@dataclass(frozen=True)
class Room:
    """This moment. Waits are in seconds; `in_time` and `given_up` in hundredths, None where nobody has called."""

    waiting: list[tuple[int, str]]  # on the line: (seconds, queue), the longest first
    kept: int  # places kept for those who are rung when it is their turn
    by_state: dict[str, int]
    offered: int
    answered: int
    lost: int
    messages: int
    in_time: int | None
    given_up: float | None
    by_queue: list[tuple[str, int, int, int]]  # (queue, offered, answered, given up)
    gone: list[str]  # whose telephones went while they were ready

    @property
    def longest(self) -> int:
        return self.waiting[0][0] if self.waiting else 0


def room(*, since: datetime, at: datetime) -> Room:
    """Since midnight, and now: totals of every call, queues of those that may be listed. Five queries."""
    waits = Call.objects.filter(state__in=WAITS).order_by("waited_from").values_list("waited_from", "queue__name")
    today = Call.objects.filter(OFFERED, came_at__gte=since)
    counted: dict[str, Any] = {
        "offered": Count("pk"),
        "answered": Count("pk", filter=ANSWERED),
        "soon": Count("pk", filter=SOON),
        "lost": Count("pk", filter=GIVEN_UP),
        "messages": Count("pk", filter=LEFT_WORDS),
    }
    total = today.aggregate(**counted)
    queues = today.filter(LISTED).values("queue__name").annotate(**counted).order_by("queue__rank", "queue__name")
    rows: list[dict[str, Any]] = [dict(row) for row in queues]
    decided = total["answered"] + total["lost"] + total["messages"]
    agents = Agent.objects.exclude(state=Agent.State.OUT).values("state").annotate(n=Count("pk")).order_by()
    gone = Agent.objects.filter(state=Agent.State.PAUSED, reason=GONE).order_by("user__full_name")
    return Room(
        waiting=[(int((at - (since_ or at)).total_seconds()), name or "") for since_, name in waits],
        kept=kept_places.count(),
        by_state={row["state"]: row["n"] for row in agents},
        offered=total["offered"],
        answered=total["answered"],
        lost=total["lost"],
        messages=total["messages"],
        in_time=round(100 * total["soon"] / decided) if decided else None,
        given_up=round(100 * total["lost"] / decided, 1) if decided else None,
        by_queue=[(row["queue__name"] or "", row["offered"], row["answered"], row["lost"]) for row in rows],
        gone=list(gone.values_list("user__full_name", flat=True)),
    )


MEASURES: dict[str, Any] = {
    "offered": Count("pk", filter=OFFERED),
    "answered": Count("pk", filter=OFFERED & ANSWERED),
    "soon": Count("pk", filter=OFFERED & SOON),
    "lost": Count("pk", filter=OFFERED & GIVEN_UP),
    "messages": Count("pk", filter=OFFERED & LEFT_WORDS),
    "speed": Avg(SPEED, filter=ANSWERED & OFFERED),
    "talk": Avg(F("ended_at") - F("answered_at"), filter=ANSWERED),
}


def by_half_hour(*, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """One row a half hour in which somebody called: start, offered, answered, soon (within

    IN_TIME), lost, messages, speed, talk (timedelta or None).
    """
    calls = Call.objects.filter(LISTED, came_at__gte=since, came_at__lt=until)
    late = Q(came_at__minute__gte=30)
    hours = (
        calls.annotate(hour=TruncHour("came_at"))
        .values("hour", second=late)
        .annotate(**MEASURES)
        .order_by("hour", "second")
    )
    return [row | {"start": row["hour"] + timedelta(minutes=30 * bool(row["second"]))} for row in hours]


def by_agent(*, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """One row a person who was given a call: name, offered, answered, lost, messages, speed, talk."""
    calls = Call.objects.filter(LISTED, came_at__gte=since, came_at__lt=until, agent__isnull=False)
    rows = calls.values("agent", "agent__full_name").annotate(**MEASURES)
    return [dict(row) for row in rows.order_by("agent__full_name", "agent")]


def calls_between(since: datetime, until: datetime) -> tuple[int, int, int]:
    """Offered to people, answered by them, given up, of the calls that came in between: for the report."""
    row = Call.objects.filter(came_at__gte=since, came_at__lt=until).aggregate(
        **{name: MEASURES[name] for name in ("offered", "answered", "lost")}
    )
    return row["offered"], row["answered"], row["lost"]
