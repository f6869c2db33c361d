"""A case that waits for its citizen: until when, and what its deadline is meanwhile and afterwards (ADR 48).

While it waits its deadline is the one it has if nobody replies: counted from the moment at which it goes on by itself, with
the working time that was left when it was asked. So whatever shows a deadline shows a true one. Whoever ends the waiting
earlier brings it forward. A case that was late when it was asked stays late: no question makes an old deadline new.

`transition` ends the waiting of a case that leaves its agency or whose danger cannot wait, whatever the action.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tongdai.directory.calendar.working_days import Calendar
from tongdai.directory.models import WAIT_DAYS

from .. import deadlines
from ..models import Case, Event, Remark
from ..states import WITH_AGENCY

REMIND_AFTER = timedelta(days=3)


def begun(case: Case, *, at: datetime) -> dict[str, Any]:
    """Return the columns of the case from when it waits."""
    ends = last_moment(case, at=at)
    late = at > case.due_at
    due_at = case.due_at if late else deadlines.after_pause(case.due_at, since=at, until=ends)
    return {"asked_at": at, "waits_until": ends, "reminded_at": None, "due_at": due_at}


def last_moment(case: Case, *, at: datetime) -> datetime:
    """Return until when it waits, if its citizen is asked now."""
    return deadlines.end_of_days(at, days=case.topic.wait_days if case.topic else WAIT_DAYS)


def ended(case: Case, *, at: datetime) -> dict[str, Any]:
    """Return the columns of a waiting case from when it goes on: what was left when it was asked is left now.

    One that should have gone on before (its job was late) did so when it should have.
    """
    assert case.asked_at and case.waits_until, "it waits"
    columns: dict[str, Any] = {"asked_at": None, "waits_until": None}
    if stands(case):
        went_on = min(at, case.waits_until)
        columns["due_at"] = deadlines.after_pause(case.due_at, since=case.waits_until, until=went_on)
        columns["stood"] = (case.stood or timedelta()) + max(went_on - case.asked_at, timedelta())
    return columns


def stands(case: Case) -> bool:
    """Say whether the clock of a waiting case stands: not that of one that was late when it was asked."""
    return case.waits_until is not None and case.due_at >= case.waits_until


def is_over(case: Case) -> bool:
    """Say whether a waiting case waits no more: it is with no agency, or danger in it cannot wait."""
    return case.state not in WITH_AGENCY or case.untaken or case.in_danger


def recalculated(
    asked_at: datetime, waits_until: datetime, due_at: datetime, *, old: Calendar, new: Calendar
) -> tuple[datetime, datetime]:
    """Return until when it waits and its deadline by a new calendar; never a day sooner than its citizen was told."""
    ends = max(waits_until, deadlines.moved(waits_until, start=asked_at, old=old, new=new))
    if due_at < waits_until:
        return ends, due_at
    return ends, deadlines.after_pause(due_at, since=waits_until, until=ends, old=old, new=new)


def worked_while_it_stood(case: Case) -> timedelta:
    """Return the working time that its clock has stood since it began, from its events: its deadline is so much later."""
    total, asked = timedelta(), None
    events = Event.objects.filter(case=case, changed__has_key="asked_at", happened_at__gte=case.clock_started_at)
    for event in events.order_by("seq"):
        if event.changed["asked_at"][1] is not None:
            asked = event.happened_at if "due_at" in event.changed else None
        elif asked is not None:
            ends = min(event.happened_at, datetime.fromisoformat(event.changed["waits_until"][0]))
            total, asked = total + deadlines.working_time(asked, ends), None
    return total


def question(case: Case) -> str:
    """Return what was asked last; empty where nothing was, or its words are erased."""
    last = Remark.objects.filter(event__case=case, event__action="ask").order_by("-event__seq").first()
    return last.text if last else ""
