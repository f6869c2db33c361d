"""What waits to be sent, in the database: claimed before it goes out, settled by what the SMSC answers.

`sending` is committed before the first octet leaves. One that a crash left in that state may have gone out or not:
that try is counted as unknown, and the text is sent again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from tongdai.channels import links, outbound
from tongdai.people.models import Channel, Interaction

from ..encoding import lengths
from ..encoding.splitting import Alphabet, Outgoing, TooLong, split
from ..models import HeldBack, Link, Submission
from . import backlog, expiry, held_back, limits, receipts
from .routes import URGENT

log = structlog.get_logger()
State = Interaction.State
TRIES = 3  # of a text nobody knows the fate of


@dataclass(frozen=True)
class Ready:
    """One part to submit now; `left`: for how long it is worth delivering."""

    submission_id: int
    interaction_id: int
    address: str
    data_coding: int
    esm_class: int
    user_data: bytes
    left: timedelta = expiry.OTHERWISE
    urgent: bool = False


def claim(*, link: Link, most: int, at: datetime, numbers: Q | None = None, alphabet: Alphabet = "gsm7") -> list[Ready]:
    """Take up to `most` parts off the queue, and commit that they are being sent.

    The text of the highest priority comes first, among equals the oldest; put back or lost sight of, it has its place
    again. A text with more parts than there is room stays in the queue, at its place, with those that have not gone.
    What has waited too long ends here. `numbers`: which texts this bind may send, see `routes`; `alphabet`: what
    its carrier means by data_coding 0.
    """
    while True:
        with transaction.atomic():
            queued = list(_first_in_line(most, numbers=numbers))
            late = [each.pk for each in queued if expiry.time_left(each) <= timedelta()]
            backlog.end(Interaction.objects.filter(pk__in=late), HeldBack.State.EXPIRED, at=at)
            going = limits.let_out([each for each in queued if each.pk not in set(late)], at=at)
            ready = _take(going, link=link, most=most, at=at, alphabet=alphabet)
        if ready or len(going) == len(queued):  # else what was looked at had waited too long or was held back: look on
            return ready


def _first_in_line(most: int, *, numbers: Q | None) -> QuerySet[Interaction]:
    waiting = Interaction.objects.filter(channel=Channel.SMS, direction=Interaction.Direction.OUT, state=State.QUEUED)
    if numbers is not None:
        waiting = waiting.filter(numbers)
    if question := backlog.open_question():
        waiting = waiting.exclude(backlog.waiting_for(question))
    waiting = expiry.with_time_left(waiting.exclude(held_back__until__gt=Now()))
    return waiting.select_for_update(skip_locked=True, of=("self",)).order_by("-priority", "pk")[:most]


def _take(queued: Sequence[Interaction], *, link: Link, most: int, at: datetime, alphabet: Alphabet) -> list[Ready]:
    words = links.words_to_send(queued)
    split_texts = {each.pk: out for each in queued if (out := _split(each, words[each.pk], alphabet)) is not None}
    unsendable = [each.pk for each in queued if each.pk not in split_texts]
    _mark(unsendable, State.FAILED, at=at)
    outbound.not_delivered(unsendable, again=False)
    gone = _numbers_gone(split_texts)
    left = {pk: [number for number in range(1, len(out.parts) + 1) if (pk, number) not in gone]
            for pk, out in split_texts.items()}  # fmt: skip
    now, whole = _with_room(left, most=most)
    _mark(whole, State.SENDING)
    planned = [
        (each, Submission(interaction=each, link=link, number=number, total=len(split_texts[each.pk].parts),
                          state=Submission.State.SENDING, sent_at=at), split_texts[each.pk].parts[number - 1])
        for each in queued
        for number in now.get(each.pk, [])
    ]  # fmt: skip
    Submission.objects.bulk_create([submission for _, submission, _ in planned])
    receipts.settle({pk for pk in whole if not left[pk]}, at=at)  # every part had gone before
    return [
        Ready(submission.pk, each.pk, each.address, split_texts[each.pk].data_coding, split_texts[each.pk].esm_class, user_data,
              expiry.time_left(each), each.priority >= URGENT)
        for each, submission, user_data in planned
    ]  # fmt: skip


def accepted(names: dict[int, str], *, link: Link, at: datetime) -> None:
    """The SMSC took these submissions; {submission id: message id}. Late answers, to what was counted lost, too."""
    open_states = (Submission.State.SENDING, Submission.State.UNKNOWN)
    with transaction.atomic():
        receipts.one_at_a_time()
        rows = list(Submission.objects.filter(pk__in=names, state__in=open_states))
        for row in rows:
            row.state, row.message_id, row.settled_at = (
                Submission.State.ACCEPTED,
                receipts.plain_id(names[row.pk]),
                None,
            )
        Submission.objects.bulk_update(rows, ["state", "message_id", "settled_at"])
        receipts.match([row.message_id for row in rows], link=link, at=at)
        texts = {row.interaction_id for row in rows}
        receipts.settle(texts, at=at)
        held_back.went_through(texts)


def put_back(submission_ids: Iterable[int], *, at: datetime) -> None:
    """The SMSC is busy: it surely did not take these parts; they go back to the queue, and no other part with them."""
    with transaction.atomic():
        rows = Submission.objects.filter(pk__in=list(submission_ids), state=Submission.State.SENDING)
        interactions = list(rows.values_list("interaction", flat=True))
        rows.delete()
        Interaction.objects.filter(pk__in=interactions, state=State.SENDING).update(state=State.QUEUED)


def lost(
    *, at: datetime, bind: str = "", binds: Collection[str] = (), submission_ids: Sequence[int] | None = None
) -> int:
    """No answer came, and none will, to these submissions: of a bind that has broken, or those named.

    Each is counted unknown, and its text queued again; after three such tries it stays unknown. How many texts.
    `binds`: all there are; what went over one that is no longer among them has no answer either.
    """
    with transaction.atomic():
        rows = Submission.objects.filter(state=Submission.State.SENDING)
        if submission_ids is None:
            rows = rows.filter(Q(link__bind=bind) | ~Q(link__bind__in=[bind, *binds]))
        else:
            rows = rows.filter(pk__in=submission_ids)
        pks, interactions = list(rows.values_list("pk", flat=True)), set(rows.values_list("interaction", flat=True))
        Submission.objects.filter(pk__in=pks).update(state=Submission.State.UNKNOWN, settled_at=at)
        given_up = {each for each in interactions if _tries(each) >= TRIES}
        unknown = _alive(given_up)
        _mark(unknown, State.UNKNOWN, at=at)
        outbound.not_delivered(unknown, again=False)
        _mark(_alive(interactions - given_up), State.QUEUED)
    if interactions:
        log.warning("sms.fate_unknown", texts=len(interactions), given_up=len(given_up))
    return len(interactions)


def _alive(ids: Iterable[int]) -> list[int]:
    """Those of them that are still on their way: a text that was given up or dropped meanwhile stays so."""
    on_the_way = Interaction.objects.filter(pk__in=list(ids), state__in=[State.QUEUED, State.SENDING])
    return list(on_the_way.values_list("pk", flat=True))


def _with_room(left: dict[int, list[int]], *, most: int) -> tuple[dict[int, list[int]], list[int]]:
    """The parts that go now, of those in `left` (text → its parts, in the order they are to go); the texts done so."""
    now: dict[int, list[int]] = {}
    whole: list[int] = []
    room = most
    for pk, numbers in left.items():
        if room <= 0 and numbers:
            break
        now[pk] = numbers[:room]
        room -= len(now[pk])
        if len(now[pk]) == len(numbers):
            whole.append(pk)
    return now, whole


def _split(interaction: Interaction, words: str, alphabet: Alphabet) -> Outgoing | None:
    """Its parts; None when it can't be sent: no words, no address, or over 255 parts."""
    if not interaction.address or not words:
        return None
    try:
        return split(words, style=lengths.style(), reference=interaction.pk & 0xFF, alphabet=alphabet)
    except TooLong:
        log.error("sms.too_long", interaction=interaction.pk)
        return None


def _numbers_gone(interactions: Iterable[int]) -> set[tuple[int, int]]:
    """The parts that the SMSC has taken, or that are with it and not answered yet, by an earlier try of the text."""
    taken = (Submission.State.SENDING, Submission.State.ACCEPTED, Submission.State.DELIVERED)
    rows = Submission.objects.filter(interaction__in=list(interactions), state__in=taken)
    return set(rows.values_list("interaction", "number"))


def _tries(interaction_id: int) -> int:
    """How often a part of it was lost sight of, at most."""
    rows = Submission.objects.filter(interaction=interaction_id, state=Submission.State.UNKNOWN)
    return max(Counter(rows.values_list("number", flat=True)).values(), default=0)


def _mark(ids: Iterable[int], state: State, *, at: datetime | None = None) -> None:
    if ids := list(ids):
        Interaction.objects.filter(pk__in=ids).update(state=state, settled_at=at)
