"""Which calls a supervisor may step into, and the record of it: the city's (audit), and what the agent is told.

Who is listened to knows it: Luật 91/2025/QH15, điều 25 (employees know of the means by which they are watched).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from tongdai.accounts.models import User
from tongdai.accounts.rights import SUPERVISES
from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.cases.queries import visible_cases
from tongdai.platform import wake
from tongdai.platform.clock import now

from ..agents import states
from ..models import Agent, Call, Notice, Order, Supervision
from . import call_records

MODES = (Order.Kind.LISTEN, Order.Kind.WHISPER, Order.Kind.BARGE)
KINDS = (*MODES, Order.Kind.LEAVE, Order.Kind.TAKE_OVER, Order.Kind.MOVE, Order.Kind.FREE)
FORCED = (Agent.State.READY, Agent.State.PAUSED, Agent.State.OUT)
IN_CALL = (Agent.State.RINGING, Agent.State.TALKING)
BY_SUPERVISOR = "supervisor"  # why somebody is paused: the desk has the words
SUPERVISING = "supervising"
ANSWER_STANDS = timedelta(seconds=30)


def open_calls(user: User) -> QuerySet[Call]:
    """The calls going on that this person may step into: none about a denunciation they may not know of."""
    opened = Q(case=None) | Q(case__in=visible_cases(user))
    return Call.objects.filter(opened).exclude(state=Call.State.ENDED)


def may_attend(user: int, call: int) -> bool:
    """Whether this person may be at that call now; it may have turned out to be a denunciation meanwhile."""
    person = User.objects.filter(pk=user, is_active=True, role__in=SUPERVISES).first()
    return person is not None and open_calls(person).filter(pk=call).exists()


# ── at a call ────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def began(call: int, *, by: int, agent: int | None, mode: str) -> None:
    """From now on this supervisor is at the call in this way; on record before anything is heard."""
    at = now()
    _end(Supervision.objects.filter(by=by, ended_at=None), at=at)
    Supervision.objects.create(call_id=call, by_id=by, agent_id=agent, mode=mode, began_at=at)
    record(Kind.SUPERVISION, mode, what=f"call {call}", by=by, subject=agent, at=at)
    if Agent.objects.filter(user=by, state=Agent.State.READY).exists():
        states.set_state(User.objects.get(pk=by), Agent.State.PAUSED, reason=SUPERVISING)
    _notify(call, by, agent)


@transaction.atomic
def ended(by: int) -> None:
    """This supervisor is at no call any more."""
    _end(Supervision.objects.filter(by=by, ended_at=None), at=now())


@transaction.atomic
def all_ended() -> None:
    """Nobody is: the process that held the lines together has begun anew."""
    _end(Supervision.objects.filter(ended_at=None), at=now())


def _end(going: QuerySet[Supervision], *, at: datetime) -> None:
    for each in going.select_for_update(of=("self",)):
        each.ended_at = at
        each.save(update_fields=["ended_at"])
        stretch = {"how": each.mode, "since": each.began_at.isoformat(timespec="seconds"),
                   "seconds": round((at - each.began_at).total_seconds())}  # fmt: skip
        record(
            Kind.SUPERVISION, "stopped", what=f"call {each.call_id}", by=each.by_id, subject=each.agent_id,
            detail=stretch, at=at,
        )  # fmt: skip
        _notify(each.call_id, each.by_id, each.agent_id)


def attended_by(user: User) -> Supervision | None:
    """The call this supervisor is at now."""
    return Supervision.objects.filter(by=user, ended_at=None).select_related("call__agent", "agent").first()


def at_call(call: Call) -> list[Supervision]:
    """Who is at it now."""
    return list(Supervision.objects.filter(call=call, ended_at=None).select_related("by").order_by("pk"))


# ── what is done to calls and agents ─────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def taken_over(call: int, *, agent: int, by: int, words: str) -> None:
    """The supervisor has the citizen; the agent is free, and told why."""
    _end(Supervision.objects.filter(by=by, ended_at=None), at=now())
    call_records.handed_over(call, to=by)
    _notice(Notice.Action.TAKE_OVER, to=agent, by=by, call=call, words=words)
    record(Kind.SUPERVISION, "take_over", what=f"call {call}", by=by, subject=agent)


@transaction.atomic
def moved(call: int, *, agent: int | None, by: int, target: str, words: str) -> None:
    """The call goes elsewhere; `agent` had it (None: it waited)."""
    if agent:
        _notice(Notice.Action.MOVE, to=agent, by=by, call=call, words=words)
    record(Kind.SUPERVISION, "move", what=f"call {call}", by=by, subject=agent, detail={"target": target})


@transaction.atomic
def freed(agent: int, *, by: int, words: str) -> None:
    """Nothing is in this agent's hands; who may be away from the desk is rung again when they say so."""
    Agent.objects.filter(user=agent).update(
        state=Agent.State.PAUSED, reason=BY_SUPERVISOR, since=now(), idle_since=now(), call=None
    )
    _notice(Notice.Action.FREE, to=agent, by=by, words=words)
    record(Kind.SUPERVISION, "free", by=by, subject=agent)
    wake.wake("agents", [agent])


@transaction.atomic
def force(agent: Agent, state: Agent.State, *, by: User, words: str) -> bool:
    """Set somebody's state, for a reason they see; False while a call rings or is talked on."""
    before = Agent.objects.select_for_update().get(pk=agent.pk).state
    if before in IN_CALL:
        return False
    states.set_state(agent.user, state, reason=BY_SUPERVISOR if state == Agent.State.PAUSED else "")
    _notice(Notice.Action.STATE, to=agent.user_id, by=by.pk, state=state, words=words)
    record(Kind.SUPERVISION, "state", subject=agent.user_id, by=by.pk, detail={"state": [before, state]})
    return True


def _notice(
    action: Notice.Action, *, to: int, by: int, call: int | None = None, state: str = "", words: str = ""
) -> None:
    Notice.objects.create(to_id=to, by_id=by, call_id=call, action=action, state=state, words=words[:120], at=now())
    wake.wake("agents", [to])


def unread(user: User) -> Notice | None:
    """The last that this agent has not read."""
    return Notice.objects.filter(to=user, read_at=None).select_related("by").order_by("-pk").first()


def read(user: User) -> None:
    """The agent has read what there was."""
    Notice.objects.filter(to=user, read_at=None).update(read_at=now())
    wake.wake("agents", [user.pk])


def last_order(user: User, *, at: datetime) -> Order | None:
    """What this supervisor asked of the exchange just now: done, refused in words, or not answered yet."""
    asked = Order.objects.filter(by=user, kind__in=KINDS, asked_at__gt=at - ANSWER_STANDS)
    return asked.order_by("-pk").first()


def _notify(call: int, *people: int | None) -> None:
    wake.wake("calls", [call])
    wake.wake("agents", [each for each in people if each])
