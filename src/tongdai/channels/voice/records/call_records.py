"""What of a call is kept: written as it goes on, each step one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Avg, Count, F, Q

from tongdai.accounts.models import User
from tongdai.cases.models import Case
from tongdai.people.interactions import contact_for
from tongdai.people.models import Channel, Contact, Interaction
from tongdai.platform import wake
from tongdai.platform.clock import now

from ..agents import states
from ..asterisk.caller_id import CallerId
from ..models import Agent, Call, Callback, Order, Recording, Step
from ..queues import kept_places

log = structlog.get_logger(__name__)

MISSED = frozenset({Call.Outcome.ABANDONED, Call.Outcome.MESSAGE, Call.Outcome.CUT})
HUNG_UP = frozenset({Call.Outcome.ABANDONED, Call.Outcome.LOOKED_UP})
OUTSIDE = "outside:answered"  # in the path of whoever talked with somebody outside
WAITS = (Call.State.WAITING, Call.State.RINGING)
ALONE = "alone"  # in the path of whoever fell into Asterisk's net


def came(*, channel: str, number: str, dialled: str, at: datetime | None = None, who: CallerId | None = None) -> Call:
    """A call has come in; again with the same channel (after a crash, or by the archive at the same time) it is the same call."""
    known = Call.objects.filter(channel=channel)
    try:
        return known.first() or _write_down(channel, who or CallerId(number), dialled=dialled, at=at or now())
    except IntegrityError:
        return known.get()


@transaction.atomic
def _write_down(channel: str, who: CallerId, *, dialled: str, at: datetime) -> Call:
    contact, number = None, who.number
    if number:
        contact, _new = Contact.objects.get_or_create(phone=number, defaults={"created_at": at, "proven_at": at})
    interaction = Interaction.objects.create(
        contact=contact, channel=Channel.VOICE, direction=Interaction.Direction.IN, state=Interaction.State.RECEIVED,
        address=number, our_address=dialled[:40], key=f"call:{channel}", happened_at=at,
    )  # fmt: skip
    caller = {"number": number, "hidden": who.hidden, "claimed": list(who.claimed)}
    return Call.objects.create(channel=channel, interaction=interaction, contact=contact, came_at=at, **caller)


def flooded(call: int) -> None:
    """One number has called so often at once that this one was not let in; the supervisor sees it."""
    Call.objects.filter(pk=call).update(state=Call.State.ENDED, outcome=Call.Outcome.FLOOD, ended_at=now())
    log.warning("voice.flood", call=call)


@transaction.atomic
def waits(call: int, *, queue: int | None, path: Sequence[str]) -> tuple[datetime, int]:
    """Since when the caller waits, and her rank: by the branch; before others of it who was in vain here lately, or is
    to be rung back; before all who has been handed on.
    """
    row = Call.objects.select_for_update(of=("self",)).select_related("contact").get(pk=call)
    row.waited_from = row.waited_from or now()
    if row.state == Call.State.ENDED:  # she has hung up meanwhile
        return row.waited_from, 0
    row.state, row.queue_id, row.path, row.agent = Call.State.WAITING, queue, list(path), None
    rank = kept_places.taken_up(row, rank=0 if row.answered_at else _rank(row))
    if row.outcome == Call.Outcome.TRANSFERRED:  # to nobody yet
        row.outcome = ""
    row.save(update_fields=["waited_from", "state", "queue", "path", "agent", "outcome"])
    wake.wake("calls", [call])
    return row.waited_from, rank


def _rank(call: Call) -> int:
    base = 10 * (call.queue.rank if call.queue else 9)
    if call.contact is None:
        return base
    day = now() - timedelta(days=1)
    late = Call.objects.filter(contact=call.contact, came_at__gte=day).exclude(pk=call.pk)
    missed = late.filter(Q(answered_at=None, outcome__in=MISSED) | Q(outcome=Call.Outcome.CUT)).exists()
    return base - (5 if missed or _is_owed(call) else 0)


def waits_no_more(call: int) -> None:
    """She leaves a message, or is put through to somebody outside: no agent is looked for, none talks with her."""
    if Call.objects.filter(pk=call, state__in=[*WAITS, Call.State.TALKING]).update(state=Call.State.MENU):
        _notify(call)


def rings(call: int, *, agent: int) -> bool:
    """False: she has hung up meanwhile, and what has ended stays so."""
    with transaction.atomic():
        goes_on = Call.objects.filter(pk=call).exclude(state=Call.State.ENDED)
        if not goes_on.update(state=Call.State.RINGING, agent=agent, rang_at=now()):
            return False
        states.agent_is(agent, Agent.State.RINGING, call=call)
        wake.wake("calls", [call])
    return True


def not_taken(call: int, *, agent: int, state: str, reason: str = "") -> None:
    """The caller waits on; the agent is as said, and told why: what the page gave as the reason goes before ours."""
    with transaction.atomic():
        given = Agent.objects.filter(user=agent, state=Agent.State.RINGING).values_list("reason", flat=True).first()
        reason = given or reason if state == Agent.State.PAUSED else reason
        Call.objects.filter(pk=call).exclude(state=Call.State.ENDED).update(state=Call.State.WAITING, agent=None)
        states.agent_is(agent, state, reason=reason, call=None)
        wake.wake("calls", [call])


def talks(call: int, *, agent: int) -> bool:
    """False: she has hung up meanwhile, and what has ended stays so."""
    with transaction.atomic():
        row = Call.objects.select_for_update().get(pk=call)
        if row.state == Call.State.ENDED:
            return False
        row.state, row.agent_id = Call.State.TALKING, agent
        row.answered_at = row.answered_at or now()
        row.held = False
        row.save(update_fields=["state", "agent", "answered_at", "held"])
        kept_places.met(row.contact_id)
        states.agent_is(agent, Agent.State.TALKING, call=call)
        if row.direction == Call.Direction.IN:
            met_at_last(row, agent=agent)
        wake.wake("calls", [call])
    return True


def met_at_last(call: Call, *, agent: int) -> None:
    """She has rung again by herself and met somebody: nobody need ring her back for the calls that met nobody.

    A message she left stays a task: what it says is yet to be written down.
    """
    if call.contact_id is None:
        return
    owed = Callback.objects.filter(contact=call.contact_id, event=None, state=Callback.State.WAITING)
    owed = owed.exclude(Q(call__outcome=Call.Outcome.MESSAGE) | Q(call__recordings__kind=Recording.Kind.MESSAGE))
    settled = list(owed.values_list("pk", flat=True))
    if settled:
        Callback.objects.filter(pk__in=settled).update(state=Callback.State.REACHED, done_at=now(), done_by=agent)
        wake.wake("callbacks", settled)


def note(call: int, **changed: object) -> None:
    """Something about the call that the desk shows."""
    Call.objects.filter(pk=call).exclude(state=Call.State.ENDED).update(**changed)
    _notify(call)


@transaction.atomic
def transferred(call: int, *, path: Sequence[str]) -> None:
    """Somebody outside has taken her."""
    Call.objects.filter(pk=call).update(path=list(path))
    Call.objects.filter(pk=call, outcome="").update(outcome=Call.Outcome.TRANSFERRED)
    _notify(call)


def handed_over(call: int, *, to: int | None) -> None:
    """A colleague has her now; `to` None: somebody outside."""
    changed: dict[str, object] = {"outcome": "" if to else Call.Outcome.TRANSFERRED, "state": Call.State.TALKING}
    if to:
        changed["agent"] = to
    with transaction.atomic():
        goes_on = Call.objects.filter(pk=call).exclude(state=Call.State.ENDED)
        if goes_on.update(consulting="", third="", **changed) and to:
            states.agent_is(to, Agent.State.TALKING, call=call)
        _notify(call)


def left_ringing(call: int) -> None:
    """Whoever handed her on has gone; the other's telephone rings. Nobody talks with her: if she gives up, she is rung back."""
    Call.objects.filter(pk=call).exclude(state=Call.State.ENDED).update(state=Call.State.RINGING)
    _notify(call)


def waiting_step(*, queue: int | None) -> Step | None:
    """The step of the menu at which one waits in this queue; without one, the last that has any."""
    steps = Step.objects.filter(kind=Step.Kind.QUEUE).select_related("queue")
    return (queue and steps.filter(queue=queue).first()) or steps.order_by("-queue__rank").first()


def usual_talk(*, fewest: int) -> float:
    """Seconds a talk took in the last hour, on average; 0: fewer than so many were held."""
    hour = Call.objects.filter(answered_at__gte=now() - timedelta(hours=1), ended_at__isnull=False)
    found = hour.aggregate(mean=Avg(F("ended_at") - F("answered_at")), count=Count("pk"))
    return float(found["mean"].total_seconds()) if found["count"] >= fewest else 0.0


@transaction.atomic
def goes_out(order: int, *, channel: str) -> int:
    """A call to a citizen begins; its key."""
    at = now()
    asked = Order.objects.select_related("callback__contact", "callback__case").get(pk=order)
    contact = contact_for(asked.target, at=at, proven=False)
    interaction = Interaction.objects.create(
        contact=contact, channel=Channel.VOICE, direction=Interaction.Direction.OUT, state=Interaction.State.SENT,
        address=asked.target, key=f"call:{channel}", happened_at=at,
    )  # fmt: skip
    call = Call.objects.create(
        channel=channel, direction=Call.Direction.OUT, interaction=interaction, contact=contact, number=asked.target,
        came_at=at, agent_id=asked.by_id, state=Call.State.RINGING, path=["out"],
        case=asked.callback.case if asked.callback else None,
    )  # fmt: skip
    states.agent_is(asked.by_id, Agent.State.RINGING, call=call.pk)
    Order.objects.filter(pk=order).update(call=call)
    wake.wake("calls", [call.pk])
    return call.pk


@transaction.atomic
def ended(call: int, *, path: Sequence[str], outcome: str) -> None:
    """The caller's leg is gone. Who met nobody, at first or handed on, or was cut off, is rung back where they can be."""
    at = now()
    row = Call.objects.select_for_update(of=("self",)).select_related("interaction", "contact").get(pk=call)
    if row.state == Call.State.ENDED:
        return
    talked = row.state == Call.State.TALKING and ALONE not in path or OUTSIDE in path
    comes_in = row.direction == Call.Direction.IN
    in_vain = outcome == Call.Outcome.ABANDONED and not talked and comes_in
    cut = outcome == Call.Outcome.CUT and (comes_in or row.answered_at is not None and not _is_owed(row))
    if row.answered_at and outcome in HUNG_UP:
        outcome = Call.Outcome.ANSWERED  # somebody met her, whoever hung up first
    row.state, row.ended_at, row.path = Call.State.ENDED, at, list(path)
    row.held, row.no_sound, row.consulting, row.third = False, "", "", ""
    if outcome == Call.Outcome.MESSAGE:
        row.outcome = outcome  # whatever was before: it is to be written down
    elif not row.outcome and not (outcome == Call.Outcome.ANSWERED and _is_in_hand(row)):
        row.outcome = outcome  # else the agent who has it in hand says what came of it
    row.save()
    row.interaction.detail = {"path": row.path, "seconds": round((at - row.came_at).total_seconds())}
    row.interaction.settled_at = at
    row.interaction.save(update_fields=["detail", "settled_at"])
    if outcome == Call.Outcome.MESSAGE or (in_vain or cut) and row.contact:
        ring_back(row, at=at)
    _notify(call)


def _is_in_hand(call: Call) -> bool:
    """Whether an agent talks in it, or writes after it."""
    return Agent.objects.filter(call=call, state__in=[Agent.State.TALKING, Agent.State.AFTER_CALL]).exists()


def _is_owed(call: Call) -> bool:
    return Callback.objects.filter(contact=call.contact, state=Callback.State.WAITING).exists()


def ring_back(call: Call, *, at: datetime) -> Callback:
    """One task a person, however often they rang; it stands for a message before it stands for a call without one.

    Of a hidden number it is a task to hear what was left, and nobody is rung.
    """
    owed = Callback.objects.select_for_update().filter(event=None, state=Callback.State.WAITING)
    waiting = owed.filter(contact=call.contact).first() if call.contact else None
    if waiting is None:
        waiting = Callback(contact=call.contact, ring_at=at)
    left_words = waiting.call is not None and waiting.call.outcome == Call.Outcome.MESSAGE
    if not left_words or call.outcome == Call.Outcome.MESSAGE:
        waiting.call = call
    waiting.missed += 1
    waiting.save()
    wake.wake("callbacks", [waiting.pk])
    return waiting


def waiting() -> dict[int, str]:
    """Call → channel of all who wait for a person and have nobody's telephone ringing for them."""
    return dict(Call.objects.filter(state=Call.State.WAITING).values_list("pk", "channel"))


def _notify(call: int) -> None:
    """The room, and the desk of whoever has the call in hand."""
    wake.wake("calls", [call])
    wake.wake("agents", Agent.objects.filter(call=call).values_list("user_id", flat=True))


@transaction.atomic
def conclude(call: Call, *, by: User, outcome: str, case: Case | None = None) -> None:
    """What came of a talk, as the agent says; to the case it was about, the call belongs."""
    row = Call.objects.select_for_update(of=("self",)).select_related("interaction").get(pk=call.pk)
    row.outcome = outcome
    if case is not None:
        row.case = case
    row.save(update_fields=["outcome", "case"])
    at = now()
    if case is not None and case.confidential:
        owed = Callback.objects.filter(call=row, event=None, state=Callback.State.WAITING)
        owed.update(state=Callback.State.REACHED, done_at=at, done_by=by)  # what was said is written down
    after = Agent.objects.filter(user=by, state=Agent.State.AFTER_CALL)
    if row.state == Call.State.ENDED and after.update(state=Agent.State.READY, since=at, call=None):
        wake.wake("agents", [by.pk])
    _notify(row.pk)
