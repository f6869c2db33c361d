"""Where a case stands in time: which clock runs, whether it is overdue, whether it is due soon.

A case that waits for its citizen is neither overdue nor due soon: its clock stands (`waiting`). Nor is one that is merged
into another: that one's clock runs (ADR 51).

Each is said once, as a condition of a query and as a predicate of a case in hand; lists, clocks, figures and gauges ask
here. A deadline is kept up to its very moment: what is answered at 17:00 of a case due at 17:00 is in time, and a case is
overdue only after it. Due soon is the last quarter of the time there was, and any urgent case that nobody has taken up.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from django.db.models import Case as CaseExpression
from django.db.models import DateTimeField, DurationField, Expression, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan, LessThanOrEqual

from .deadlines import TAKEN_WITHIN
from .models import UNTAKEN, Case
from .states import OPEN, State

LAST_PART = 4  # due soon: no more than one part of so many is left


class Clock(Enum):
    """The three clocks of an open case, of which one runs at a time."""

    TAKE = "take"  # urgent, and nobody has taken it up: five minutes, day and night
    ASSIGN = "assign"  # nobody has looked at it yet: 30 working minutes
    ANSWER = "answer"  # the citizen's own deadline; also of a case that an agency handed back


def running(case: Case) -> Clock | None:
    """The clock that runs; None once the case is over, and while it waits for its citizen or is merged."""
    if case.state not in OPEN or case.waits or case.is_merged:
        return None
    if case.untaken:
        return Clock.TAKE
    return Clock.ASSIGN if case.state == State.RECEIVED else Clock.ANSWER


def runs(clock: Clock) -> Q:
    """The condition under which this is the clock that runs."""
    if clock is Clock.TAKE:
        return UNTAKEN
    states = [State.RECEIVED] if clock is Clock.ASSIGN else sorted(OPEN - {State.RECEIVED})
    return Q(state__in=states, asked_at=None) & NOT_MERGED & ~UNTAKEN


def runs_out(case: Case) -> datetime:
    """When the clock that runs does so; of a case that is over, when it had to be answered; of one that waits, when it has to
    be if nobody replies."""
    clock = running(case)
    if clock is Clock.TAKE:
        return case.clock_started_at + TAKEN_WITHIN
    return case.assign_by if clock is Clock.ASSIGN else case.due_at


STARTED = Coalesce("reopened_at", "received_at")  # the same as Case.clock_started_at
RAN_FROM = ExpressionWrapper(  # the same as Case.ran_from
    STARTED + Coalesce("stood", Value(timedelta())), output_field=DateTimeField()
)
WAITING = Q(asked_at__isnull=False)  # the same as Case.waits
NOT_WAITING = Q(asked_at=None)
DRAFTED = Q(drafted_at__isnull=False)  # a draft waits for its approver; the clock runs on
NOT_DRAFTED = Q(drafted_at=None)
NOT_MERGED = Q(duplicate_of=None)  # one that is merged is never `UNTAKEN`: danger ends it
_ENDS: dict[Clock, Expression | F] = {
    Clock.TAKE: ExpressionWrapper(STARTED + Value(TAKEN_WITHIN), output_field=DateTimeField()),
    Clock.ASSIGN: F("assign_by"),
    Clock.ANSWER: F("due_at"),
}
RUNS_OUT = CaseExpression(
    When(runs(Clock.TAKE), then=_ENDS[Clock.TAKE]),
    When(runs(Clock.ASSIGN), then=_ENDS[Clock.ASSIGN]),
    default=_ENDS[Clock.ANSWER],
    output_field=DateTimeField(),
)


def is_past(deadline: datetime, *, at: datetime) -> bool:
    """Whether a deadline is over at this moment."""
    return at > deadline


def is_overdue(case: Case, *, at: datetime) -> bool:
    """Whether the clock that runs has run out."""
    return case.state in OPEN and not (case.waits or case.is_merged) and is_past(runs_out(case), at=at)


def overdue(*, at: datetime, clock: Clock | None = None) -> Q:
    """The condition of being overdue by the clock that runs; by `clock`, whether or not it is the one that runs."""
    return Q(state__in=sorted(OPEN)) & NOT_WAITING & NOT_MERGED & Q(LessThan(_end(clock), Value(at)))


def is_due_soon(case: Case, *, at: datetime) -> bool:
    """Whether the clock that runs is in its last quarter, or waits for somebody to take an urgent case up."""
    if case.state not in OPEN or case.waits or case.is_merged or is_overdue(case, at=at):
        return False
    end = runs_out(case)
    return running(case) is Clock.TAKE or (end - at) * LAST_PART <= end - case.ran_from


def due_soon(*, at: datetime, clock: Clock | None = None) -> Q:
    """The condition of being due soon by the clock that runs; by `clock`, whether or not it is the one that runs."""
    end = _end(clock)
    left = ExpressionWrapper((end - Value(at)) * LAST_PART, output_field=DurationField())
    whole = ExpressionWrapper(end - RAN_FROM, output_field=DurationField())
    last_part = Q(LessThanOrEqual(left, whole))
    if clock is None:
        last_part |= runs(Clock.TAKE)
    return Q(state__in=sorted(OPEN)) & NOT_WAITING & NOT_MERGED & ~overdue(at=at, clock=clock) & last_part


FIRST_DUE = Coalesce(
    "first_due_at", "due_at"
)  # the deadline of the first answer: one that is reopened has another since
ANSWERED_IN_TIME = Q(LessThanOrEqual(F("answered_at"), FIRST_DUE))


def is_in_time(answered_at: datetime, *, due_at: datetime) -> bool:
    """Whether an answer came by its deadline; as a condition: `ANSWERED_IN_TIME`."""
    return not is_past(due_at, at=answered_at)


def answer_was_due(*, before: datetime) -> Q:
    """The condition that the citizen's deadline for the first answer, answered or not, was over at this moment."""
    return Q(LessThan(FIRST_DUE, Value(before)))


def taken_in_time(column: str) -> Q:
    """The condition that an urgent case was taken up, at the moment in `column`, within its five minutes."""
    return Q(**{f"{column}__lte": F("received_at") + TAKEN_WITHIN})


def _end(clock: Clock | None) -> Expression | F:
    """The expression of when the clock runs out."""
    if clock is None:
        return RUNS_OUT
    return _ENDS[clock]
