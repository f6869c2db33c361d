"""Places kept for those who hung up: kept once a person, rung in turn, over when they were met or came on the line again.

All of it stands in the database: nothing is forgotten when our process, Asterisk or the machine begins anew, or over Tết.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from tongdai.people import toll
from tongdai.people.interactions import contact_for
from tongdai.people.models import Channel, Contact, Interaction
from tongdai.people.phones import EMERGENCY
from tongdai.platform import wake
from tongdai.platform.clock import CITY_TZ, now

from ..models import Agent, Call, Callback, KeptPlace

log = structlog.get_logger(__name__)
State = KeptPlace.State
OPEN = (State.WAITING, State.RINGING)
TRIES = 3  # the first, and twice more
AGAIN_AFTER = timedelta(minutes=5)
EXPECTED_FOR = timedelta(hours=1)  # so long one still waits by the telephone, at night too
DAY = (6, 21)  # hours in which anybody may be rung
PATH = "kept"  # in the path of a call that rings for a kept place


@dataclass(frozen=True)
class Turn:
    """A place whose person may be rung now."""

    place: int
    number: str
    rank: int
    since: datetime
    queue: int | None
    language: str


def may_be_kept_for(number: str) -> bool:
    """Whether the city rings this number back."""
    return bool(number) and number not in EMERGENCY and toll.allows(number)


@transaction.atomic
def keep(call: int, *, number: str, rank: int, language: str, at: datetime | None = None) -> KeptPlace:
    """Keep the caller's place for this number (E.164). Asked twice, or in another call, it is the same place, as old as
    the older and as urgent as the more urgent.
    """
    at = at or now()
    row = Call.objects.get(pk=call)
    contact = contact_for(number, at=at, proven=number == row.number, language=language)
    Contact.objects.select_for_update().get(pk=contact.pk)
    since = row.waited_from or at
    place = KeptPlace.objects.filter(contact=contact, state__in=OPEN).first()
    if place is None:
        place = KeptPlace(contact=contact, rank=rank, since=since)
    place.call, place.queue_id, place.language = row, row.queue_id, language
    place.rank, place.since = min(place.rank, rank), min(place.since, since)
    place.state, place.ring_at, place.tries = State.WAITING, at, 0
    place.save()
    log.info("voice.place_kept", place=place.pk, call=call)
    return place


def due(*, at: datetime) -> list[Turn]:
    """Those who may be rung now: not while they are on the line, nor at night once they have waited for long."""
    on_the_line = Call.objects.exclude(state=Call.State.ENDED).filter(contact=OuterRef("contact"))
    rows = KeptPlace.objects.filter(~Exists(on_the_line), state=State.WAITING, ring_at__lte=at)
    rows = rows.filter(call__state=Call.State.ENDED)
    if not DAY[0] <= at.astimezone(CITY_TZ).hour < DAY[1]:
        rows = rows.filter(since__gte=at - EXPECTED_FOR)
    return [
        Turn(row.pk, row.contact.phone, row.rank, row.since, row.queue_id, row.language)
        for row in rows.select_related("contact").order_by("rank", "since")
    ]


@transaction.atomic
def rings(place: int, *, agent: int, channel: str, path: list[str]) -> int | None:
    """The person is rung, this agent kept free meanwhile; the call's key. None: nobody need be rung any more."""
    at = now()
    row = _locked(KeptPlace.objects.filter(pk=place, state=State.WAITING, ring_at__lte=at))
    if row is None:
        return None
    interaction = Interaction.objects.create(
        contact=row.contact, channel=Channel.VOICE, direction=Interaction.Direction.OUT, state=Interaction.State.SENT,
        address=row.contact.phone, key=f"call:{channel}", happened_at=at,
    )  # fmt: skip
    call = Call.objects.create(
        channel=channel, direction=Call.Direction.OUT, interaction=interaction, contact=row.contact,
        number=row.contact.phone, came_at=at, agent_id=agent, state=Call.State.RINGING, path=path, queue=row.queue,
        waited_from=row.since,
    )  # fmt: skip
    row.state, row.ringing, row.tries = State.RINGING, call, row.tries + 1
    row.save(update_fields=["state", "ringing", "tries"])
    Agent.objects.filter(user=agent).update(state=Agent.State.RINGING, reason="", since=at, call=call)
    wake.wake("calls", [call.pk])
    wake.wake("agents", [agent])
    return call.pk


@transaction.atomic
def not_met(place: int, *, counts: bool = True, hopeless: bool = False) -> None:
    """The ring came to nothing: again after a while, three times in all; then, or where it is `hopeless`, people ring back.

    `counts`: false where it was ours to stop.
    """
    at = now()
    row = _locked(KeptPlace.objects.filter(pk=place, state=State.RINGING))
    if row is None:
        return
    row.tries -= not counts
    if hopeless or row.tries >= TRIES:
        row.state, row.done_at = State.GIVEN_UP, at
        _hand_to_people(row, at=at)
    else:
        row.state, row.ring_at = State.WAITING, at + AGAIN_AFTER if counts else at
    row.save(update_fields=["state", "tries", "ring_at", "done_at"])
    log.info("voice.place_not_met", place=place, tries=row.tries, state=str(row.state))


def _hand_to_people(row: KeptPlace, *, at: datetime) -> None:
    """An ordinary call-back, one a person; for the message they have left, if any."""
    left = row.ringing if row.ringing and row.ringing.outcome == Call.Outcome.MESSAGE else row.call
    owed, new = Callback.objects.get_or_create(
        contact=row.contact,
        event=None,
        state=Callback.State.WAITING,
        defaults={"call": left, "missed": 1, "ring_at": at},
    )
    if not new and left == row.ringing:
        owed.call = left
        owed.save(update_fields=["call"])
    wake.wake("callbacks", [owed.pk])


def over(place: int, *, outcome: str) -> None:
    """The call that rang for it is over. Who met nobody in it is rung again; a message is for people to hear."""
    if outcome in (Call.Outcome.ANSWERED, Call.Outcome.TRANSFERRED):
        KeptPlace.objects.filter(pk=place, state=State.RINGING).update(state=State.MET, done_at=now())
    else:
        not_met(place, hopeless=outcome == Call.Outcome.MESSAGE)


def cancel(place: int) -> None:
    """They need nobody any more."""
    KeptPlace.objects.filter(pk=place, state__in=OPEN).update(state=State.CANCELLED, done_at=now())


def met(contact: int | None) -> None:
    """Somebody talks with this person: no place need be kept."""
    if contact:
        KeptPlace.objects.filter(contact=contact, state__in=OPEN).update(state=State.MET, done_at=now())


def taken_up(call: Call, *, rank: int) -> int:
    """Whoever comes on the line takes the place kept for them; their rank. Sets since when the call waits."""
    row = _locked(KeptPlace.objects.filter(contact=call.contact_id, state__in=OPEN)) if call.contact_id else None
    if row is None:
        return rank
    call.waited_from = min(call.waited_from or row.since, row.since)
    if row.ringing_id != call.pk:
        row.state, row.done_at = State.TAKEN, now()
        row.save(update_fields=["state", "done_at"])
    return min(rank, row.rank) if row.queue_id == call.queue_id else rank


def goes_on(place: int) -> bool:
    """Whether this person is still to be rung."""
    return KeptPlace.objects.filter(pk=place, state=State.RINGING).exists()


def left_behind(in_hand: set[int]) -> list[int]:
    """On record as being rung, and nobody does: their call is over, and they have met nobody."""
    rows = KeptPlace.objects.filter(state=State.RINGING, ringing__state=Call.State.ENDED).exclude(pk__in=in_hand)
    return list(rows.values_list("pk", flat=True))


def count() -> int:
    """How many places are kept now."""
    return KeptPlace.objects.filter(state__in=OPEN).count()


def _locked(rows: QuerySet[KeptPlace]) -> KeptPlace | None:
    return rows.select_for_update(of=("self",)).select_related("contact", "queue", "call", "ringing").first()
