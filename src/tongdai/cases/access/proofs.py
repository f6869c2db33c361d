"""What proves that somebody is the citizen of a case: the number on it, once proven; the code and its last four digits, or a PIN.

Links and browsers have rows of their own (`links`); how a typed number is proven: `one_time`.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Literal

from django.db import connection, transaction
from django.utils.crypto import constant_time_compare

from tongdai.platform.clock import midnight, now

from ..models import Case, CodeTry
from . import pins

TRIES_A_CODE, LOCKED_FOR = 5, timedelta(hours=1)  # of one network, at one code (docs/personal-data.md)
TRIES_A_DAY = 20  # at one code, from anywhere
LOOKUPS_A_NETWORK = 30  # wrong ones, in the same hour

Verdict = Literal["right", "wrong", "locked", "retired"]


def is_number_of(case: Case, phone: str | None) -> bool:
    """Say whether this number (E.164), which speaks to us just now, is the case's own and proven for it."""
    return (
        bool(phone) and case.number_proven_at is not None and case.contact is not None and case.contact.phone == phone
    )


def try_digits(code: str, digits: str, *, network: str) -> Verdict:
    """Try the last four digits of the proven number on the case, or the PIN (`pins`) of one without a number.

    Five wrong tries lock this network out of the code for an hour; twenty in a day, from wherever, retire the digits
    until tomorrow. A code that isn't there, a number that isn't proven and a case without a PIN are answered "wrong" like
    any other, so that guessing tells nothing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_lock(code)])
        at = now()
        tries = CodeTry.objects.filter(code=code)
        if tries.filter(tried_at__gte=midnight(at)).count() >= TRIES_A_DAY:
            return "retired"
        if tries.filter(network=network, tried_at__gt=at - LOCKED_FOR).count() >= TRIES_A_CODE:
            return "locked"
        if asks_too_often(network):
            return "locked"
        if pins.is_pin_of(code, digits) if len(digits) == pins.DIGITS else _are_last_four(code, digits):
            return "right"
        CodeTry.objects.create(code=code, network=network, tried_at=at)
        return "wrong"


def _are_last_four(code: str, digits: str) -> bool:
    case = Case.objects.select_related("contact").filter(code=code, number_proven_at__isnull=False).first()
    phone = case.contact.phone if case and case.contact else ""
    return len(digits) == 4 and bool(phone) and constant_time_compare(phone[-4:], digits)


def again_in(verdict: Verdict) -> int:
    """Return the seconds until another try counts."""
    if verdict == "retired":
        return int((midnight(now() + timedelta(days=1)) - now()).total_seconds())
    return int(LOCKED_FOR.total_seconds())


def asks_too_often(network: str) -> bool:
    """Say whether this network has tried so many wrong codes or digits in the last hour that it must wait."""
    since = now() - LOCKED_FOR
    return CodeTry.objects.filter(network=network, tried_at__gt=since).count() >= LOOKUPS_A_NETWORK


def note_wrong_code(network: str) -> None:
    """Note that somebody asked for a code that isn't there. It is kept under no code, so that it locks none."""
    CodeTry.objects.create(code="", network=network, tried_at=now())


def _lock(code: str) -> int:
    """Name the lock that lets tries of one code come one after another: a signed 64-bit number."""
    return int.from_bytes(hashlib.sha256(b"try" + code.encode()).digest()[:8], "big", signed=True)
