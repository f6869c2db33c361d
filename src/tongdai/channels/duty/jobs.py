"""The jobs that drive alarms: each may run twice, or late, and changes nothing then."""

from __future__ import annotations

import structlog

from tongdai.cases.models import Event
from tongdai.cases.transition import RING_ON_DUTY, STOP_RINGING
from tongdai.platform import jobs
from tongdai.platform.clock import now

from . import alarms
from .alarms import RING_NEXT, TEXT_MORE

log = structlog.get_logger(__name__)


@jobs.task(name=RING_ON_DUTY, queue="notify")
def ring_on_duty(event_id: int, turn: int = 1) -> None:
    """Ring and text who is on duty: a case has become urgent. `turn` stands in jobs of an earlier edition."""
    alarms.raise_alarm(Event.objects.values_list("case_id", flat=True).get(pk=event_id), at=now())


@jobs.task(name=RING_NEXT, queue="notify")
def ring_next(alarm_id: int, after: int) -> None:
    """Ring the next person: nobody has taken it in time."""
    alarms.ring_next(alarm_id, after=after, at=now())


@jobs.task(name=STOP_RINGING, queue="notify")
def stop_ringing(case_id: int) -> None:
    """Stop: the desk has taken or settled it."""
    alarms.settled(case_id, at=now())


@jobs.task(name=TEXT_MORE, queue="notify")
def text_those_who_joined(ring_id: int) -> None:
    """Text about the urgent cases that have come while somebody is rung."""
    alarms.text_more(ring_id, at=now())


@jobs.periodic(name="channels.duty.sweep", queue="duty", every_seconds=30)
def sweep(timestamp: int) -> None:
    """Take up alarms whose next step is overdue and urgent cases without any, whatever became of their jobs."""
    at, troubles = now(), []
    for case_id in alarms.forgotten(at=at):
        try:
            alarms.raise_alarm(case_id, at=at)
        except Exception as trouble:  # noqa: BLE001 - one case, or one alarm, keeps no other waiting
            log.error("duty.sweep_failed", case=case_id, error=type(trouble).__name__)
            troubles.append(trouble)
    for alarm_id, after in alarms.overdue(at=at):
        try:
            alarms.ring_next(alarm_id, after=after, at=at)
        except Exception as trouble:  # noqa: BLE001 - as above
            log.error("duty.sweep_failed", alarm=alarm_id, error=type(trouble).__name__)
            troubles.append(trouble)
    if troubles:
        raise troubles[0]
