"""Who was on duty in a played city: its roster, and how an alarm of the past went, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from tongdai.accounts.duty.roster import OnDuty, Turn, read, who_is_on_duty
from tongdai.accounts.models import DutyShift, User
from tongdai.cases.actions.ring_duty import ring_duty
from tongdai.cases.actions.take_duty import take_duty
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.cases.states import Who
from tongdai.channels.duty.models import Alarm, Ring, Waiting
from tongdai.people.models import Channel
from tongdai.platform.clock import CITY_TZ

STEP = timedelta(minutes=2)
TAKES = 0.72  # how often whoever is rung takes it
MOST_RUNG = 6
EVERY_DAY, WORKDAYS, WEEKEND = tuple(range(7)), tuple(range(5)), (5, 6)
At = Callable[[datetime, Callable[[datetime], None]], None]


def shift(
    rank: int,
    user: User,
    *phones: str,
    days: Iterable[int],
    hours: tuple[int, int] = (0, 0),
    first: date,
    last: date | None = None,
) -> DutyShift:
    """One row of the roster, once however often the city is built."""
    starts, ends = (time(hour) for hour in hours)
    known, _new = DutyShift.objects.get_or_create(
        rank=rank, user=user, starts=starts, weekdays=list(days), valid_from=first,
        defaults={"name": user.full_name, "phones": list(phones), "ends": ends, "valid_to": last,
                  "changed_at": datetime.combine(first, time(8), CITY_TZ)},
    )  # fmt: skip
    return known


def roster(*, since: datetime, until: datetime) -> list[Turn]:
    """All of it, for a whole stretch of time."""
    return read(since=since, until=until)


@dataclass
class Past:
    """An alarm for one case, played: each step plans the next. `case` gives the case as it is, `done` keeps it changed."""

    case: Callable[[], Case]
    turns: list[Turn]
    chance: Random
    done: Callable[[Case], None]
    _alarm: Alarm | None = field(default=None, init=False)
    _rung: int = field(default=0, init=False)

    def begin(self, at: datetime, plan: At) -> None:
        """Ring the first, then plan what comes of it."""
        case = self.case()
        people = who_is_on_duty(at, kind=case.danger_kind, turns=self.turns)
        if not case.untaken or not people:
            self._over(at)
            return
        if self._alarm is None:
            self._alarm = Alarm.objects.create(opened_at=at)
        takes = self.chance.random() < TAKES or self._rung + 1 == MOST_RUNG
        took, state, over = at, Ring.State.RINGING, at + STEP
        if takes:
            took = min(at + timedelta(seconds=20 + self.chance.expovariate(1 / 45)), over - timedelta(seconds=1))
        else:
            state = self.chance.choice([Ring.State.NO_ANSWER, Ring.State.NO_ANSWER, Ring.State.PASSED_ON])
            over = at + timedelta(seconds=35) if state == Ring.State.PASSED_ON else over
        person = people[self._rung % len(people)]
        ring = self._ring(self._alarm, person, at, state=state, ended_at=None if takes else over)
        self._rung += 1
        self.done(ring_duty(case, ring=ring.pk, rank=ring.rank, at=at))
        if takes:
            plan(took, lambda moment: self._take(ring, moment))
        else:
            plan(over, lambda moment: self.begin(moment, plan))

    def _ring(self, alarm: Alarm, person: OnDuty, at: datetime, *, state: str, ended_at: datetime | None) -> Ring:
        return Ring.objects.create(
            alarm=alarm, number=self._rung, rank=person.rank, shift_id=person.shift, user_id=person.user,
            name=person.name, phones=list(person.phones), state=state, calls=1, started_at=at, until=at + STEP,
            ended_at=ended_at,
        )  # fmt: skip

    def _take(self, ring: Ring, at: datetime) -> None:
        case = self.case()
        if case.untaken:
            self.done(take_duty(case, by=Actor(who=Who.SYSTEM, channel=Channel.VOICE), ring=ring.pk, at=at))
            ring.state, ring.answered_at, ring.ended_at = Ring.State.TAKEN, at, at
        else:
            ring.state, ring.ended_at = Ring.State.STOPPED, at
        ring.save(update_fields=["state", "answered_at", "ended_at"])
        self._over(at, by=ring if ring.answered_at else None)

    def _over(self, at: datetime, *, by: Ring | None = None) -> None:
        """No ring of it goes on: each was ended when what came of it was known."""
        if self._alarm is None:
            return
        state = Alarm.State.TAKEN if by else Alarm.State.OVER
        Alarm.objects.filter(pk=self._alarm.pk).update(state=state, ended_at=at, taken_by=by)
        Waiting.objects.create(alarm=self._alarm, case=self.case(), joined_at=self._alarm.opened_at, left_at=at)
