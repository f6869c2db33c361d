"""Browsers that have been signed in with before: what strangers guess elsewhere, even from the same network, never locks them.

After OWASP's "device cookies": a signed cookie holds a random number for each account that has been signed in with here.
It opens nothing; it only counts this browser's tries apart from everybody else's.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from tongdai.platform.web.client_network import network_of

from ..models import User
from .throttle import Bucket, account_of

COOKIE, SALT = "device", "tongdai.accounts.devices"
ONE_YEAR = 365 * 24 * 3600
MOST = 12  # accounts of one browser: a desk that several shifts share


def bucket_of(request: HttpRequest, name: str, *, guess: str = "") -> Bucket:
    """Whose tries this one is counted with. `guess`: what is guessed at, where it isn't the password."""
    account = account_of(name)
    number = _known(request).get(_digest(account))
    return Bucket(f"{guess}{account}"[:60], f"may:{number}" if number else network_of(request))


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """This person has signed in with this browser."""
    known, mine = _known(request), _digest(account_of(user.username))
    number = known.pop(mine, "") or secrets.token_hex(12)
    latest = dict(list(known.items())[-MOST + 1 :]) | {mine: number}
    response.set_cookie(
        COOKIE, signing.dumps(latest, salt=SALT), max_age=ONE_YEAR, path=settings.STAFF_PATH,
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip


def _known(request: HttpRequest) -> dict[str, str]:
    try:
        found: dict[str, str] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=ONE_YEAR)
    except signing.BadSignature:
        return {}
    return found


def _digest(account: str) -> str:
    return salted_hmac(SALT, account, algorithm="sha256").hexdigest()[:16]
