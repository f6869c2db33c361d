"""What proves that somebody is the citizen of a case: a signed link, the phone on it, or code + last four digits."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Literal

from django.db import connection, transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from tongdai.platform.clock import now

from .models import Case, CodeTry

TRIES_A_CODE, LOCKED_FOR = 5, timedelta(hours=1)  # PRODUCT.md, "Who may see what"
LOOKUPS_A_NETWORK = 30  # wrong ones, in the same hour

Verdict = Literal["right", "wrong", "locked"]


def link_token(code: str) -> str:
    """Twelve letters (72 bits) that open the whole case: short, for a text has 160 places."""
    digest = salted_hmac("tongdai.cases.link", code, algorithm="sha256").digest()[:9]
    return base64.urlsafe_b64encode(digest).decode()


def opens(code: str, token: str) -> bool:
    """True if the token is the code's own."""
    return constant_time_compare(link_token(code), token)


def network_of(address: str) -> str:
    """A keyed digest of the caller's address, so that limits need no list of addresses."""
    return salted_hmac("tongdai.cases.network", address, algorithm="sha256").hexdigest()[:32]


def last_four(code: str, digits: str, *, network: str) -> Verdict:
    """Try the last four digits of the phone on the case. Five wrong ones lock the code for an hour.

    A code that isn't there is answered "wrong" like any other, so that guessing tells nothing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_lock(code)])
        since = now() - LOCKED_FOR
        if CodeTry.objects.filter(code=code, tried_at__gt=since).count() >= TRIES_A_CODE:
            return "locked"
        if CodeTry.objects.filter(network=network, tried_at__gt=since).count() >= LOOKUPS_A_NETWORK:
            return "locked"
        case = Case.objects.select_related("contact").filter(code=code).first()
        phone = case.contact.phone if case and case.contact else ""
        if len(digits) == 4 and phone and constant_time_compare(phone[-4:], digits):
            return "right"
        CodeTry.objects.create(code=code, network=network, tried_at=now())
        return "wrong"


def asks_too_often(network: str) -> bool:
    """Whether this network has tried so many wrong codes or digits in the last hour that it must wait."""
    since = now() - LOCKED_FOR
    return CodeTry.objects.filter(network=network, tried_at__gt=since).count() >= LOOKUPS_A_NETWORK


def note_wrong_code(network: str) -> None:
    """Somebody asked for a code that isn't there. Kept under no code, so that it locks none."""
    CodeTry.objects.create(code="", network=network, tried_at=now())


def _lock(code: str) -> int:
    """Tries of one code come one after another; the lock's name is a signed 64-bit number."""
    return int.from_bytes(hashlib.sha256(b"try" + code.encode()).digest()[:8], "big", signed=True)
