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
LISTED = Q(case=None) | Q(case__confidential=False)  # a call about a denunciation stands in no line of a breakdown
UNLISTED = Q(case__confidential=True)  # all of them are its last line, so that it adds up
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
QUEUES_SAY = ("offered", "answered", "lost")
SPEED = F("answered_at") - F("waited_from")


@dataclass(frozen=True)
class Room:
    """This moment. Waits are in seconds; `in_time` and `given_up` in hundredths, None where nobody has called."""

    waiting: list[tuple[int, str]]  # on the line: (seconds, queue), the longest first
    kept_places: int  # places kept for those who are rung when it is their turn
    by_state: dict[str, int]
    offered: int
    answered: int
    lost: int
    messages: int
    in_time: int | None
    given_up: float | None
    by_queue: list[tuple[str, int, int, int]]  # (queue, offered, answered, given up)
    unlisted: tuple[int, int, int]  # the same of the calls that stand in no queue's line
    gone: list[str]  # whose telephones went while they were ready

    @property
    def longest(self) -> int:
        return self.waiting[0][0] if self.waiting else 0


def room(*, since: datetime, at: datetime) -> Room:
    """Since midnight, and now: totals of every call, queues of those that may be listed. Four queries.

    Totals are the sums of one question's lines: on a board that is read each second no call is in one and not in the other.
    """
    waits = Call.objects.filter(state__in=WAITS).order_by("waited_from").values_list("waited_from", "queue__name")
    counted: dict[str, Q] = {
        "offered": Q(),
        "answered": ANSWERED,
        "soon": SOON,
        "lost": GIVEN_UP,
        "messages": LEFT_WORDS,
    }
    counts = {name: Count("pk", filter=cond) for name, cond in counted.items()}
    listed = {f"listed_{name}": Count("pk", filter=counted[name] & LISTED) for name in QUEUES_SAY}
    queues = Call.objects.filter(OFFERED, came_at__gte=since).values("queue__name")
    rows: list[dict[str, Any]] = [
        dict(row) for row in queues.annotate(**counts, **listed).order_by("queue__rank", "queue__name")
    ]
    total: dict[str, int] = {name: sum(row[name] for row in rows) for name in counted}
    shown = [row for row in rows if row["listed_offered"]]
    offered, answered, lost = (total[name] - sum(row[f"listed_{name}"] for row in shown) for name in QUEUES_SAY)
    decided = total["answered"] + total["lost"] + total["messages"]
    agents = Agent.objects.exclude(state=Agent.State.OUT).values("state").annotate(n=Count("pk")).order_by()
    gone = Agent.objects.filter(state=Agent.State.PAUSED, reason=GONE).order_by("user__full_name")
    return Room(
        waiting=[(int((at - (since_ or at)).total_seconds()), name or "") for since_, name in waits],
        kept_places=kept_places.count(),
        by_state={row["state"]: row["n"] for row in agents},
        offered=total["offered"],
        answered=total["answered"],
        lost=total["lost"],
        messages=total["messages"],
        in_time=round(100 * total["soon"] / decided) if decided else None,
        given_up=round(100 * total["lost"] / decided, 1) if decided else None,
        by_queue=[
            (row["queue__name"] or "", row["listed_offered"], row["listed_answered"], row["listed_lost"])
            for row in shown
        ],
        unlisted=(offered, answered, lost),
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


def unlisted(*, since: datetime, until: datetime, by_agent: bool = False) -> dict[str, Any]:
    """The last line of those two tables: the calls of no other line, counted; of few calls no length is given away."""
    calls = Call.objects.filter(UNLISTED, came_at__gte=since, came_at__lt=until)
    if by_agent:
        calls = calls.filter(agent__isnull=False)
    counted = calls.aggregate(**{name: MEASURES[name] for name in ("offered", "answered", "soon", "lost", "messages")})
    return {**counted, "speed": None, "talk": None}


@dataclass(frozen=True)
class Calls:
    """Calls that came within some days and waited for a person. Every one is counted, those about a denunciation too.

    `in_time`: answered within IN_TIME. `abandoned`: ended before anybody answered, and no message was left.
    """

    offered: int
    answered: int
    abandoned: int
    messages: int
    in_time: int

    @property
    def decided(self) -> int:
        """Return those whose wait is over: answered, abandoned, or a message left."""
        return self.answered + self.abandoned + self.messages

    @property
    def others(self) -> int:
        """Return those that still wait, were transferred by the menu, or kept a place to be rung back."""
        return self.offered - self.decided

    @property
    def service_level(self) -> float | None:
        """Return the share of the decided calls that was answered in time, as on the room's board; None of no calls."""
        return self.in_time / self.decided if self.decided else None

    def as_json(self) -> dict[str, Any]:
        return {
            "offered": self.offered,
            "answered": self.answered,
            "abandoned": self.abandoned,
            "messages": self.messages,
            "service_level": self.service_level,
        }


def calls_between(since: datetime, until: datetime) -> Calls:
    """Count the calls that came in between, for the report, by one query."""
    names = {
        "offered": "offered",
        "answered": "answered",
        "abandoned": "lost",
        "messages": "messages",
        "in_time": "soon",
    }
    calls = Call.objects.filter(came_at__gte=since, came_at__lt=until)
    return Calls(**calls.aggregate(**{name: MEASURES[measure] for name, measure in names.items()}))
