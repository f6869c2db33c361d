"""How much may go out in an hour: from the whole city, to a block of numbers, by the forms of one network.

Counted in the database, one row a name and hour: whoever counts locks the rows, in one order, so that two processes
never let out one too many and never wait for each other in a circle. Keep that transaction short.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog
from django.db import connection, transaction

from tongdai.directory.outbound import the_outbound
from tongdai.platform import jobs
from tongdai.platform.clock import now

from .models import OutboundCount

log = structlog.get_logger(__name__)
What: TypeAlias = OutboundCount.What
Scope: TypeAlias = OutboundCount.Scope
BLOCK_DIGITS = 4  # the last digits of a number: those before them are its block
KEPT_FOR = timedelta(days=30)

Name: TypeAlias = tuple[Scope, str]


@dataclass(frozen=True)
class Going:
    """Something that wants to go out; `always`: a life may depend on it, so it is counted and never stopped."""

    names: tuple[Name, ...]
    always: bool = False


def to(number: str, *, always: bool = False) -> Going:
    """Return what is counted when a text or a call goes to this number."""
    block = number if len(number) <= 2 * BLOCK_DIGITS else number[:-BLOCK_DIGITS]
    return Going(((Scope.CITY, ""), (Scope.BLOCK, block)), always=always)


def from_network(network: str) -> Going:
    """Return what is counted when a form asks for a text; `network` is a digest of where the form came from."""
    return Going(((Scope.NETWORK, network),))


@transaction.atomic
def let_out(what: What, going: Sequence[Going], *, at: datetime) -> list[bool]:
    """Say of each of these whether it may go now, in this order; those that may are counted, the others counted as held back."""
    if not going:
        return []
    hour = at.replace(minute=0, second=0, microsecond=0)
    names = sorted({name for each in going for name in each.names})
    used = _locked(what, names, hour=hour)
    held = dict.fromkeys(names, 0)
    verdicts = []
    for each in going:
        full = [name for name in each.names if used[name] >= limit(what, name[0])]
        verdicts.append(not full or each.always)
        for name in full if not verdicts[-1] else each.names:
            (held if not verdicts[-1] else used)[name] += 1
    _write(what, names, used, held, hour=hour)
    if not all(verdicts):
        log.warning("toll.held_back", what=str(what), times=verdicts.count(False))
    return verdicts


def limit(what: What, scope: Scope) -> int:
    """Return how many of these the city lets out in an hour."""
    city = the_outbound()
    return {
        (What.TEXT, Scope.CITY): city.texts_an_hour,
        (What.TEXT, Scope.BLOCK): city.texts_a_block,
        (What.TEXT, Scope.NETWORK): city.texts_a_network,
        (What.CALL, Scope.CITY): city.calls_an_hour,
        (What.CALL, Scope.BLOCK): city.calls_a_block,
    }[what, scope]


@jobs.periodic(name="people.limits.forget", queue="people", cron="41 18 * * *")
def forget(timestamp: int) -> None:
    """Delete the counts of long ago, once a night."""
    OutboundCount.objects.filter(hour__lt=now() - KEPT_FOR).delete()


def _locked(what: What, names: Sequence[Name], *, hour: datetime) -> dict[Name, int]:
    """Return how often each was used in this hour; its row is made if new, and locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_outboundcount AS c (what, scope, name, hour, used, held)"
            " SELECT %s, n.scope, n.name, %s, 0, 0 FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY"
            " AS n (scope, name, place) ORDER BY n.place"
            " ON CONFLICT (what, scope, name, hour) DO UPDATE SET used = c.used RETURNING scope, name, used",
            [str(what), hour, [str(scope) for scope, _ in names], [name for _, name in names]],
        )
        return {(Scope(scope), name): used for scope, name, used in cursor.fetchall()}


def _write(what: What, names: Sequence[Name], used: dict[Name, int], held: dict[Name, int], *, hour: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_outboundcount AS c SET used = n.used, held = c.held + n.held"
            " FROM unnest(%s::text[], %s::text[], %s::int[], %s::int[]) AS n (scope, name, used, held)"
            " WHERE c.what = %s AND c.hour = %s AND c.scope = n.scope AND c.name = n.name",
            [[str(scope) for scope, _ in names], [name for _, name in names],
             [used[name] for name in names], [held[name] for name in names], str(what), hour],
        )  # fmt: skip
