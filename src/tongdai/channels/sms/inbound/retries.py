"""Told apart: the SMSC's own retry, which is the same text once more, and a citizen who says the same thing again.

Both look alike: an SMSC counts anew on each connection, and a phone sends no number of its own. But an SMSC sends again
only what it saw no answer to. So a text is *in doubt* until the SMSC has shown, by answering something we sent later on
the same connection, that it has read our acknowledgement; one that comes again while its first is in doubt is a retry.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Q

from ..models import Piece
from .pdus import Arrival

if TYPE_CHECKING:
    from .intake import Window

REMEMBERED = timedelta(hours=24)
AT_ONCE = timedelta(
    seconds=10
)  # the very same octets so soon are a retry, whatever the SMSC has shown: nobody types that fast


def without_repeats(arrivals: Sequence[Arrival], *, window: Window, at: datetime) -> list[Arrival]:
    """The arrivals that are new; the others are counted at their first, which is in doubt again with this window."""
    if not arrivals:
        return []
    doubtful = _in_doubt({each.key for each in arrivals}, window=window, at=at)
    new: dict[int, Arrival] = {}
    seen: set[str] = set()
    for position, arrival in enumerate(arrivals):
        if arrival.key not in doubtful and arrival.key not in seen:
            new[position] = arrival
            seen.add(arrival.key)  # twice in one window: nothing of it was acknowledged yet, so it is a retry
    repeated = [first for key, first in doubtful.items()]
    if repeated:
        Piece.objects.filter(pk__in=repeated).update(link=window.link, turn=window.turn, again=F("again") + 1)
    return list(new.values())


def _in_doubt(keys: set[str], *, window: Window, at: datetime) -> dict[str, int]:
    """The latest piece of each key that is in doubt."""
    mine = Q(link=window.link, turn__gt=window.confirmed)
    others = ~Q(link=window.link) & Q(turn__gt=F("link__confirmed"))
    at_once = Q(received_at__gt=at - AT_ONCE)
    found = Piece.objects.filter(mine | others | at_once, key__in=keys, received_at__gt=at - REMEMBERED).order_by("pk")
    return dict(found.values_list("key", "pk"))
