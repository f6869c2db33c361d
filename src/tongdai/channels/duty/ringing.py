"""What the voice process asks and says of a ring: whom to dial, what to say now, what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongdai.platform import wake
from tongdai.platform.clock import now

from . import alarms, words
from .models import Alarm, Ring

State = Ring.State


@dataclass(frozen=True)
class ToRing:
    """A ring in the voice process's hands. `seconds`: until the next person is rung, from when it was read."""

    id: int
    phones: tuple[str, ...]
    seconds: float
    whole: float  # seconds the step lasts in all


@dataclass(frozen=True)
class Announcement:
    """Sentences, and the cases they speak of (all of them: also those that are only counted)."""

    sentences: tuple[str, ...]
    cases: tuple[int, ...]


def waiting() -> list[int]:
    """Return the rings nobody has taken in hand yet."""
    found = Ring.objects.filter(state=State.WAITING, alarm__state=Alarm.State.RINGING)
    return list(found.order_by("pk").values_list("pk", flat=True))


def claim(ring_id: int) -> ToRing | None:
    """Take it in hand; None if another process has, or its time is over."""
    if not Ring.objects.filter(pk=ring_id, state=State.WAITING, until__gt=now()).update(state=State.RINGING):
        return None
    _wake(ring_id)
    return _to_ring(Ring.objects.get(pk=ring_id))


def in_hand() -> list[ToRing]:
    """Return those that a process before us had in hand."""
    return [_to_ring(ring) for ring in Ring.objects.filter(state__in=[State.RINGING, State.TALKING]).order_by("pk")]


def _to_ring(ring: Ring) -> ToRing:
    whole = (ring.until - ring.started_at).total_seconds()
    return ToRing(ring.pk, tuple(ring.phones), min(whole, (ring.until - now()).total_seconds()), whole)


def goes_on(ring_id: int) -> bool:
    """Say whether it is still to be rung: nobody has taken it, its time isn't over."""
    return Ring.objects.filter(pk=ring_id, state__in=[State.RINGING, State.TALKING]).exists()


def dials(ring_id: int) -> int:
    """Note that one of their numbers is dialled, and return how many times that makes."""
    ring = Ring.objects.get(pk=ring_id)
    ring.calls += 1
    ring.save(update_fields=["calls"])
    _wake(ring_id)
    return ring.calls


def answered(ring_id: int) -> None:
    Ring.objects.filter(pk=ring_id, state=State.RINGING).update(state=State.TALKING, answered_at=now())
    _wake(ring_id)


def hung_up(ring_id: int) -> None:
    """Note that someone, or a machine, answered and pressed no key: the next number rings."""
    Ring.objects.filter(pk=ring_id, state=State.TALKING).update(state=State.RINGING)
    _wake(ring_id)


def over(ring_id: int) -> None:
    """Note that all was tried and nobody pressed a key; the next person is rung when the step is over."""
    with alarms.one_at_a_time():
        ring = Ring.objects.select_related("alarm").get(pk=ring_id)
        if ring.state in (State.RINGING, State.TALKING):
            ring.state = State.NO_KEY if ring.answered_at else State.NO_ANSWER
            ring.ended_at = now()
            ring.save(update_fields=["state", "ended_at"])
        if ring.alarm.trial and ring.alarm.state == Alarm.State.RINGING and not ring.goes_on:
            ring.alarm.state, ring.alarm.ended_at = Alarm.State.OVER, now()
            ring.alarm.save(update_fields=["state", "ended_at"])
    _wake(ring_id)


def announcement(ring_id: int) -> Announcement | None:
    """Return what is to be said now; None if somebody has taken it, or nobody need be rung."""
    ring = Ring.objects.select_related("alarm").get(pk=ring_id)
    if ring.alarm.state != Alarm.State.RINGING:
        return None
    cases = alarms.cases_of(ring.alarm)
    if not cases and not ring.alarm.trial:
        return None
    return Announcement(tuple(words.announcement(cases, trial=ring.alarm.trial)), tuple(case.pk for case in cases))


def take(ring_id: int, cases: tuple[int, ...], pressed_at: datetime) -> bool:
    return alarms.take(ring_id, cases=cases, at=pressed_at)


def pass_on(ring_id: int) -> None:
    alarms.pass_on(ring_id, at=now())


def _wake(ring_id: int) -> None:
    wake.wake("alarms", Ring.objects.filter(pk=ring_id).values_list("alarm_id", flat=True))
