"""Texts that a limit held back: they stay as they were written until a person sends them or puts them away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from tongdai.accounts.models import User
from tongdai.platform import wake

from .models import Interaction
from .purposes import Purpose

CODES_ARE_GOOD_FOR = timedelta(minutes=10)  # a one-time code that comes later is of no use
State = Interaction.State


def held_back() -> QuerySet[Interaction]:
    """Return the texts that wait for a person, the newest first."""
    return Interaction.objects.filter(state=State.HELD).order_by("-happened_at", "-pk")


def hold_back(ids: Iterable[int], *, at: datetime) -> None:
    """Hold these texts back: they don't go now."""
    Interaction.objects.filter(pk__in=list(ids)).update(state=State.HELD, settled_at=at)


@transaction.atomic
def send(ids: Iterable[int], *, by: User, at: datetime) -> int:
    """Let these go after all, whatever went already, and return how many do. A one-time code that has grown old is put away."""
    rows = list(held_back().select_for_update().filter(pk__in=list(ids)))
    old = [row for row in rows if row.purpose == Purpose.CODE and at - row.happened_at > CODES_ARE_GOOD_FOR]
    _decide(old, State.FAILED, by=by, at=at)
    going = [row for row in rows if row not in old]
    _decide(going, State.QUEUED, by=by, at=at, let_out_at=at, settled_at=None)
    wake.wake("outbox", [row.pk for row in going])
    return len(going)


@transaction.atomic
def put_away(ids: Iterable[int], *, by: User, at: datetime) -> int:
    """Put these away, and return how many: they are never sent, and stay on record."""
    rows = list(held_back().select_for_update().filter(pk__in=list(ids)))
    _decide(rows, State.FAILED, by=by, at=at)
    return len(rows)


def _decide(rows: list[Interaction], state: State, *, by: User, at: datetime, **changed: datetime | None) -> None:
    for row in rows:
        row.detail = row.detail | {"held": True, "decided_by": by.pk}
        row.state, row.settled_at = state, at
        for name, value in changed.items():
            setattr(row, name, value)
    Interaction.objects.bulk_update(rows, ["detail", "state", "settled_at", "let_out_at"])
