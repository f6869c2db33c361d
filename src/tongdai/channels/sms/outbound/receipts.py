"""Delivery receipts: what became of what we sent. One may come before the answer that gives the text its name.

A receipt settles the submission that has its id *and* its recipient, at the carrier it came from: ids are each
carrier's own, short, and begin anew. One that fits nothing settles nothing and goes to a person, see `strays`; so does one
that is of another open submission to the same recipient where the carrier counts in another base than `receipt_ids` says.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from tongdai.channels import outbound
from tongdai.people.models import Interaction

from ..models import Link, Receipt, Submission
from ..protocol import receipt_words
from ..protocol.address import RECEIPT_IDS, is_same_number
from .failures import PASSING

_ARRIVED = frozenset({"DELIVRD"})
_NEVER = frozenset({"EXPIRED", "DELETED", "UNDELIV", "REJECTD"})
FINAL = _ARRIVED | _NEVER
STRAY_AFTER = timedelta(minutes=2)  # of real time: by then the answer to its submission is surely written
_LOCK = 1022_0002


def plain_id(message_id: str) -> str:
    """A message id without the zeros some centres pad it with in one place and not in the other."""
    return message_id.lstrip("0").lower() or "0"


def record(received: Sequence[Receipt], *, link: Link, at: datetime) -> None:
    """Keep these new receipts; a final one settles its submission, and with the last of them the whole text."""
    one_at_a_time()
    Receipt.objects.bulk_create(received)
    match({each.message_id for each in received}, link=link, at=at)


def one_at_a_time() -> None:
    """Receipts and answers are written by several threads; until the transaction ends the others wait.

    Else neither would see what the other has just written, and the two would never be brought together.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def is_of_ours(message_id: str, *, sender: str, destination: str, link: Link) -> bool:
    """Whether we submitted something of this id to this recipient, whatever has become of it since."""
    sent = Submission.objects.filter(of_the_same_carrier(link), message_id=plain_id(message_id))
    return any(_fits(sender, destination, each) for each in sent.select_related("interaction"))


def match(message_ids: Iterable[str], *, link: Link, at: datetime) -> None:
    """Bring receipts and submissions of these ids together, whichever came first.

    `link`: one of the carrier whose ids they are.
    """
    ids = [each for each in message_ids if each]
    waiting = list(
        Receipt.objects.filter(of_the_same_carrier(link), message_id__in=ids, submission=None).order_by("pk")
    )
    if not waiting:
        return
    sent: dict[str, list[Submission]] = defaultdict(list)
    named = Submission.objects.filter(
        of_the_same_carrier(link),
        message_id__in={
            name for each in waiting for name in (each.message_id, *receipt_words.in_other_bases(each.message_id))
        },
    )
    for submission in named.exclude(message_id="").select_related("interaction").order_by("-pk"):
        sent[submission.message_id].append(submission)
    changed: list[Submission] = []
    matched: list[Receipt] = []
    for receipt in waiting:
        fitting = [each for each in sent[receipt.message_id] if _fits(receipt.sender, receipt.destination, each)]
        if not fitting or _is_doubtful(receipt, sent, fitting[0]):
            continue
        receipt.submission, receipt.octets = fitting[0], b""
        matched.append(receipt)
        if fitting[0].state == Submission.State.ACCEPTED and receipt.state in FINAL:
            _settle_one(fitting[0], receipt, at=at)
            changed.append(fitting[0])
    Receipt.objects.bulk_update(matched, ["submission", "octets"])
    Submission.objects.bulk_update(changed, ["state", "error", "settled_at"])
    settle({each.interaction_id for each in changed}, at=at)


def _is_doubtful(receipt: Receipt, sent: dict[str, list[Submission]], fitting: Submission) -> bool:
    """Whether it may as well be of another text to the same recipient, which waits for its receipt still."""
    others = [each for name in receipt_words.in_other_bases(receipt.message_id) for each in sent[name]]
    return any(
        each.pk != fitting.pk
        and each.state == Submission.State.ACCEPTED
        and _fits(receipt.sender, receipt.destination, each)
        for each in others
    )


def base_that_fits(stray: Iterable[Receipt]) -> str:
    """The `receipt_ids` by which most of these receipts of nothing would be of something; empty where none or several would.

    stray: with the message id as it was written.
    """
    votes: Counter[str] = Counter()
    for receipt in stray:
        for base in RECEIPT_IDS:
            name = receipt_words.as_answered(receipt.message_id, base)
            if receipt.link and is_of_ours(
                name, sender=receipt.sender, destination=receipt.destination, link=receipt.link
            ):
                votes[base] += 1
    ranked = votes.most_common(2)
    return ranked[0][0] if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]) else ""


def _settle_one(submission: Submission, receipt: Receipt, *, at: datetime) -> None:
    submission.state = Submission.State.DELIVERED if receipt.state in _ARRIVED else Submission.State.FAILED
    submission.error = "" if receipt.state in _ARRIVED else f"{receipt.state} {receipt.error}".strip()
    submission.settled_at = at


def _fits(sender: str, destination: str, submission: Submission) -> bool:
    """Most centres turn the addresses round (SMPP 3.4, appendix B), some leave them as they were in the submission."""
    recipient = submission.interaction.address
    return is_same_number(sender, recipient) or is_same_number(destination, recipient)


def of_the_same_carrier(link: Link) -> Q:
    """Rows whose link is this carrier's; of links older than the carrier's name, those to the same machine."""
    return Q(link__carrier=link.carrier) | Q(link__smsc=link.smsc)


def strays(*, most: int = 100) -> list[Receipt]:
    """Receipts that fit nothing we sent, and will not any more. Call it in a transaction."""
    late = Receipt.objects.filter(submission=None, recorded_at__lt=Now() - STRAY_AFTER).exclude(octets=b"")
    return list(late.select_for_update(skip_locked=True, of=("self",)).select_related("link").order_by("pk")[:most])


def settle(interaction_ids: Iterable[int], *, at: datetime) -> None:
    """Give each interaction the state its parts add up to: failed if one is, delivered when all are, else sent."""
    loose = (Submission.State.UNKNOWN, Submission.State.REFUSED)  # tries that came to nothing; another follows
    for interaction in Interaction.objects.filter(pk__in=list(interaction_ids)).order_by("pk"):
        rows = Submission.objects.filter(interaction=interaction).exclude(state__in=loose)
        latest = {row.number: row for row in rows.order_by("pk")}
        state = _sum_of({row.state for row in latest.values()}, all_there=len(latest) >= _total(latest.values()))
        if state and state != interaction.state:
            first = next((row.message_id for _, row in sorted(latest.items()) if row.message_id), "")
            Interaction.objects.filter(pk=interaction.pk).update(
                state=state, wire_id=first, parts=_total(latest.values()), settled_at=at
            )
            if state == Interaction.State.FAILED:
                errors = {row.error.split(" ")[0] for row in latest.values() if row.state == Submission.State.FAILED}
                outbound.not_delivered([interaction.pk], again=errors <= PASSING)


def _total(rows: Iterable[Submission]) -> int:
    return max((row.total for row in rows), default=1)


def _sum_of(states: set[str], *, all_there: bool) -> str | None:
    if Submission.State.FAILED in states:
        return Interaction.State.FAILED
    if Submission.State.SENDING in states or not all_there:
        return None
    return Interaction.State.DELIVERED if states == {Submission.State.DELIVERED} else Interaction.State.SENT
