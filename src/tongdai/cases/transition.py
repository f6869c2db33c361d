"""One action on a case: lock it, check its rule, let the action write, then state + event + jobs, in one transaction.

Written once, so that no action can forget a part and none does it by hand. `register` is the one action with no case to
lock; it has a rule and the same follow-ups as any.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn, cast

from django.db import transaction
from django.db.models import Field

from tongdai.people.purposes import Purpose
from tongdai.platform import jobs, wake

from .actor import Actor
from .models import Answer, Assignment, Case, Event, Remark
from .states import ActionRefused, Rule, State, Way

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
        locked = Case.objects.select_for_update().get(pk=case.pk)
        before, was_untaken = State(locked.state), locked.untaken
        capacities = by.capacities(locked)
        change = Change(locked, rule, rule.way(state=before, capacities=capacities))
        yield change
        locked.state = change.way.to or before
        locked.events_count += 1
        locked.save(update_fields={"state", "events_count", *change.fields})
        event = Event.objects.create(
            case=locked,
            seq=locked.events_count,
            action=rule.action,
            state_before=before,
            state_after=locked.state,
            channel=by.channel,
            capacity=sorted(change.way.who & capacities)[0],
            user=by.user,
            agency_id=by.user.agency_id if by.user else None,
            changed=change.changed,
            happened_at=at,
            **change.links,
        )
        if change.remark:
            Remark.objects.create(event=event, text=change.remark)
        if rule.notifies:
            purpose = rule.purpose(urgent=locked.urgent or locked.in_danger)
            jobs.defer(NOTIFY_CITIZEN, priority=purpose.priority, event_id=event.pk)
        if locked.untaken and ("urgent" in change.fields or change.rings):
            jobs.defer(RING_ON_DUTY, priority=Purpose.DUTY.priority, event_id=event.pk)
        elif was_untaken and not locked.untaken:
            jobs.defer(STOP_RINGING, priority=Purpose.DUTY.priority, case_id=locked.pk)
        wake.wake("cases", [locked.pk])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
