"""Where a caller is, on record: how far in the menu, and which call a channel is."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from ..models import Call


def walked(call: int, *, path: Sequence[str]) -> None:
    """How far she is in the menu; told twice at once, the farther counts."""
    with transaction.atomic():
        row = Call.objects.select_for_update().get(pk=call)
        if row.state == Call.State.MENU and len(path) > len(row.path):
            Call.objects.filter(pk=call).update(path=list(path))


def row_of(key: int) -> Call:
    """With the queue in which she waits."""
    return Call.objects.select_related("queue").get(pk=key)


def call_of(channel: str) -> int | None:
    """The call whose citizen's leg this is, while it goes on."""
    return Call.objects.filter(channel=channel).exclude(state=Call.State.ENDED).values_list("pk", flat=True).first()
