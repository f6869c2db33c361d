"""Whether each agent may be rung, on record: written by the voice process, by the person's own buttons and by supervisors."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tongdai.accounts.models import User
from tongdai.platform import wake
from tongdai.platform.clock import now

from ..models import Agent, Call, Line


def set_state(user: User, state: str, *, reason: str = "") -> Agent:
    """By the person's own button: ready, paused, out; never while a call rings or is talked on."""
    at = now()
    with transaction.atomic():
        agent, _new = Agent.objects.select_for_update().get_or_create(
            user=user, defaults={"since": at, "idle_since": at, "state": state, "reason": reason}
        )
        if agent.state not in (Agent.State.RINGING, Agent.State.TALKING):
            conclude_unreported([user.pk])
            agent.state, agent.reason, agent.since, agent.call = state, reason, at, None
            agent.save()
        elif agent.state == Agent.State.RINGING and state == Agent.State.PAUSED:
            agent.reason = reason  # why this ring won't be taken: the page may say so before the telephone does
            agent.save(update_fields=["reason"])
        wake.wake("agents", [user.pk])
    return agent


def at_work() -> list[tuple[int, str, str, datetime]]:
    """(user, endpoint, state, idle since) of everyone with a line."""
    rows = Agent.objects.filter(user__is_active=True, user__line__isnull=False)
    return [(a.user_id, a.user.line.endpoint, a.state, a.idle_since) for a in rows.select_related("user__line")]


def lines() -> set[str]:
    """The endpoints that are somebody's."""
    return {line.endpoint for line in Line.objects.filter(user__is_active=True)}


def asked(agent: int, *, call: int) -> None:
    """A colleague is asked about this call, before it may be handed over."""
    agent_is(agent, Agent.State.RINGING, call=call)


def hung_up(agent: int) -> datetime:
    """The talk is over; the agent has a moment to write. Idle since when."""
    at = now()
    busy = (Agent.State.TALKING, Agent.State.RINGING)
    Agent.objects.filter(user=agent, state__in=busy).update(
        state=Agent.State.AFTER_CALL, since=at, idle_since=at, writes_until=None
    )
    wake.wake("agents", [agent])
    return at


def free(agent: int) -> None:
    """Nothing came of it: ready again."""
    agent_is(agent, Agent.State.READY, call=None)


def conclude_unreported(users: Collection[int]) -> None:
    """Calls these have just had and reported nothing of: they were answered."""
    talked = Call.objects.filter(agent__in=users, state=Call.State.ENDED, outcome="", answered_at__isnull=False)
    talked.update(outcome=Call.Outcome.ANSWERED)


UNCHANGED = object()  # the call in hand stays as it is


def agent_is(user: int, state: str, *, reason: str = "", call: object = UNCHANGED) -> None:
    """From now on, and told to the room and to the agent; the call in hand as it is, unless another is given."""
    changed: dict[str, object] = {"state": state, "reason": reason, "since": now(), "writes_until": None}
    if state == Agent.State.RINGING:
        changed["muted"] = False
    if call is not UNCHANGED:
        changed["call"] = call
    Agent.objects.filter(user=user).update(**changed)
    wake.wake("agents", [user])
