"""Let a member of staff in, and keep guessers out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.db.models import QuerySet

from tongdai.platform.vietnamese import clean

from .models import SignInTry, User

TRIES, NETWORK_TRIES, LOCKED_FOR = 5, 50, timedelta(minutes=15)


class Refused(Exception):
    """Nobody was let in. `until`: no further try counts before then; None if the name or password was wrong.

    `left`: how many tries are left before the door is locked. `demo`: a published password, from another machine.
    """

    def __init__(self, *, until: datetime | None = None, left: int = 0, demo: bool = False) -> None:
        super().__init__("locked" if until else "demo" if demo else "wrong")
        self.until, self.left, self.demo = until, left, demo


def sign_in(*, username: str, password: str, network: str, loopback: bool, at: datetime) -> User:
    """The member of staff with this name and password.

    Five wrong tries lock a name for this network for a quarter of an hour, fifty lock the network: an attacker far
    away can't lock a clerk out of her own office. `network` is a keyed digest, never an address.

    Raises:
        Refused: wrong name or password, too many tries, or a demo password from off this machine.
    """
    name = clean(username).strip().lower()[:60]
    _check_tries(name, network=network, at=at)
    user = authenticate(username=clean(username).strip(), password=password)
    if not isinstance(user, User):
        SignInTry.objects.create(username=name, network=network, tried_at=at)
        _check_tries(name, network=network, at=at)
        raise Refused(left=TRIES - _tries(network, at=at).filter(username=name).count())
    if user.demo and not loopback:
        raise Refused(demo=True)
    _tries(network, at=at).filter(username=name).delete()
    return user


def _tries(network: str, *, at: datetime) -> QuerySet[SignInTry]:
    return SignInTry.objects.filter(network=network, tried_at__gt=at - LOCKED_FOR).order_by("-tried_at")


def _check_tries(name: str, *, network: str, at: datetime) -> None:
    for tries, most in ((_tries(network, at=at).filter(username=name), TRIES), (_tries(network, at=at), NETWORK_TRIES)):
        times = list(tries.values_list("tried_at", flat=True)[:most])
        if len(times) == most:
            raise Refused(until=times[-1] + LOCKED_FOR)
