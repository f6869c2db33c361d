"""What waits to be sent, in the database: claimed before it goes out, settled by what the SMSC answers.

`sending` is committed before the first octet leaves. One that a crash left in that state may have gone out or not:
that try is counted as unknown, and the text is sent again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from tongdai.channels import links
from tongdai.people.models import Channel, Interaction

from . import gate, receipts
from .models import Link, Submission
from .segments import Outgoing, Style, TooLong, cut

log = structlog.get_logger()
State = Interaction.State
TRIES = 3  # of a text nobody knows the fate of


@dataclass(frozen=True)
class Ready:
    """One piece to submit now."""

    submission_id: int
    interaction_id: int
    address: str
    data_coding: int
    esm_class: int
    user_data: bytes


def claim(*, link: Link, most: int, at: datetime, at_least_one: bool = True) -> list[Ready]:
    """Take texts of up to `most` pieces off the queue, and commit that they are being sent.

    The one of the highest priority comes first, among equals the oldest; put back or lost sight of, it has its place
    again. Where the first is longer than `most` pieces it is taken all the same, or (not `at_least_one`) waits for room,
    and whatever comes after it waits as well.
    """
    with transaction.atomic():
        queued = list(
            Interaction.objects.select_for_update(skip_locked=True)
            .filter(channel=Channel.SMS, direction=Interaction.Direction.OUT, state=State.QUEUED)
            .order_by("-priority", "pk")[:most]
        )
        queued = gate.let_out(queued, at=at)
        words = links.words_to_send(queued)
        cuts = {each.pk: out for each in queued if (out := _cut(each, words[each.pk])) is not None}
        _mark([each.pk for each in queued if each.pk not in cuts], State.FAILED, at=at)
        gone = _numbers_gone(cuts)
        left = {pk: [number for number in range(1, len(out.parts) + 1) if (pk, number) not in gone]
                for pk, out in cuts.items()}  # fmt: skip
        taken = _with_room(left, most=most, at_least_one=at_least_one)
        _mark(taken, State.SENDING)
        planned = [
            (each, Submission(interaction=each, link=link, number=number, total=len(cuts[each.pk].parts),
                              state=Submission.State.SENDING, sent_at=at), cuts[each.pk].parts[number - 1])
            for each in queued if each.pk in taken
            for number in left[each.pk]
        ]  # fmt: skip
        Submission.objects.bulk_create([submission for _, submission, _ in planned])
        receipts.settle({pk for pk in taken if not left[pk]}, at=at)  # every piece had gone before
    return [
        Ready(submission.pk, each.pk, each.address, cuts[each.pk].data_coding, cuts[each.pk].esm_class, user_data)
        for each, submission, user_data in planned
    ]


def accepted(names: dict[int, str], *, at: datetime) -> None:
    """The SMSC took these submissions; {submission id: message id}."""
    with transaction.atomic():
        receipts.one_at_a_time()
        rows = list(Submission.objects.filter(pk__in=names))
        for row in rows:
            row.state, row.message_id = (Submission.State.ACCEPTED, receipts.plain_id(names[row.pk]))
        Submission.objects.bulk_update(rows, ["state", "message_id"])
        receipts.match([row.message_id for row in rows], at=at)
        receipts.settle({row.interaction_id for row in rows}, at=at)


def refused(submission_id: int, *, error: str, at: datetime) -> None:
    """The SMSC will not take this one, now or ever."""
    with transaction.atomic():
        Submission.objects.filter(pk=submission_id).update(state=Submission.State.FAILED, error=error, settled_at=at)
        receipts.settle(Submission.objects.filter(pk=submission_id).values_list("interaction", flat=True), at=at)


def put_back(submission_ids: Iterable[int], *, at: datetime) -> None:
    """The SMSC is busy: it surely did not take these; they go back to the queue."""
    with transaction.atomic():
        rows = Submission.objects.filter(pk__in=list(submission_ids), state=Submission.State.SENDING)
        interactions = list(rows.values_list("interaction", flat=True))
        rows.delete()
        Interaction.objects.filter(pk__in=interactions, state=State.SENDING).update(state=State.QUEUED)


def lost(*, at: datetime, submission_ids: Sequence[int] | None = None) -> int:
    """No answer came, and none will, to these submissions (default: any that is still open, after a crash).

    Each is counted unknown, and its text queued again; after three such tries it stays unknown. How many texts.
    """
    with transaction.atomic():
        rows = Submission.objects.filter(state=Submission.State.SENDING)
        if submission_ids is not None:
            rows = rows.filter(pk__in=submission_ids)
        interactions = set(rows.values_list("interaction", flat=True))
        rows.update(state=Submission.State.UNKNOWN, settled_at=at)
        if submission_ids is None:  # claimed, and nothing of it submitted: the crash came between
            interactions |= set(_claimed().values_list("pk", flat=True))
        given_up = {each for each in interactions if _tries(each) >= TRIES}
        _mark(given_up, State.UNKNOWN, at=at)
        _mark(interactions - given_up, State.QUEUED)
    if interactions:
        log.warning("sms.fate_unknown", texts=len(interactions), given_up=len(given_up))
    return len(interactions)


def _claimed() -> QuerySet[Interaction]:
    return Interaction.objects.filter(channel=Channel.SMS, direction=Interaction.Direction.OUT, state=State.SENDING)


def _with_room(left: dict[int, list[int]], *, most: int, at_least_one: bool) -> list[int]:
    """The texts that go now, of those in `left` (text → its pieces, in the order they are to go)."""
    taken: list[int] = []
    room = most
    for pk, numbers in left.items():
        if len(numbers) > room and (taken or not at_least_one):
            break
        taken.append(pk)
        room -= len(numbers)
    return taken


def _cut(interaction: Interaction, words: str) -> Outgoing | None:
    """Its pieces; None when it can't be sent: no words, no address, or over 255 pieces."""
    if not interaction.address or not words:
        return None
    style: Style = "plain" if settings.SMS_ALPHABET == "gsm" else "accents"
    try:
        return cut(words, style=style, reference=interaction.pk & 0xFF)
    except TooLong:
        log.error("sms.too_long", interaction=interaction.pk)
        return None


def _numbers_gone(interactions: Iterable[int]) -> set[tuple[int, int]]:
    """The pieces that the SMSC has already taken, by an earlier try of the same text."""
    taken = (Submission.State.ACCEPTED, Submission.State.DELIVERED)
    rows = Submission.objects.filter(interaction__in=list(interactions), state__in=taken)
    return set(rows.values_list("interaction", "number"))


def _tries(interaction_id: int) -> int:
    """How often a piece of it was lost sight of, at most."""
    rows = Submission.objects.filter(interaction=interaction_id, state=Submission.State.UNKNOWN)
    return max(Counter(rows.values_list("number", flat=True)).values(), default=0)


def _mark(ids: Iterable[int], state: State, *, at: datetime | None = None) -> None:
    if ids := list(ids):
        Interaction.objects.filter(pk__in=ids).update(state=state, settled_at=at)
