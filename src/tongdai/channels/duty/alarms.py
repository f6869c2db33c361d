"""Drive an alarm: open it for an urgent case, ring one person after the other, end it when somebody has taken it.

Each function is one transaction that writes what happened, the events of the cases, the text and the job of the next
step; done twice it changes nothing. They run one at a time in the whole house: alarms are few, and two at once must
never ring two people for the same step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction

from tongdai.accounts.duty.roster import OnDuty, on_duty_now
from tongdai.accounts.models import User
from tongdai.cases.actions.ring_duty import ring_duty
from tongdai.cases.actions.take_duty import take_duty
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.cases.queries import untaken
from tongdai.cases.states import ActionRefused, Who
from tongdai.channels import outbound
from tongdai.people.models import Channel
from tongdai.people.phones import is_mobile
from tongdai.people.purposes import Purpose
from tongdai.platform import jobs, wake

from . import words
from .models import GOES_ON, Alarm, Ring, Waiting
from .registry import can_ring_out

log = structlog.get_logger(__name__)

RING_NEXT = "channels.notify.ring_next"
TEXT_MORE = "channels.notify.text_those_who_joined"
QUICK_ROUNDS = 3  # how often everybody is rung; then more slowly, for as long as it takes
SLOWER = 3
MORE_AFTER = timedelta(seconds=30)  # what joins meanwhile is one text
MOST_AT_ONCE = 100
_LOCK = 1022_0115


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Open a transaction that no other of an alarm's runs beside."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield


def raise_alarm(case_id: int, *, at: datetime) -> Alarm | None:
    """Ring who is on duty for this case: by the alarm that rings the same people already, or by one of its own.

    None where nobody need be rung: it is taken, settled, or rung for already.
    """
    with one_at_a_time():
        case = Case.objects.select_for_update(of=("self",)).select_related("place").get(pk=case_id)
        if not case.untaken or Waiting.objects.filter(case=case, left_at=None).exists():
            return None
        people = _people(case, at=at)
        for alarm in Alarm.objects.filter(state=Alarm.State.RINGING, trial=False).order_by("pk"):
            others = cases_of(alarm)
            if others and _people(others[0], at=at) == people:
                return _join(alarm, case, at=at)
        alarm = Alarm.objects.create(opened_at=at)
        Waiting.objects.create(alarm=alarm, case=case, joined_at=at)
        _ring(alarm, [case], at=at)
        return alarm


def try_it(by: User, *, person: OnDuty, at: datetime) -> Alarm:
    """Ring one person to see that it works; no case is in it, and nobody after."""
    with one_at_a_time():
        alarm = Alarm.objects.create(opened_at=at, trial=True, asked_by=by)
        _ring_person(alarm, person, [], number=0, at=at)
    return alarm


def ring_next(alarm_id: int, *, after: int, at: datetime) -> Ring | None:
    """Ring the next person: the step `after` is over. None if that was done already, or nobody need be rung."""
    with one_at_a_time():
        alarm = Alarm.objects.get(pk=alarm_id)
        last = alarm.rings.order_by("number").last()
        if alarm.state != Alarm.State.RINGING or last is None or last.number != after:
            return None
        cases = cases_of(alarm)
        if not cases:
            _end(alarm, Alarm.State.OVER, at=at)
            return None
        _give_up(last, at=at)
        return _ring(alarm, cases, at=at, last=last)


def overdue(*, at: datetime) -> list[tuple[int, int]]:
    """Return (alarm, its last step) of alarms whose next step should have been by now: whoever was to do it is gone."""
    last = Ring.objects.filter(alarm__state=Alarm.State.RINGING).order_by("alarm", "-number").distinct("alarm")
    return [(ring.alarm_id, ring.number) for ring in last if ring.until < at - timedelta(seconds=5)]


def forgotten(*, at: datetime) -> list[int]:
    """Return urgent cases for which nobody is rung, though nobody has taken them, whatever became of their job."""
    waiting = Waiting.objects.filter(left_at=None).values("case")
    found = untaken(before=at - timedelta(minutes=1)).exclude(pk__in=waiting)
    return list(found.values_list("pk", flat=True)[:MOST_AT_ONCE])


def settled(case_id: int, *, at: datetime) -> None:
    """Stop ringing for a case that was taken, accepted or answered on the desk."""
    with one_at_a_time():
        case = Case.objects.get(pk=case_id)
        found = Waiting.objects.select_related("alarm").filter(case=case, left_at=None).first()
        if found is None or case.untaken:
            return
        found.left_at = at
        found.save(update_fields=["left_at"])
        if not cases_of(found.alarm):
            _end(found.alarm, Alarm.State.TAKEN if case.taken_at else Alarm.State.OVER, at=at)
        else:
            _wake(found.alarm)


def take(ring_id: int, *, cases: Iterable[int], at: datetime) -> bool:
    """Let whoever was rung take these cases, those that were named; False if somebody else was first. Twice is once.

    What joined the alarm while they listened rings on, by an alarm of its own.
    """
    with one_at_a_time():
        ring = Ring.objects.select_related("alarm").get(pk=ring_id)
        if ring.alarm.state != Alarm.State.RINGING:
            return ring.alarm.taken_by_id == ring.pk
        wanted = set(cases)
        taken = [case for case in cases_of(ring.alarm) if case.pk in wanted and _take(case, ring, at=at)]
        if not taken and not ring.alarm.trial:
            return False
        Waiting.objects.filter(alarm=ring.alarm, case__in=taken, left_at=None).update(left_at=at)
        left = list(Waiting.objects.filter(alarm=ring.alarm, left_at=None).values_list("case_id", flat=True))
        Waiting.objects.filter(alarm=ring.alarm, left_at=None).update(left_at=at)
        _close(ring, Ring.State.TAKEN, at=at)
        _end(ring.alarm, Alarm.State.TAKEN, at=at, by=ring)
        for case_id in left:
            raise_alarm(case_id, at=at)
    return True


def _take(case: Case, ring: Ring, *, at: datetime) -> bool:
    try:
        take_duty(case, by=Actor(who=Who.SYSTEM, channel=Channel.VOICE), ring=ring.pk, at=at)
    except ActionRefused:
        return False
    return True


def pass_on(ring_id: int, *, at: datetime) -> None:
    """Ring somebody else at once, as whoever was rung wants."""
    with one_at_a_time():
        ring = Ring.objects.select_related("alarm").get(pk=ring_id)
        if not ring.goes_on:
            return
        _close(ring, Ring.State.PASSED_ON, at=at)
        if ring.alarm.trial:
            _end(ring.alarm, Alarm.State.OVER, at=at)
        else:
            ring_next(ring.alarm_id, after=ring.number, at=at)


def cases_of(alarm: Alarm) -> list[Case]:
    """Return the cases that still wait in it, the longest first."""
    waiting = (
        alarm.waiting.filter(left_at=None).select_related("case__place", "case__topic").order_by("joined_at", "pk")
    )
    return [each.case for each in waiting if each.case.untaken]


def people_of(cases: Iterable[Case], *, at: datetime) -> list[OnDuty]:
    """Return everybody who is rung for these, in order."""
    return next((_people(case, at=at) for case in cases), [])


# ── within ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _people(case: Case, *, at: datetime) -> list[OnDuty]:
    """A confidential case rings who is there for everything: not even its ward shows in who is rung."""
    if case.confidential:
        return on_duty_now(at)
    return on_duty_now(at, kind=case.danger_kind, place=case.place)


def _join(alarm: Alarm, case: Case, *, at: datetime) -> Alarm:
    """Add the case: it is named in the call and in the texts from now on; whoever has the text already gets one more."""
    Waiting.objects.create(alarm=alarm, case=case, joined_at=at)
    last = alarm.rings.order_by("number").last()
    if last is not None and last.phones:
        ring_duty(case, ring=last.pk, rank=last.rank, at=at)
    if last is not None:
        jobs.defer(
            TEXT_MORE, priority=Purpose.DUTY.priority, schedule_in=MORE_AFTER, lock=f"duty:{alarm.pk}", ring_id=last.pk
        )
    _wake(alarm)
    return alarm


def _ring(alarm: Alarm, cases: list[Case], *, at: datetime, last: Ring | None = None) -> Ring:
    """Ring the next person after the last one, from the roster as it is now; then round again."""
    people = people_of(cases, at=at)
    number = last.number + 1 if last else 0
    if not people:
        return _nobody(alarm, last, number=number, at=at)
    names = [(each.shift, each.phones) for each in people]
    before = (last.shift_id, tuple(last.phones)) if last else None
    person = people[(names.index(before) + 1) % len(people)] if before in names else people[0]
    return _ring_person(alarm, person, cases, number=number, at=at, round_=number // len(people))


def _ring_person(
    alarm: Alarm, person: OnDuty, cases: list[Case], *, number: int, at: datetime, round_: int = 0
) -> Ring:
    patience = settings.DUTY_STEP * (1 if round_ < QUICK_ROUNDS else SLOWER)
    rings = can_ring()
    ring = Ring.objects.create(
        alarm=alarm, number=number, rank=person.rank, shift_id=person.shift, user_id=person.user, name=person.name,
        phones=list(person.phones), state=Ring.State.WAITING if rings else Ring.State.NOT_RUNG, started_at=at,
        until=at + timedelta(seconds=patience), ended_at=None if rings else at,
    )  # fmt: skip
    _text_on_duty(ring, cases, key=f"duty:{ring.pk}", at=at)
    for case in cases:
        try:
            ring_duty(case, ring=ring.pk, rank=ring.rank, at=at)
        except ActionRefused:  # settled this very moment: the job that says so is on its way
            log.info("duty.settled_meanwhile", case=case.pk)
    if not alarm.trial:
        jobs.defer(
            RING_NEXT, priority=Purpose.DUTY.priority, schedule_in=timedelta(seconds=patience), alarm_id=alarm.pk,
            after=number,
        )  # fmt: skip
    elif not rings:
        _end(alarm, Alarm.State.OVER, at=at)
    wake.wake("duty", [ring.pk])
    _wake(alarm)
    return ring


def _nobody(alarm: Alarm, last: Ring | None, *, number: int, at: datetime) -> Ring:
    """Wait, as the roster names nobody and the city has no number: it is looked at again, lest somebody is entered meanwhile."""
    until = at + timedelta(seconds=settings.DUTY_STEP)
    log.warning("duty.nobody", alarm=alarm.pk)
    if last is not None and last.state == Ring.State.NOBODY:
        last.until = until
        last.save(update_fields=["until"])
        return last
    _wake(alarm)
    state = Ring.State.NOBODY
    return Ring.objects.create(alarm=alarm, number=number, state=state, started_at=at, until=until, ended_at=at)


def _text_on_duty(ring: Ring, cases: list[Case], *, key: str, at: datetime) -> None:
    """Send one text, to the first of their numbers that takes texts."""
    phone = next((phone for phone in ring.phones if is_mobile(phone)), "")
    if not phone:
        return
    body = words.text(cases, trial=ring.alarm.trial)
    case = cases[0] if len(cases) == 1 else None  # one that names several is shown with none of them
    outbound.send(phone, body, purpose=Purpose.DUTY, key=key, at=at, case=case)


def text_more(ring_id: int, *, at: datetime) -> None:
    """Text whoever is being rung what joined since their text, all in one."""
    with one_at_a_time():
        ring = Ring.objects.select_related("alarm").get(pk=ring_id)
        last = ring.alarm.rings.order_by("number").last()
        cases = cases_of(ring.alarm)
        joined = ring.alarm.waiting.filter(left_at=None, joined_at__gt=ring.started_at).count()
        if ring.alarm.state == Alarm.State.RINGING and last == ring and joined:
            _text_on_duty(ring, cases, key=f"duty:{ring.pk}:{len(cases)}", at=at)


def _give_up(ring: Ring, *, at: datetime) -> None:
    """End a step. Whoever is listening just now may still take it: first come, first served."""
    if ring.state == Ring.State.RINGING:
        _close(ring, Ring.State.NO_KEY if ring.answered_at else Ring.State.NO_ANSWER, at=at)
    elif ring.state == Ring.State.WAITING:
        _close(ring, Ring.State.NOT_RUNG, at=at)


def _close(ring: Ring, state: Ring.State, *, at: datetime) -> None:
    ring.state, ring.ended_at = state, at
    ring.save(update_fields=["state", "ended_at"])
    wake.wake("duty", [ring.pk])


def _end(alarm: Alarm, state: Alarm.State, *, at: datetime, by: Ring | None = None) -> None:
    alarm.state, alarm.ended_at, alarm.taken_by = state, at, by
    alarm.save(update_fields=["state", "ended_at", "taken_by"])
    alarm.waiting.filter(left_at=None).update(left_at=at)
    for ring in alarm.rings.filter(state__in=GOES_ON):
        _close(ring, Ring.State.STOPPED, at=at)
    _wake(alarm)


def _wake(alarm: Alarm) -> None:
    wake.wake("alarms", [alarm.pk])


def can_ring() -> bool:
    """Say whether this house has an exchange and a carrier to ring people by; else they are only texted."""
    return can_ring_out()
