"""A message somebody left is a task to hear it, wherever it was left: in the queue, out of hours, after a talk, in the net."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tongdai.accounts.models import User

from ..models import Call, Callback, Recording
from ..records import call_records
from ..records.queries import recordings_open_to

BY_AN_AGENT = frozenset({Call.Outcome.REGISTERED, Call.Outcome.ADDED})  # what was said before, by who talked with her


@transaction.atomic
def left(call: int, *, at: datetime) -> None:
    """What was said has been put into storage: whatever else is known of the call, somebody is to hear it."""
    row = Call.objects.select_for_update(of=("self",)).select_related("contact").get(pk=call)
    if row.outcome == Call.Outcome.MESSAGE:
        return  # a task since it ended
    if row.outcome not in BY_AN_AGENT:
        row.outcome = Call.Outcome.MESSAGE
        row.save(update_fields=["outcome"])
    if not row.callbacks.filter(state=Callback.State.WAITING).exists():
        call_records.ring_back(row, at=at)


def of_callback(callback: Callback, *, user: User) -> list[Recording]:
    """What this person left since they were last rung back, the first first; of a hidden number that call's alone."""
    found = recordings_open_to(user).filter(kind=Recording.Kind.MESSAGE)
    if callback.contact is None:
        return list(found.filter(call=callback.call).order_by("made_at"))
    found = found.filter(call__contact=callback.contact)
    done = Callback.objects.filter(contact=callback.contact, event=None, done_at__isnull=False).order_by("-done_at")
    if last := done.exclude(pk=callback.pk).values_list("done_at", flat=True).first():
        found = found.filter(made_at__gt=last)
    return list(found.order_by("made_at"))
