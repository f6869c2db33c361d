"""Put an act on record, and read the record: newest first, a page at a time, however long it has grown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tongdai.platform.clock import now

from . import acting
from .acting import now_acting
from .models import Entry, Kind, Who

CHUNK = 1000  # rows of an export that are read at once


def record(
    kind: Kind,
    action: str,
    *,
    what: str = "",
    by: int | None = None,
    subject: int | None = None,
    contact: int | None = None,
    case_code: str = "",
    detail: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Entry:
    """Add an entry. `by`: the member of staff, where that isn't whoever acts now (`acting`).

    Call it in the transaction of the act itself, or before what is read is shown. `detail` holds ids, codes and counts,
    never words, names or numbers of citizens.
    """
    actor = now_acting()
    who, staff = (Who.STAFF, by) if by is not None else (actor.who, actor.by)
    made = Entry.objects.create(
        happened_at=at or now(),
        kind=kind,
        action=action[:60],
        who=who,
        by=staff,
        subject=subject,
        contact=contact,
        case_code=case_code,
        what=what[:80],
        detail=dict(detail or {}) | ({"login": actor.login} if actor.login else {}),
        network=actor.network,
    )
    acting.recorded()
    return made


@dataclass(frozen=True)
class Wanted:
    """Which entries: everything None or empty, all. [since, until) in time; `case_code`, `person` and `staff` by id.

    `staff`: who acted, or to whom it was done. `after`: the mark of the last entry that was shown.
    """

    kind: str = ""
    staff: int | None = None
    person: int | None = None
    case_code: str = ""
    since: datetime | None = None
    until: datetime | None = None
    after: tuple[datetime, int] | None = None


def find(wanted: Wanted, *, seen: Q, most: int) -> list[Entry]:
    """At most so many entries, the newest first, of those that hold `seen`; never counts them.

    One filter leads its own index in the order of the page; the others sift what it yields.
    """
    if wanted.staff is None:
        return list(_wanted(wanted).filter(seen)[:most])
    acted = _wanted(wanted).filter(seen, by=wanted.staff)[:most]
    undergone = _wanted(wanted).filter(seen, subject=wanted.staff)[:most]
    both = {entry.pk: entry for entry in (*acted, *undergone)}  # an OR of two columns would sort all there is
    return sorted(both.values(), key=lambda entry: (entry.happened_at, entry.pk), reverse=True)[:most]


def every(wanted: Wanted, *, seen: Q) -> Iterator[Entry]:
    """All of them, for an export: a chunk at a time, each begun where the last one ended."""
    while chunk := find(wanted, seen=seen, most=CHUNK):
        yield from chunk
        if len(chunk) < CHUNK:
            return
        wanted = replace(wanted, after=mark_of(chunk[-1]))


def mark_of(entry: Entry) -> tuple[datetime, int]:
    """Where in the record it stands."""
    return entry.happened_at, entry.pk


def _wanted(wanted: Wanted) -> QuerySet[Entry]:
    found = Entry.objects.order_by("-happened_at", "-pk")
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.person is not None:
        found = found.filter(contact=wanted.person)
    if wanted.case_code:
        found = found.filter(case_code=wanted.case_code)
    if wanted.since:
        found = found.filter(happened_at__gte=wanted.since)
    if wanted.until:
        found = found.filter(happened_at__lt=wanted.until)
    if wanted.after:
        at, pk = wanted.after
        found = found.filter(Q(happened_at__lt=at) | Q(happened_at=at, pk__lt=pk), happened_at__lte=at)
    return found
