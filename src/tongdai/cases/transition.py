"""One action on a case: lock it, check the table, let the action write, then state + event + jobs, in one transaction.

Written once, so that no action can forget a part and none does it by hand. `register` is the one action with no case to
lock; it uses the same table and the same follow-ups.
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
from .lifecycle import ActionRefused, Move, State, find_move
from .models import Answer, Assignment, Case, Event

TELL_THE_CITIZEN = "channels.notify.tell_the_citizen"
RING_ON_DUTY = "channels.notify.ring_on_duty"
STOP_RINGING = "channels.notify.stop_ringing"
LOOK_AGAIN = "cases.triage.look_again"
# besides "register"; the words stand in channels/words.py
TOLD = frozenset({"assign", "answer", "reject", "raise_danger", "take_duty", "prove_number"})


def purpose_of(action: str, *, urgent: bool) -> Purpose:
    """What the text about this action is for, and with it the priority of the job that writes it."""
    if urgent:
        return Purpose.DANGER
    return Purpose.ANSWER if action in {"answer", "reject"} else Purpose.RECEIPT


@dataclass
class Moving:
    """A case under way: what the action changes on it, and what its event will hold."""

    case: Case
    move: Move
    fields: set[str] = field(default_factory=set)
    links: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)

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


def refuse(case: Case, action: str, why: str) -> NoReturn:
    """Raises ActionRefused: `why` is for the person, translated."""
    raise ActionRefused(action=action, state=case.state, why=why)


def leaves_sight() -> None:
    """Once committed, every open desk looks again: no stream names a case to those who may know of it no more."""
    wake.wake_all("cases")
    wake.wake_all("callbacks")


@contextmanager
def moving(case: Case, action: str, *, by: Actor, at: datetime) -> Iterator[Moving]:
    """Do one action on a case, wholly or not at all.

    Raises:
        ActionRefused: the table doesn't allow it, to this actor or in the state the locked row has by now.
    """
    with transaction.atomic():
        locked = Case.objects.select_for_update().get(pk=case.pk)
        before, was_untaken = State(locked.state), locked.untaken
        capacities = by.capacities(locked)
        move = find_move(action, state=before, capacities=capacities)
        under_way = Moving(locked, move)
        yield under_way
        locked.state = move.target or before
        locked.events_count += 1
        locked.save(update_fields={"state", "events_count", *under_way.fields})
        event = Event.objects.create(
            case=locked,
            seq=locked.events_count,
            action=action,
            state_before=before,
            state_after=locked.state,
            channel=by.channel,
            capacity=sorted(move.who & capacities)[0],
            user=by.user,
            agency_id=by.user.agency_id if by.user else None,
            changed=under_way.changed,
            happened_at=at,
            **under_way.links,
        )
        if action in TOLD:
            purpose = purpose_of(action, urgent=locked.urgent or locked.in_danger)
            jobs.defer(TELL_THE_CITIZEN, priority=purpose.priority, event_id=event.pk)
        if locked.untaken and ("urgent" in under_way.fields or action == "hand_back"):
            jobs.defer(RING_ON_DUTY, priority=Purpose.DUTY.priority, event_id=event.pk)
        elif was_untaken and not locked.untaken:
            jobs.defer(STOP_RINGING, priority=Purpose.DUTY.priority, case_id=locked.pk)
        wake.wake("cases", [locked.pk])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
