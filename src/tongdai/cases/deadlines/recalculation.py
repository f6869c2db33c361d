"""Open deadlines after a change of the working calendar: which would move, and the job that moves them.

Every case says by which version of the calendar it was counted, so a job cut off half-way, two changes in a row or a
process that read the old calendar a second longer leave no case behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from tongdai.directory.calendar.versions import RECALCULATE, save_version
from tongdai.directory.calendar.versions import version as calendar_version
from tongdai.directory.calendar.working_days import Calendar, the_calendar
from tongdai.directory.freshness import forget
from tongdai.platform import jobs
from tongdai.platform.clock import now

from ..actions.recalculate import recalculate as recalculate_case
from ..actions.recalculate import recounted
from ..actor import Actor
from ..models import Case
from ..states import OPEN, ActionRefused

LOOKED_AT = 20_000  # open cases a preview counts at most, those due first; the job does all
BATCH = 500
DATES = ("code", "confidential", "received_at", "reopened_at", "assign_by", "due_at", "calendar_version", "asked_at",
         "waits_until")  # fmt: skip


@dataclass(frozen=True)
class Shift:
    """A deadline that moves. Never the case's words: who sets the calendar need not read cases."""

    code: str
    confidential: bool
    before: datetime
    after: datetime


def shifts(new: Calendar) -> list[Shift]:
    """The answer deadlines that a calendar would move, of the LOOKED_AT open cases due first."""
    known = cache(calendar_version)
    open_ones = Case.objects.filter(state__in=OPEN).order_by("due_at")
    found = []
    for case in open_ones.only(*DATES)[:LOOKED_AT]:
        after = recounted(case, old=known(case.calendar_version), new=new)["due_at"]
        if after != case.due_at:
            found.append(Shift(case.code, case.confidential, case.due_at, after))
    return found


@jobs.task(name=RECALCULATE, queue="recalculation")
def recalculate(version: int) -> None:
    """Count every open case by the calendar now in force; run twice, the second time changes nothing."""
    forget()
    known = cache(calendar_version)
    for cases in _behind():
        for case in cases:
            _recalculate(case, old=known(case.calendar_version))


@jobs.periodic(name="cases.recalculation.nightly", queue="recalculation", cron="5 17 * * *")
def nightly(timestamp: int) -> None:
    """Just after midnight in Vietnam: a new year or a decree of a new release makes a version; who was left is counted."""
    save_version(at=now())
    recalculate(0)


def _behind() -> Iterator[list[Case]]:
    """Open cases not yet counted by the calendar in force, in batches."""
    last = 0
    while cases := list(
        Case.objects.filter(state__in=OPEN, pk__gt=last)
        .exclude(calendar_version=the_calendar().version)
        .order_by("pk")[:BATCH]
    ):
        yield cases
        last = cases[-1].pk


def _recalculate(case: Case, *, old: Calendar) -> None:
    new = the_calendar()
    if all(getattr(case, name) == day for name, day in recounted(case, old=old, new=new).items()):
        counted = Case.objects.filter(pk=case.pk, calendar_version=old.version, due_at=case.due_at)
        counted.update(calendar_version=new.version)
        return
    try:
        recalculate_case(case, by=Actor.system(), old=old, new=new, at=now())
    except ActionRefused:
        return  # answered meanwhile
