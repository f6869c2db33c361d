"""How often somebody may guess: five times a quarter of an hour, for one account from one origin together.

Counted in PostgreSQL before the guess is looked at, one after the other (an advisory lock), so that a hundred at once are
counted as a hundred. An account is never locked as a whole, nor a network: whoever guesses locks out themself alone, and a
browser that has been signed in with before is an origin of its own (devices.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from tongdai.language.text import clean

from ..models import SignInTry

TRIES, LOCKED_FOR = 5, timedelta(minutes=15)
KEPT_FOR = timedelta(days=1)


class Locked(Exception):
    """No further guess counts before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__("locked")
        self.until = until


@dataclass(frozen=True)
class Bucket:
    """Whose tries are counted together. `account`: what is guessed at; `origin`: a keyed digest, never an address."""

    account: str
    origin: str

    def tries(self, *, at: datetime) -> QuerySet[SignInTry]:
        """Those that count, the latest first."""
        counted = SignInTry.objects.filter(network=self.origin, username=self.account, tried_at__gt=at - LOCKED_FOR)
        return counted.order_by("-tried_at")


def account_of(name: str) -> str:
    """A user name as it is counted, however it was typed."""
    return clean(name).strip().casefold()[:60]


def take(bucket: Bucket, *, at: datetime) -> int:
    """Count one try, before its answer is known; how many are left after it.

    Raises:
        Locked: there were too many.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 1022))", [f"{bucket.account}|{bucket.origin}"]
            )
        times = list(bucket.tries(at=at).values_list("tried_at", flat=True)[:TRIES])
        if len(times) == TRIES:
            raise Locked(times[-1] + LOCKED_FOR)
        SignInTry.objects.create(username=bucket.account, network=bucket.origin, tried_at=at)
    return TRIES - len(times) - 1


def clear(bucket: Bucket) -> None:
    """It was right: nothing is held against this account from there."""
    SignInTry.objects.filter(network=bucket.origin, username=bucket.account).delete()


def opens_at(bucket: Bucket, *, at: datetime) -> datetime | None:
    """When the next try counts; None: now."""
    times = list(bucket.tries(at=at).values_list("tried_at", flat=True)[:TRIES])
    return times[-1] + LOCKED_FOR if len(times) == TRIES else None


def forget_old(*, at: datetime) -> int:
    """Tries that count no more."""
    return SignInTry.objects.filter(tried_at__lt=at - KEPT_FOR).delete()[0]
