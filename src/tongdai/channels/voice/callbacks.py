"""Ring people back: who is waiting, and what came of each try."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from tongdai.accounts.models import User
from tongdai.accounts.rights import TAKES_CALLS
from tongdai.cases import models as cases
from tongdai.cases.actor import Actor
from tongdai.cases.history import ANSWERING
from tongdai.cases.models import CaseInteraction, Event
from tongdai.cases.queries import visible_cases
from tongdai.cases.states import Who
from tongdai.people.models import Channel, Contact, Interaction
from tongdai.platform import wake

from .models import Callback, Recording

Result = Literal["reached", "no_answer", "wrong_number"]
MAY_RING = frozenset({Who.CALL_TAKER, Who.COORDINATOR})
TRIES = 3
AGAIN_AFTER = timedelta(hours=1)


class NotYours(Exception):
    """This person rings nobody back, or the call-back is done already."""


def ask_for_callback(*, event: Event, contact: Contact, words: str, at: datetime) -> Callback:
    """One call-back an event, however often it is asked for; one that waits to read out what was corrected reads this instead."""
    if event.action == "correct":
        former = Callback.objects.filter(case=event.case_id, state=Callback.State.WAITING, event__action__in=ANSWERING)
        if (waits := former.exclude(event=event).order_by("-pk").first()) is not None:
            waits.event, waits.words = event, words
            waits.save(update_fields=["event", "words"])
            wake.wake("callbacks", [waits.pk])
    callback, new = Callback.objects.get_or_create(
        event=event, defaults={"contact": contact, "case": event.case, "words": words, "ring_at": at}
    )
    if new:
        wake.wake("callbacks", [callback.pk])
    return callback


def waiting(user: User, *, at: datetime) -> QuerySet[Callback]:
    """Those to ring now, the longest waiting first; about cases this person may see, or whose call met nobody.

    `name` is the contact's, where this person may see a case of theirs. `words_left`: a message is there to be heard;
    `silent`: one in which nothing was said, which comes last.
    """
    message = Recording.objects.filter(call=OuterRef("call"), kind=Recording.Kind.MESSAGE)
    return (
        _due(user, at=at)
        .annotate(words_left=Exists(message.filter(silent=False)))
        .annotate(silent=Case(When(Exists(message), then=~Exists(message.filter(silent=False))), default=Value(False)))
        .annotate(name=Case(When(Exists(_seen_of_the_same(user)), then=F("contact__name")), default=Value("")))
        .select_related("contact", "case", "call__queue")
        .order_by("silent", "ring_at", "pk")
    )


def number_waiting(user: User, *, at: datetime, most: int) -> int:
    """How many `waiting` holds, counted to `most`: it stands on every page of the staff's, which asks for nothing else."""
    return len(_due(user, at=at).values_list("pk")[:most])


def _due(user: User, *, at: datetime) -> QuerySet[Callback]:
    return Callback.objects.filter(_shown_to(user), state=Callback.State.WAITING, ring_at__lte=at)


def _shown_to(user: User) -> Q:
    seen = visible_cases(user)
    met_nobody = Q(call__case=None) | Q(call__case__in=seen)
    return Q(case__in=seen) | (Q(case=None) & met_nobody if user.role in TAKES_CALLS else Q(pk__in=[]))


def _seen_of_the_same(user: User) -> QuerySet[cases.Case]:
    return visible_cases(user).filter(contact=OuterRef("contact"))


def visible_ids(user: User, ids: Iterable[int]) -> list[int]:
    """Of these call-backs those the viewer may know of: the filter of the live stream."""
    return list(Callback.objects.filter(_shown_to(user), pk__in=list(ids)).values_list("pk", flat=True))


def record_result(callback: Callback, *, by: User, result: Result, at: datetime) -> Callback:
    """Write down a try. Nobody answered: again in an hour, three times in all. Each try is an interaction of the case.

    Raises:
        NotYours: no call taker, or somebody else was done with it first.
    """
    with transaction.atomic():
        row = Callback.objects.select_for_update(of=("self",)).select_related("case", "contact").get(pk=callback.pk)
        if row.state != Callback.State.WAITING or not Actor.staff(by).capacities(row.case) & MAY_RING:
            raise NotYours
        row.tries += 1
        if result == "no_answer" and row.tries < TRIES and row.contact:
            row.ring_at = at + AGAIN_AFTER
        else:
            row.state = {
                "reached": Callback.State.REACHED,
                "wrong_number": Callback.State.WRONG_NUMBER,
                "no_answer": Callback.State.GIVEN_UP,
            }[result]
            row.done_at, row.done_by = at, by
        row.save()
        _record_the_call(row, result=result, at=at)
        wake.wake("callbacks", [row.pk])
    return row


def _record_the_call(row: Callback, *, result: Result, at: datetime) -> None:
    if row.contact is None:
        return  # nobody was rung: a message was heard
    reached = result == "reached"
    call = Interaction.objects.create(
        contact=row.contact,
        channel=Channel.VOICE,
        direction=Interaction.Direction.OUT,
        state=Interaction.State.DELIVERED if reached else Interaction.State.FAILED,
        address=row.contact.phone,
        body=row.words if reached else "",
        key=f"callback:{row.pk}:{row.tries}",
        detail={"result": result},
        happened_at=at,
        settled_at=at,
    )
    if row.case:
        CaseInteraction.objects.create(case=row.case, interaction=call)
