"""Delivery receipts: what became of what we sent. One may come before the answer that gives the text its name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

from tongdai.people.models import Interaction

from .arrivals import Report
from .models import Receipt, Submission

_ARRIVED = frozenset({"DELIVRD"})
_NEVER = frozenset({"EXPIRED", "DELETED", "UNDELIV", "REJECTD"})
FINAL = _ARRIVED | _NEVER
_LOCK = 1022_0002


def plain_id(message_id: str) -> str:
    """A message id without the zeros some centres pad it with in one place and not in the other."""
    return message_id.lstrip("0").lower() or "0"


def record(reports: Sequence[Report], *, at: datetime) -> None:
    """Keep every receipt; a final one settles its submission, and with the last of them the whole text."""
    if not reports:
        return
    one_at_a_time()
    Receipt.objects.bulk_create(
        Receipt(message_id=plain_id(each.message_id), state=each.state, error=each.error, received_at=at)
        for each in reports
    )
    match({plain_id(each.message_id) for each in reports}, at=at)


def one_at_a_time() -> None:
    """Receipts and answers are written by two threads; until the transaction ends the other waits.

    Else neither would see what the other has just written, and the two would never be brought together.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def match(message_ids: Iterable[str], *, at: datetime) -> None:
    """Bring receipts and submissions of these ids together, whichever came first."""
    ids = [each for each in message_ids if each]
    waiting = Receipt.objects.filter(message_id__in=ids, submission=None, state__in=FINAL).order_by("pk")
    reports = {receipt.message_id: receipt for receipt in waiting}
    if not reports:
        return
    newest = {
        each.message_id: each
        for each in Submission.objects.filter(message_id__in=reports, state=Submission.State.ACCEPTED).order_by("pk")
    }
    settled = set()
    for message_id, submission in newest.items():
        receipt = reports[message_id]
        receipt.submission = submission
        submission.state = Submission.State.DELIVERED if receipt.state in _ARRIVED else Submission.State.FAILED
        submission.error = "" if receipt.state in _ARRIVED else f"{receipt.state} {receipt.error}".strip()
        submission.settled_at = at
        settled.add(submission.interaction_id)
    Receipt.objects.bulk_update([reports[message_id] for message_id in newest], ["submission"])
    Submission.objects.bulk_update(newest.values(), ["state", "error", "settled_at"])
    settle(settled, at=at)


def settle(interaction_ids: Iterable[int], *, at: datetime) -> None:
    """Give each interaction the state its pieces add up to: failed if one is, delivered when all are, else sent."""
    for interaction in Interaction.objects.filter(pk__in=list(interaction_ids)).order_by("pk"):
        rows = Submission.objects.filter(interaction=interaction).exclude(state=Submission.State.UNKNOWN)
        latest = {row.number: row for row in rows.order_by("pk")}
        state = _sum_of({row.state for row in latest.values()}, all_there=len(latest) >= _total(latest.values()))
        if state and state != interaction.state:
            first = next((row.message_id for _, row in sorted(latest.items()) if row.message_id), "")
            Interaction.objects.filter(pk=interaction.pk).update(
                state=state, wire_id=first, parts=_total(latest.values()), settled_at=at
            )


def _total(rows: Iterable[Submission]) -> int:
    return max((row.total for row in rows), default=1)


def _sum_of(states: set[str], *, all_there: bool) -> str | None:
    if Submission.State.FAILED in states:
        return Interaction.State.FAILED
    if Submission.State.SENDING in states or not all_there:
        return None
    return Interaction.State.DELIVERED if states == {Submission.State.DELIVERED} else Interaction.State.SENT
