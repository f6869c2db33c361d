"""What of a call is kept: written as it goes on, each step one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from tongdai.accounts.models import User
from tongdai.people.models import Channel, Contact, Interaction
from tongdai.platform import wake
from tongdai.platform.clock import now

from .models import Agent, Call, Callback, Line

RING_BACK_AFTER = timedelta(0)
MISSED = frozenset({Call.Outcome.ABANDONED, Call.Outcome.MESSAGE})


@transaction.atomic
def came(*, channel: str, number: str, dialled: str) -> Call:
    """A call has come in; again with the same channel (after a crash) it is the same call."""
    at = now()
    known = Call.objects.filter(channel=channel).first()
    if known:
        return known
    contact = None
    if number:
        contact, _new = Contact.objects.get_or_create(phone=number, defaults={"created_at": at, "proven_at": at})
    kept = Interaction.objects.create(
        contact=contact, channel=Channel.VOICE, direction=Interaction.Direction.IN, state=Interaction.State.RECEIVED,
        address=number, our_address=dialled[:40], key=f"call:{channel}", happened_at=at,
    )  # fmt: skip
    return Call.objects.create(channel=channel, interaction=kept, contact=contact, number=number, came_at=at)


def waits(call: int, *, queue: int | None, path: Sequence[str]) -> datetime:
    """Since when the caller waits."""
    at = now()
    Call.objects.filter(pk=call).update(state=Call.State.WAITING, queue=queue, path=list(path), waited_from=at)
    wake.wake("calls", [call])
    return at


def rings(call: int, *, agent: int) -> None:
    with transaction.atomic():
        Call.objects.filter(pk=call).update(state=Call.State.RINGING, agent=agent)
        _agent_is(agent, Agent.State.RINGING)
        wake.wake("calls", [call])


def not_taken(call: int, *, agent: int, state: str, reason: str = "") -> None:
    """The caller waits on; the agent is as said, and told why."""
    with transaction.atomic():
        Call.objects.filter(pk=call).exclude(state=Call.State.ENDED).update(state=Call.State.WAITING, agent=None)
        _agent_is(agent, state, reason=reason)
        wake.wake("calls", [call])


def talks(call: int, *, agent: int) -> None:
    with transaction.atomic():
        row = Call.objects.select_for_update().get(pk=call)
        row.state, row.agent_id = Call.State.TALKING, agent
        row.answered_at = row.answered_at or now()
        row.save(update_fields=["state", "agent", "answered_at"])
        _agent_is(agent, Agent.State.TALKING)
        wake.wake("calls", [call])


def hung_up(agent: int) -> datetime:
    """The talk is over; the agent has a moment to write. Idle since when."""
    at = now()
    Agent.objects.filter(user=agent, state=Agent.State.TALKING).update(
        state=Agent.State.AFTER_CALL, since=at, idle_since=at
    )
    wake.wake("agents", [agent])
    return at


@transaction.atomic
def ended(call: int, *, path: Sequence[str], outcome: str, recording: str = "") -> None:
    """The caller's leg is gone. Who met nobody and can be rung is rung back."""
    at = now()
    row = Call.objects.select_for_update(of=("self",)).select_related("interaction", "contact").get(pk=call)
    if row.state == Call.State.ENDED:
        return
    row.state, row.ended_at, row.path = Call.State.ENDED, at, list(path)
    row.outcome = row.outcome or outcome
    row.recording = recording
    row.save()
    row.interaction.detail = {"path": row.path, "seconds": round((at - row.came_at).total_seconds())}
    row.interaction.settled_at = at
    row.interaction.save(update_fields=["detail", "settled_at"])
    if row.outcome in MISSED and row.answered_at is None and row.contact:
        ring_back(row, at=at)
    wake.wake("calls", [call])


def ring_back(call: Call, *, at: datetime) -> Callback:
    """One task a person, however often they rang."""
    assert call.contact
    waiting = Callback.objects.select_for_update().filter(
        contact=call.contact, event=None, state=Callback.State.WAITING
    ).first()  # fmt: skip
    if waiting is None:
        waiting = Callback(contact=call.contact, ring_at=at + RING_BACK_AFTER)
    waiting.call = call
    waiting.missed += 1
    waiting.save()
    wake.wake("callbacks", [waiting.pk])
    return waiting


def at_work() -> list[tuple[int, str, str, datetime]]:
    """(user, endpoint, state, idle since) of everyone with a line who is in."""
    rows = Agent.objects.exclude(state=Agent.State.OUT).filter(user__is_active=True, user__line__isnull=False)
    return [(a.user_id, a.user.line.endpoint, a.state, a.idle_since) for a in rows.select_related("user__line")]


def back_to_work(*, after: timedelta) -> None:
    """Who has had time enough to write after a call may be rung again."""
    at = now()
    late = Agent.objects.filter(state=Agent.State.AFTER_CALL, since__lte=at - after)
    if users := list(late.values_list("user_id", flat=True)):
        late.update(state=Agent.State.READY, since=at)
        wake.wake("agents", users)


def set_state(user: User, state: str, *, reason: str = "") -> Agent:
    """By the person's own button: ready, paused, out; never while a call rings or is talked on."""
    at = now()
    with transaction.atomic():
        Line.objects.get_or_create(user=user)
        agent, _new = Agent.objects.select_for_update().get_or_create(
            user=user, defaults={"since": at, "idle_since": at, "state": Agent.State.OUT}
        )
        if agent.state not in (Agent.State.RINGING, Agent.State.TALKING):
            agent.state, agent.reason, agent.since = state, reason, at
            agent.save()
        wake.wake("agents", [user.pk])
    return agent


def _agent_is(user: int, state: str, *, reason: str = "") -> None:
    Agent.objects.filter(user=user).update(state=state, reason=reason, since=now())
    wake.wake("agents", [user])
