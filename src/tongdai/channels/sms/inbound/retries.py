"""Tell apart the SMSC's own retry, which is the same text once more, and a citizen who says the same thing again.

Both look alike: an SMSC counts anew on each connection, and a phone sends no number of its own. But an SMSC sends again
only what it saw no answer to. So a text is *in doubt* until the SMSC has shown, by answering something we sent later on
the same connection, that it has read our acknowledgement; one that comes again while its first is in doubt is a retry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from ..models import Link, Part
from .pdus import Arrival

REMEMBERED = timedelta(hours=24)
# the very same octets so soon are a retry, whatever the SMSC has shown: nobody types that fast
AT_ONCE = timedelta(seconds=10)


@dataclass(frozen=True)
class Window:
    """Which window of which link this is; `confirmed`: the last one whose acknowledgements the SMSC has surely read."""

    link: Link
    turn: int
    confirmed: int


def without_retries(
    came: Sequence[tuple[Arrival, Part]], *, window: Window, at: datetime
) -> list[tuple[Arrival, Part]]:
    """What is new of it; the rest is counted at its first, which is in doubt again with this window."""
    if not came:
        return []
    doubtful = _in_doubt({row.key for _arrival, row in came}, window=window, at=at)
    new: dict[str, tuple[Arrival, Part]] = {}
    for each in came:
        key = each[1].key
        if key not in doubtful:
            new.setdefault(key, each)  # twice in one window: nothing of it was acknowledged yet, so it is a retry
    if doubtful:
        first = Part.objects.filter(pk__in=doubtful.values())
        first.update(link=window.link, turn=window.turn, retries=F("retries") + 1)
    return list(new.values())


def _in_doubt(keys: set[str], *, window: Window, at: datetime) -> dict[str, int]:
    """The latest part of each key that is in doubt."""
    mine = Q(link=window.link, turn__gt=window.confirmed)
    others = ~Q(link=window.link) & Q(turn__gt=F("link__confirmed"))
    at_once = Q(received_at__gt=at - AT_ONCE)
    found = Part.objects.filter(mine | others | at_once, key__in=keys, received_at__gt=at - REMEMBERED).order_by("pk")
    return dict(found.values_list("key", "pk"))
