"""One action on a case: lock it, check its rule, let the action write, then state + event + jobs, in one transaction.

Written once, so that no action can forget a part and none does it by hand. `register` is the one action with no case to
lock; it has a rule and the same follow-ups as any.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NoReturn, cast

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Field

from tongdai.people.purposes import Purpose
from tongdai.platform import wake
from tongdai.platform.database import prepared

from . import drafts, merging, supports, waiting
from .actor import Actor
from .models import Answer, Assignment, Case
from .states import ActionRefused, Rule, State, Way, Who

NOTIFY_CITIZEN = "channels.notify.tell_the_citizen"
RING_ON_DUTY = "channels.notify.ring_on_duty"
STOP_RINGING = "channels.notify.stop_ringing"
LOOK_AGAIN = "cases.triage.look_again"


@dataclass
class Change:
    """A case under way: what the action changes on it, and what its event will hold."""

    case: Case
    rule: Rule
    way: Way
    fields: set[str] = field(default_factory=set)
    links: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)
    rings: bool = False
    remark: str = ""

    def set(self, **values: Any) -> None:
        """Change columns of the case; ids and codes of what changed go to the event."""
        for name, value in values.items():
            column = cast("Field[Any, Any]", Case._meta.get_field(name))
            before = getattr(self.case, column.attname)
            setattr(self.case, name, value)
            after = getattr(self.case, column.attname)
            if before != after:
                self.fields.add(name)
                self.changed[name] = [_plain(before), _plain(after)]

    def blank(self, **values: Any) -> None:
        """Change columns without a trace of what stood there: the event says only that it was done."""
        for name, value in values.items():
            setattr(self.case, name, value)
        self.fields |= set(values)

    def record(
        self,
        *,
        assignment: Assignment | None = None,
        answer: Answer | None = None,
        interaction_id: int | None = None,
        **codes: int | str | None,
    ) -> None:
        """What the event points at: rows that hold the words, and plain ids or codes. Never words."""
        self.links |= {"assignment": assignment, "answer": answer, "interaction_id": interaction_id}
        self.changed |= {name: value for name, value in codes.items() if value is not None}

    def add_remark(self, words: str) -> None:
        """Words that belong to the action and have no row of their own; they don't stand in the event."""
        self.remark = words

    def ring_on_duty(self) -> None:
        """Who is on duty is rung once more, if nobody has the case in hand afterwards."""
        self.rings = True

    def leads_to(self, state: State) -> None:
        """Where this action leads to more than one state: to this one, which its rule names as well."""
        start = State(self.case.state)
        self.way = next(
            way for way in self.rule.ways if way.to is state and way.starts(start) and way.who & self.way.who
        )

    def refuse(self, why: str, *, argument: str = "") -> NoReturn:
        """Raises ActionRefused: `why` is for the person, translated; `argument`: the one that is wrong."""
        raise ActionRefused(action=self.rule.action, state=self.case.state, why=why, argument=argument)


def leaves_sight() -> None:
    """Once committed, every open desk looks again: no stream names a case to those who may know of it no more."""
    wake.wake_all("cases")
    wake.wake_all("callbacks")


@contextmanager
def transition(case: Case, rule: Rule, *, by: Actor, at: datetime) -> Iterator[Change]:
    """Do one action on a case, wholly or not at all.

    Raises:
        ActionRefused: its rule doesn't allow it, to this actor or in the state the locked row has by now.
    """
    with transaction.atomic():
        locked = _lock(case)
        before, was_untaken = State(locked.state), locked.untaken
        capacities, main = by.capacities(locked), locked.duplicate_of_id
        change = Change(locked, rule, rule.way(state=before, capacities=capacities, merged=locked.is_merged))
        yield change
        locked.state = change.way.to or before
        if locked.waits and waiting.is_over(locked):
            change.set(**waiting.ended(locked, at=at))
        if locked.is_merged and merging.is_over(locked, before=before):
            change.set(**merging.ended())
        if drafts.is_over(locked):
            change.set(**drafts.ended(locked, at=at))
        if supports.is_over(locked):
            change.set(**supports.ended(locked, at=at))
        elif locked.support_asked_at and "lead" in change.fields:
            change.set(**supports.led(locked, at=at))
        capacity = sorted(change.way.who & capacities)[0]
        if supports.is_read(locked, by=capacity):
            change.set(support_answered_at=None)
        locked.events_count += 1
        wanted = _jobs(change, by=by, was_untaken=was_untaken)
        _write(change, by=by, at=at, before=before, capacity=capacity, wanted=wanted)
        wake.wake("cases", [locked.pk, *([main] if main else [])])  # and with it the workers


def _lock(case: Case) -> Case:
    """The case as it is by now, nobody else's until the transaction ends."""
    row = prepared.one(LOCK_A_CASE, [case.pk])
    if row is None:
        raise Case.DoesNotExist
    return Case.from_db(connection.alias, COLUMNS, row)


@dataclass(frozen=True)
class _Job:
    """What follows from an action, so many seconds later: it knows the event, but the one that stops ringing the case."""

    task: str
    priority: int
    after: int = 0


def _jobs(change: Change, *, by: Actor, was_untaken: bool) -> list[_Job]:
    case, rule = change.case, change.rule
    found: list[_Job] = []
    if rule.notifies:
        urgent = case.urgent or case.in_danger
        waits = rule.undoable and by.user is not None and not urgent
        priority = rule.purpose(urgent=urgent).priority
        found.append(_Job(NOTIFY_CITIZEN, priority, after=settings.UNDO_SECONDS if waits else 0))
    if case.untaken and ("urgent" in change.fields or change.rings):
        found.append(_Job(RING_ON_DUTY, Purpose.DUTY.priority))
    elif was_untaken and not case.untaken:
        found.append(_Job(STOP_RINGING, Purpose.DUTY.priority))
    return found


def _write(change: Change, *, by: Actor, at: datetime, before: State, capacity: Who, wanted: list[_Job]) -> None:
    """Write what has changed of the case, its event, remark and jobs."""
    case = change.case
    columns = _columns(frozenset({"state", "events_count", *change.fields}))
    assignment, answer = change.links.get("assignment"), change.links.get("answer")
    prepared.one(
        _statement(columns),
        {
            **{
                f"new_{field.column}": field.get_db_prep_save(getattr(case, field.attname), connection)
                for field in columns
            },
            "case": case.pk,
            "action": change.rule.action,
            "state_before": before.value,
            "channel": str(by.channel),
            "capacity": str(capacity),
            "user": by.user.pk if by.user else None,
            "agency": by.user.agency_id if by.user else None,
            "interaction": change.links.get("interaction_id"),
            "assignment": assignment.pk if assignment else None,
            "answer": answer.pk if answer else None,
            "changed": json.dumps(change.changed),
            "at": at,
            "remark": change.remark,
            "tasks": [job.task for job in wanted],
            "priorities": [job.priority for job in wanted],
            "seconds": [job.after for job in wanted],
            "stop": STOP_RINGING,
        },
    )


@cache
def _columns(names: frozenset[str]) -> tuple[Field[Any, Any], ...]:
    return tuple(cast("Field[Any, Any]", Case._meta.get_field(name)) for name in sorted(names))


@cache
def _statement(columns: tuple[Field[Any, Any], ...]) -> str:
    """The statement that writes these columns of the case."""
    return WRITE_A_CHANGE.format(columns=", ".join(f"{field.column} = %(new_{field.column})s" for field in columns))


COLUMNS = [field.attname for field in Case._meta.concrete_fields]
LOCK_A_CASE = f"SELECT {', '.join(COLUMNS)} FROM cases_case WHERE id = %s FOR UPDATE"

# One statement, as for opening a case: one each would cost an action three round trips more.
WRITE_A_CHANGE = """
WITH changed AS (
  UPDATE cases_case SET {columns} WHERE id = %(case)s
), event AS (
  INSERT INTO cases_event (case_id, seq, action, state_before, state_after, channel, capacity, user_id, agency_id,
    interaction_id, assignment_id, answer_id, changed, happened_at)
  VALUES (%(case)s, %(new_events_count)s, %(action)s, %(state_before)s, %(new_state)s, %(channel)s, %(capacity)s, %(user)s,
    %(agency)s, %(interaction)s, %(assignment)s, %(answer)s, %(changed)s::jsonb, %(at)s)
  RETURNING id
), remark AS (
  INSERT INTO cases_remark (event_id, text) SELECT event.id, %(remark)s FROM event WHERE %(remark)s <> ''
)
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, scheduled_at, args)
SELECT split_part(job.task, '.', 2), job.task, job.priority,
  CASE WHEN job.seconds > 0 THEN now() + make_interval(secs => job.seconds) END,
  CASE job.task WHEN %(stop)s THEN jsonb_build_object('case_id', %(case)s) ELSE jsonb_build_object('event_id', event.id) END
FROM event, unnest(%(tasks)s::text[], %(priorities)s::int[], %(seconds)s::int[]) AS job (task, priority, seconds)
RETURNING id
"""


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, datetime) else value
