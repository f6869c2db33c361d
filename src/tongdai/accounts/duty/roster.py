"""Who is on duty at a moment, for a kind of danger at a place; and when nobody is. Pure: asked of rows in memory.

What is read from the database is read so that nothing in it silences anybody: a row that can't be read is left out, and
where none can be, the city's number of last resort is rung.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

import structlog
from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet

from tongdai.directory.city import the_city
from tongdai.directory.models import Place
from tongdai.platform.clock import CITY_TZ, day_of

from ..models import DutyShift

T = TypeVar("T")
log = structlog.get_logger(__name__)
Rank = DutyShift.Rank
DAY = timedelta(days=1)
Span = tuple[datetime, datetime]
_NUMBER = re.compile(r"\+?[0-9]{3,15}")


@dataclass(frozen=True)
class Turn:
    """A row of the roster. Weekly: `weekdays`, `starts`, `ends`, `first`–`last`; once: `span`, and whom it replaces."""

    id: int
    rank: int
    name: str
    phones: tuple[str, ...]
    user: int | None = None
    weekdays: frozenset[int] = frozenset()
    starts: time = time(0)
    ends: time = time(0)
    first: date = date.min
    last: date = date.max
    span: Span | None = None
    instead_of: int | None = None
    kinds: frozenset[str] = frozenset()
    places: frozenset[int] = frozenset()

    def covers(self, kind: str, places: Iterable[int]) -> bool:
        """Whether it is for this kind of danger ("": not known) at a place (it and those it lies in; none: not known)."""
        return (not self.kinds or kind in self.kinds) and (not self.places or not self.places.isdisjoint(places))

    def begun_on(self, day: date) -> Span | None:
        """From when to when, of the turn that begins on this day."""
        if self.span or day.weekday() not in self.weekdays or not self.first <= day <= self.last:
            return None
        over = DAY if self.ends <= self.starts else timedelta(0)
        return (datetime.combine(day, self.starts, CITY_TZ), datetime.combine(day + over, self.ends, CITY_TZ))

    def holds(self, at: datetime) -> bool:
        if self.span:
            return self.span[0] <= at < self.span[1]
        day = day_of(at)
        return any(span[0] <= at < span[1] for d in (day, day - DAY) if (span := self.begun_on(d)))


@dataclass(frozen=True)
class OnDuty:
    """One to be rung: on these numbers (E.164), in this order. `shift` None: the city's number of last resort."""

    rank: int
    name: str
    phones: tuple[str, ...]
    user: int | None = None
    shift: int | None = None


def who_is_on_duty(
    at: datetime, *, kind: str = "", places: Iterable[int] = (), turns: Sequence[Turn], last_resort: str = ""
) -> list[OnDuty]:
    """Everybody to be rung, in order; each person once. Where the roster has a gap, the city's own number comes first."""
    found: list[OnDuty] = []
    for turn in _chosen(at, kind, frozenset(places), turns):
        if not any(turn.phones[0] in each.phones for each in found):
            found.append(OnDuty(turn.rank, turn.name, turn.phones, turn.user, turn.id))
    gap = not any(each.rank == Rank.ON_DUTY for each in found)
    if gap and last_resort and not any(last_resort in each.phones for each in found):
        found.insert(0, OnDuty(Rank.ON_DUTY, "", (last_resort,)))
    return found


def gaps(since: datetime, until: datetime, *, turns: Sequence[Turn]) -> list[Span]:
    """When nobody is on duty for a case whose kind and place are not known; whoever covers that covers every other."""
    found: list[Span] = []
    for begin, end in pieces(since, until, turns=turns):
        if any(turn.rank == Rank.ON_DUTY for turn in _chosen(begin, "", frozenset(), turns)):
            continue
        if found and found[-1][1] == begin:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return found


def pieces(since: datetime, until: datetime, *, turns: Sequence[Turn]) -> Iterator[Span]:
    """The spans between `since` and `until` in which nothing changes."""
    days = [day_of(since) + n * DAY for n in range(-1, (until - since).days + 2)]
    spans = [turn.span for turn in turns if turn.span]
    spans += [span for turn in turns for day in days if (span := turn.begun_on(day))]
    edges = sorted({since, until, *(edge for span in spans for edge in span if since < edge < until)})
    yield from zip(edges, edges[1:], strict=False)


def shown(at: datetime, *, turns: Sequence[Turn]) -> list[Turn]:
    """Whoever may be rung at this moment, for whatever it is: as the page lists them."""
    matters = {("", frozenset[int]())}
    for turn in turns:
        if (turn.kinds or turn.places) and turn.holds(at):
            matters |= {(k, frozenset({p} if p else ())) for k in turn.kinds or [""] for p in turn.places or [0]}
    found = {turn.id: turn for kind, places in matters for turn in _chosen(at, kind, places, turns)}
    return sorted(found.values(), key=_order)


def _chosen(at: datetime, kind: str, places: frozenset[int], turns: Sequence[Turn]) -> list[Turn]:
    here = [turn for turn in turns if turn.phones and turn.covers(kind, places) and turn.holds(at)]
    ranks = {turn.rank for turn in here if turn.span and turn.instead_of is None}
    replaced = {turn.instead_of for turn in here}
    left = [turn for turn in here if turn.id not in replaced and (turn.span or turn.rank not in ranks)]
    return sorted(left, key=_order)


def _order(turn: Turn) -> tuple[int, bool, bool, int]:
    """By rank; who is there for this kind or this ward before who is there for everything."""
    return (turn.rank, not turn.places, not turn.kinds, turn.id)


def on_duty_now(at: datetime, *, kind: str = "", place: Place | None = None) -> list[OnDuty]:
    """`who_is_on_duty` by the roster in the database; whatever is wrong with it, the city's number of last resort."""
    phone = the_city().on_duty_phone
    try:
        around: set[int] = set()
        while place is not None:
            around.add(place.pk)
            place = place.parent
        turns = read(since=at, until=at)
        return who_is_on_duty(at, kind=kind, places=around, turns=turns, last_resort=phone)
    except Exception as trouble:  # noqa: BLE001 - whatever it is: in a fire somebody must be reached
        log.error("roster.unreadable", error=type(trouble).__name__, last_resort=bool(phone))
        return who_is_on_duty(at, turns=(), last_resort=phone)


@dataclass(frozen=True)
class Roster:
    """What could be read of it, and the ids of rows that couldn't; `broken`: nothing could."""

    turns: list[Turn]
    unreadable: list[int]
    broken: bool = False


def read(*, since: datetime, until: datetime) -> list[Turn]:
    """The rows that may hold between these moments; those that can't be read are left out, and named in the log."""
    return read_all(since=since, until=until).turns


def read_all(*, since: datetime, until: datetime) -> Roster:
    """`read`, with what is wrong: the desk says so."""
    first, last = day_of(since) - DAY, day_of(until)
    weekly = Q(from_at=None, valid_from__lte=last) & (Q(valid_to=None) | Q(valid_to__gte=first))
    rows = DutyShift.objects.prefetch_related("places").select_related("user").order_by("pk")
    try:
        return Roster(*read_what_can_be(rows.filter(weekly | Q(from_at__lte=until, to_at__gt=since)), turn_of))
    except Exception as trouble:  # noqa: BLE001 - the desk says it
        log.error("roster.unreadable", error=type(trouble).__name__)
        return Roster([], [], broken=True)


def read_what_can_be(rows: QuerySet[DutyShift], make: Callable[[DutyShift], T]) -> tuple[list[T], list[int]]:
    """(what is made of each row, ids of the rows that can't be read)."""
    try:
        with transaction.atomic():
            return [make(row) for row in rows], []
    except OperationalError:
        raise  # the database is away
    except Exception as trouble:  # noqa: BLE001 - which row it is, is looked for below
        log.warning("roster.read_row_by_row", error=type(trouble).__name__)
    found: list[T] = []
    wrong: list[int] = []
    for pk in rows.values_list("pk", flat=True):
        try:
            with transaction.atomic():
                found += [make(row) for row in rows.filter(pk=pk)]
        except OperationalError:
            raise
        except Exception as trouble:  # noqa: BLE001 - one row silences nobody
            log.error("roster.row_unreadable", shift=pk, error=type(trouble).__name__)
            wrong.append(pk)
    return found, wrong


def turn_of(row: DutyShift) -> Turn:
    """Raises ValueError where the row's numbers are none: somebody rung by them would be nobody."""
    if not (
        isinstance(row.phones, list) and all(isinstance(each, str) and _NUMBER.fullmatch(each) for each in row.phones)
    ):
        raise ValueError("phones")
    return Turn(
        id=row.pk,
        rank=row.rank,
        name=row.name,
        phones=tuple(row.phones) if row.user is None or row.user.is_active else (),
        user=row.user_id,
        weekdays=frozenset(row.weekdays),
        starts=row.starts or time(0),
        ends=row.ends or time(0),
        first=row.valid_from or date.min,
        last=row.valid_to or date.max,
        span=(row.from_at, row.to_at) if row.from_at and row.to_at else None,
        instead_of=row.instead_of_id,
        kinds=frozenset(row.kinds),
        places=frozenset(place.pk for place in row.places.all()),
    )
